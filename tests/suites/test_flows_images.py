"""The oracles of the lab `images`, each against a third way: scipy, torch's layers, closed forms,
and all of them together against the Jacobian of a whole flow.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.special
import scipy.stats
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.checks.suite import oracles

reference = SimpleNamespace(**oracles("flows"))

CONTRACT = {
    "dequantise": "levels u",
    "logit_transform": "y alpha",
    "logit_inverse": "x alpha",
    "bits_per_dim": "log_prob shape",
    "squeeze": "x",
    "unsqueeze": "z",
    "coupling_masks": "n_channels height width step",
    "actnorm": "n_channels",
    "invertible_conv": "x weight",
    "invertible_conv_inverse": "z weight",
    "lu_weight": "permutation lower upper sign log_s",
    "split_prior": "x network",
    "merge_prior": "stays eps network temperature",
}


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(21)


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def uniform(*shape: int) -> Tensor:
    return torch.rand(*shape, dtype=torch.float64)


def agree(actual: Any, expected: Any, rtol: float = 1e-9, atol: float = 1e-10) -> None:
    mine = np.asarray(actual.detach() if isinstance(actual, Tensor) else actual)
    theirs = np.asarray(expected.detach() if isinstance(expected, Tensor) else expected)
    assert mine.shape == theirs.shape
    np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=atol)


def slopes(function: Callable[..., Any], *inputs: Tensor) -> None:
    """Autograd's gradients of the oracle are those of central differences."""
    assert torch.autograd.gradcheck(
        function, tuple(x.detach().clone().requires_grad_() for x in inputs), eps=1e-6, atol=1e-5
    )


def small_network(half: int) -> nn.Module:
    """Weights far from zero, in float64."""
    network = nn.Sequential(nn.Conv2d(half, 2 * half, 3, padding=1), nn.Tanh()).double()
    for parameter in network.parameters():
        nn.init.normal_(parameter)
    return network


@pytest.mark.parametrize("name", CONTRACT)
def test_every_question_has_an_oracle_of_its_signature(name: str) -> None:
    assert list(inspect.signature(getattr(reference, name)).parameters) == CONTRACT[name].split()


def test_every_oracle_is_tested_here() -> None:
    assert set(re.findall(r"reference\.(\w+)", Path(__file__).read_text())) >= CONTRACT.keys()


def test_a_class_is_known_by_its_own_name_as_well() -> None:
    assert reference.ActNorm is reference.actnorm


def test_dequantise() -> None:
    levels, u = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16), uniform(1, 1, 16, 16)
    y = reference.dequantise(levels, u)
    agree(y, (levels.numpy().astype(float) + u.numpy()) / 256)
    assert torch.equal((256 * y).floor().to(torch.uint8), levels)
    slopes(lambda u: reference.dequantise(levels, u), u)


@pytest.mark.parametrize("alpha", [0.05, 0.3, 1e-6])
def test_logit_transform(alpha: float) -> None:
    y = torch.cat([uniform(3, 5), torch.tensor([[0.0, 1.0, 0.5, 0.0, 1.0]])]).double()
    x, log_det = reference.logit_transform(y, alpha)
    p = alpha + (1 - 2 * alpha) * y.numpy()
    agree(x, scipy.special.logit(p), rtol=1e-8)
    density = scipy.stats.logistic.pdf(scipy.special.logit(p)) / (1 - 2 * alpha)
    agree(log_det, -np.log(density).sum(1), rtol=1e-8)  # dx/dy = (1 - 2 alpha) / pdf(x)
    agree(reference.logit_inverse(x, alpha), y, atol=1e-9)
    if alpha > 1e-3:
        slopes(lambda y: reference.logit_transform(y, alpha), y[:3])
        slopes(lambda x: reference.logit_inverse(x, alpha), x)


def test_logit_inverse_far_away() -> None:
    x = torch.tensor([1e4, -1e4, 3.0], dtype=torch.float64)
    agree(reference.logit_inverse(x, 0.1), (scipy.special.expit(x.numpy()) - 0.1) / 0.8)


def test_bits_per_dim_is_the_entropy_of_a_known_distribution() -> None:
    p = torch.softmax(normal(256), 0)
    log_prob = (256 * p).log()  # the density on each level's interval
    bits = reference.bits_per_dim(log_prob, (1,))
    agree((p * bits).sum(), scipy.stats.entropy(p.numpy(), base=2))
    agree(reference.bits_per_dim(torch.zeros(2).double(), (1, 28, 28)), [8.0, 8.0])
    agree(reference.bits_per_dim(3 * log_prob, (3, 1)), bits)


@pytest.mark.parametrize("shape", [(2, 1, 4, 4), (3, 3, 6, 2), (1, 2, 2, 8)])
def test_squeeze_and_unsqueeze(shape: tuple[int, ...]) -> None:
    x = normal(*shape)
    assert torch.equal(reference.squeeze(x), F.pixel_unshuffle(x, 2))
    assert torch.equal(reference.unsqueeze(F.pixel_unshuffle(x, 2)), x)
    for function, wrong in (
        (reference.squeeze, normal(1, 1, 3, 2)),
        (reference.squeeze, normal(1, 1, 2, 5)),
        (reference.unsqueeze, normal(1, 6, 2, 2)),
    ):
        with pytest.raises(ValueError):
            function(wrong)


@pytest.mark.parametrize(("n", "height", "width"), [(4, 3, 5), (5, 4, 4), (1, 1, 1)])
def test_coupling_masks(n: int, height: int, width: int) -> None:
    board = np.indices((height, width)).sum(0) % 2
    for step in range(5):
        checkerboard, channels = reference.coupling_masks(n, height, width, step)
        assert checkerboard.dtype == channels.dtype == torch.bool
        assert np.array_equal(checkerboard.numpy(), board == step % 2)
        first = np.arange(n) < math.ceil(n / 2)
        assert np.array_equal(channels.numpy(), first if step % 2 == 0 else ~first)


def test_actnorm_does_what_batch_norm_does_to_the_first_batch() -> None:
    x = normal(6, 3, 4, 5) * torch.tensor([0.5, 2.0, 7.0])[:, None, None] + 3
    layer = reference.ActNorm(3).double()
    z, log_det = layer(x)
    agree(z, F.batch_norm(x, None, None, training=True, eps=1e-12), atol=1e-5)
    agree(log_det, np.full(6, -20 * np.log(x.numpy().std((0, 2, 3)) + 1e-6).sum()))
    agree(layer.inverse(z), x)
    agree(layer(2 * x)[0][:, :, 0, 0], 2 * z[:, :, 0, 0] - layer(0 * x)[0][:, :, 0, 0], atol=1e-8)
    other = reference.ActNorm(3).double()
    other.load_state_dict(layer.state_dict())
    agree(other(5 * x)[0], layer(5 * x)[0])
    assert torch.equal(reference.ActNorm(3).double().eval()(x)[0], x)
    slopes(layer, x[:1, :, :1, :2])


@pytest.mark.parametrize("size", [1, 2, 5])
def test_invertible_conv(size: int) -> None:
    x, weight = normal(2, size, 3, 4), normal(size, size)
    z, log_det = reference.invertible_conv(x, weight)
    agree(z, F.conv2d(x, weight[:, :, None, None]))
    agree(log_det, np.full(2, 12 * np.log(abs(scipy.linalg.det(weight.numpy())))))
    agree(reference.invertible_conv_inverse(z, weight), x)
    slopes(reference.invertible_conv, x, weight)
    slopes(reference.invertible_conv_inverse, z, weight)
    _, tiny = reference.invertible_conv(x, 1e-200 * weight)
    agree(tiny, log_det + 12 * size * math.log(1e-200))


def test_lu_weight_rebuilds_a_matrix_from_its_decomposition() -> None:
    matrix = normal(5, 5).numpy()
    permutation, lower, upper = map(torch.from_numpy, scipy.linalg.lu(matrix))
    diagonal = upper.diagonal()
    given = permutation, lower, upper, diagonal.sign(), diagonal.abs().log()
    weight, log_abs_det = reference.lu_weight(*given)
    agree(weight, matrix)
    agree(log_abs_det, np.log(abs(scipy.linalg.det(matrix))))
    slopes(
        lambda *parts: reference.lu_weight(permutation, *parts[:2], given[3], parts[2]),
        *given[1:3],
        given[4],
    )


def test_split_and_merge() -> None:
    x, network = normal(3, 4, 2, 5), small_network(2)
    stays, eps, log_prob = reference.split_prior(x, network)
    mean, log_std = network(x[:, :2]).detach().numpy().reshape(3, 2, 2, 2, 5).swapaxes(0, 1)
    density = scipy.stats.norm(mean, np.exp(log_std)).logpdf(x[:, 2:].numpy())
    agree(log_prob, density.sum((1, 2, 3)))
    agree(reference.merge_prior(stays, eps, network), x)
    agree(reference.merge_prior(stays, eps, network, 0.0)[:, 2:], mean)
    slopes(lambda x: reference.split_prior(x, network), x[:1])
    slopes(lambda s, e: reference.merge_prior(s, e, network, 0.7), stays[:1], eps[:1])
    with pytest.raises(ValueError):
        reference.split_prior(normal(1, 3, 2, 2), network)


def test_all_layers_together_have_the_log_determinant_of_the_whole_flow() -> None:
    """Logit, squeeze, actnorm, 1x1 convolution and split: log p(y) of the parts is log N of all
    latents plus the log-determinant of the map from y to all of them.
    """
    weight, network = normal(4, 4), small_network(2)
    norm = reference.ActNorm(4).double()
    y = uniform(3, 1, 4, 2)

    def flow(y: Tensor) -> tuple[Tensor, Tensor]:
        x, log_prob = reference.logit_transform(y)
        z, log_det = norm(reference.squeeze(x))
        z, of_conv = reference.invertible_conv(z, weight)
        stays, eps, of_split = reference.split_prior(z, network)
        log_prob = log_prob + log_det + of_conv + of_split
        log_prob = log_prob - 0.5 * (stays.square() + math.log(2 * math.pi)).flatten(1).sum(1)
        return torch.cat([stays, eps], dim=1).flatten(1), log_prob

    latents, log_prob = flow(y)
    for i in range(3):
        one = y[i : i + 1]
        jacobian = torch.autograd.functional.jacobian(lambda y: flow(y)[0], one).reshape(8, 8)
        of_latents = scipy.stats.norm.logpdf(latents[i].detach().numpy()).sum()
        agree(log_prob[i], of_latents + np.linalg.slogdet(jacobian.numpy())[1])
