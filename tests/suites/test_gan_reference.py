"""The oracles of the GAN assignment, each against a third way: scipy, torch's layers, closed forms,
finite differences, exact numbers.
"""

from __future__ import annotations

import copy
import inspect
import math
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize
import scipy.spatial.distance
import scipy.special
import scipy.stats
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.checks.suite import oracles

reference = SimpleNamespace(**oracles("gan"))

CONTRACT = {
    "discriminator_loss": "real_logits fake_logits",
    "generator_loss_minimax": "fake_logits",
    "generator_loss_nonsaturating": "fake_logits",
    "discriminator_loss_ls": "real_output fake_output",
    "generator_loss_ls": "fake_output",
    "optimal_discriminator": "p_data p_g",
    "gan_value": "p_data p_g d",
    "jensen_shannon": "p q",
    "discriminator_step": "generator discriminator optimizer x z loss",
    "generator_step": "generator discriminator optimizer z loss",
    "build_generator": "n_latent width image_size n_channels",
    "build_discriminator": "width image_size n_channels",
    "condition_codes": "z labels n_classes",
    "condition_images": "x labels n_classes",
    "critic_loss": "real_scores fake_scores",
    "wgan_generator_loss": "fake_scores",
    "wgan_clip_step": "critic optimizer real fake clip",
    "gradient_penalty": "critic real fake alpha",
    "zero_centered_penalty": "discriminator x gamma",
    "earth_mover_1d": "x y",
    "spectral_normalize": "weight u n_iterations",
    "dirac_vector_field": "theta phi kind gamma",
    "dirac_eigenvalues": "kind gamma",
    "dirac_trajectory": "theta phi kind step_size n_steps gamma alternating n_critic clip",
    "feature_matching_loss": "real_features fake_features",
    "minibatch_features": "features T",
    "ebgan_discriminator_loss": "real_energy fake_energy margin",
    "began_update": "real_error fake_error k gamma lambda_k",
    "vdb_penalty": "mu_real logvar_real mu_fake logvar_fake beta i_c step_size",
    "diversity_kernel": "features",
    "gdpp_magnitude_loss": "kernel_real kernel_fake",
    "gdpp_structure_loss": "kernel_real kernel_fake",
    "adain": "x scale bias eps",
    "map_to_style": "z weights biases",
    "demodulate": "weight style eps",
    "fade_in": "low high alpha",
    "self_attention": "x query key value output gamma",
    "gaussian_transport": "mean_1 cov_1 mean_2 cov_2",
    "invert": "generator x z_init n_steps lr",
    "invert_with_restarts": "generator x z_inits search",
    "attribute_direction": "codes has",
    "error_by_attribute": "error attributes",
}


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20)


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def uniform(*shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
    return low + (high - low) * torch.rand(*shape, dtype=torch.float64)


def densities(n: int, *zeros: int) -> Tensor:
    p = uniform(n, low=0.1)
    p[list(zeros)] = 0.0
    return p / p.sum()


def agree(actual: Any, expected: Any, rtol: float = 1e-9, atol: float = 1e-10) -> None:
    """The same shape and values, whatever arrays or numbers they come as."""
    mine = np.asarray(actual.detach() if isinstance(actual, Tensor) else actual)
    theirs = np.asarray(expected.detach() if isinstance(expected, Tensor) else expected)
    assert mine.shape == theirs.shape
    np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=atol)


def slopes(function: Callable[..., Tensor], *inputs: Tensor) -> None:
    """Autograd's gradients of the oracle are those of central differences."""
    assert torch.autograd.gradcheck(
        function, tuple(x.detach().clone().requires_grad_() for x in inputs), eps=1e-6, atol=1e-5
    )


@pytest.mark.parametrize("name", CONTRACT)
def test_every_question_has_an_oracle_of_its_signature(name: str) -> None:
    assert list(inspect.signature(getattr(reference, name)).parameters) == CONTRACT[name].split()


def test_every_oracle_is_tested_here() -> None:
    assert set(re.findall(r"reference\.(\w+)", Path(__file__).read_text())) >= CONTRACT.keys()


# The game and its losses

LOGITS = [0.3, -2.0, 40.0, -40.0, 100.0, -100.0, 1e4, -1e4]


def test_discriminator_loss() -> None:
    real, fake = 3 * normal(5, 2), 3 * normal(7)
    coin = torch.distributions.Bernoulli
    expected = (
        -coin(logits=real).log_prob(torch.ones_like(real)).mean()
        - coin(logits=fake).log_prob(torch.zeros_like(fake)).mean()
    )
    agree(reference.discriminator_loss(real, fake), expected)
    for logit in LOGITS:
        value = reference.discriminator_loss(
            torch.tensor([logit], dtype=torch.float64), torch.tensor([1.5], dtype=torch.float64)
        )
        agree(value, -scipy.special.log_expit(logit) - scipy.special.log_expit(-1.5))
    slopes(reference.discriminator_loss, real, fake)


@pytest.mark.parametrize("logit", LOGITS)
def test_generator_losses_at_extremes(logit: float) -> None:
    fake = torch.tensor([logit, 0.5], dtype=torch.float64, requires_grad=True)
    pair = fake.detach().numpy()
    minimax = reference.generator_loss_minimax(fake)
    agree(minimax, scipy.special.log_expit(-pair).mean())
    agree(torch.autograd.grad(minimax, fake)[0], -scipy.special.expit(pair) / 2, atol=0)
    nonsaturating = reference.generator_loss_nonsaturating(fake)
    agree(nonsaturating, -scipy.special.log_expit(pair).mean())
    agree(torch.autograd.grad(nonsaturating, fake)[0], -scipy.special.expit(-pair) / 2, atol=0)


def test_generator_losses() -> None:
    fake = 2 * normal(6, 1)
    agree(reference.generator_loss_minimax(fake), torch.log1p(-fake.sigmoid()).mean())
    agree(
        reference.generator_loss_nonsaturating(fake),
        F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake)),
    )


def test_least_squares_losses() -> None:
    real, fake = torch.tensor([[2.0], [3.0], [-1.0]]), torch.tensor([4.0, 1.0])
    agree(
        reference.discriminator_loss_ls(real, fake),
        float(Fraction(1 + 4 + 4, 3) / 2 + Fraction(16 + 1, 2) / 2),
        rtol=1e-6,
    )
    agree(reference.generator_loss_ls(fake), float(Fraction(9 + 0, 2) / 2), rtol=1e-6)
    real, fake = normal(5), normal(4, 2)
    expected = (
        F.mse_loss(real, torch.ones_like(real)) / 2 + F.mse_loss(fake, torch.zeros_like(fake)) / 2
    )
    agree(reference.discriminator_loss_ls(real, fake), expected)
    agree(reference.generator_loss_ls(fake), F.mse_loss(fake, torch.ones_like(fake)) / 2)
    slopes(reference.discriminator_loss_ls, real, fake)
    slopes(reference.generator_loss_ls, fake)


def test_optimal_discriminator() -> None:
    p, q = torch.tensor([0.5, 0.25, 0.25, 0.0, 0.0]), torch.tensor([0.125, 0.25, 0.0, 0.625, 0.0])
    agree(
        reference.optimal_discriminator(p, q),
        [float(Fraction(4, 5)), 0.5, 1.0, 0.0, 0.5],
        rtol=1e-6,
    )
    p, q = densities(6), densities(6)
    found = [
        scipy.optimize.minimize_scalar(
            lambda d, a=a, b=b: -a * math.log(d) - b * math.log(1 - d),
            bounds=(1e-9, 1 - 1e-9),
            method="bounded",
        ).x
        for a, b in zip(p.tolist(), q.tolist(), strict=True)
    ]
    agree(reference.optimal_discriminator(p, q), found, atol=1e-4)


def test_gan_value() -> None:
    p, q, d = densities(6, 1, 4), densities(6, 2, 4), uniform(6)
    a, b, c = p.numpy(), q.numpy(), d.numpy()
    agree(
        reference.gan_value(p, q, d),
        (scipy.special.xlogy(a, c) + scipy.special.xlog1py(b, -c)).sum(),
    )
    certain = torch.tensor([1.0, 0.0], dtype=torch.float64)
    agree(reference.gan_value(certain, 1 - certain, certain), 0.0)
    divergence = scipy.spatial.distance.jensenshannon(a, b) ** 2
    agree(
        reference.gan_value(p, q, reference.optimal_discriminator(p, q)),
        2 * divergence - math.log(4),
    )  # Goodfellow et al. 2014


def test_jensen_shannon() -> None:
    for p, q in (
        (densities(7), densities(7)),
        (densities(7, 0, 3), densities(7, 3, 5)),
        (densities(4), densities(4)),
    ):
        agree(
            reference.jensen_shannon(p, q),
            scipy.spatial.distance.jensenshannon(p.numpy(), q.numpy()) ** 2,
        )
    agree(
        reference.jensen_shannon(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])),
        math.log(2),
        rtol=1e-6,
    )
    p = densities(5, 2)
    agree(reference.jensen_shannon(p, p), 0.0)
    slopes(reference.jensen_shannon, densities(5), densities(5))


def players() -> tuple[nn.Module, nn.Module]:
    generator = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double()
    discriminator = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 1)).double()
    return generator, discriminator


def numeric_gradients(
    module: nn.Module, loss: Callable[[], Tensor], h: float = 1e-6
) -> list[Tensor]:
    """Central differences in each parameter of the module."""
    gradients = []
    for parameter in module.parameters():
        gradient = torch.zeros_like(parameter)
        for index in np.ndindex(*parameter.shape):
            old = float(parameter.data[index])
            values = []
            for moved in (old + h, old - h):
                parameter.data[index] = moved
                values.append(float(loss().detach()))
            parameter.data[index] = old
            gradient[index] = (values[0] - values[1]) / (2 * h)
        gradients.append(gradient.detach())
    return gradients


def test_discriminator_step() -> None:
    generator, discriminator = players()
    x, z = normal(6, 2), normal(5, 3)

    def loss(real: Tensor, fake: Tensor) -> Tensor:
        return F.softplus(-real).mean() + F.softplus(fake).mean() + 0.1 * real.mean() * fake.mean()

    before, before_g = copy.deepcopy(discriminator), copy.deepcopy(generator)
    gradients = numeric_gradients(
        discriminator, lambda: loss(discriminator(x), discriminator(generator(z)))
    )
    discriminator(x).sum().backward()  # a leftover
    value = reference.discriminator_step(
        generator, discriminator, torch.optim.SGD(discriminator.parameters(), lr=0.2), x, z, loss
    )
    agree(value, loss(before(x), before(generator(z))))
    assert not value.requires_grad
    for new, old, gradient in zip(
        discriminator.parameters(), before.parameters(), gradients, strict=True
    ):
        agree(new, old - 0.2 * gradient, atol=1e-7)
    assert all(parameter.grad is None for parameter in generator.parameters())
    for new, old in zip(generator.parameters(), before_g.parameters(), strict=True):
        assert torch.equal(new, old)


def test_generator_step() -> None:
    generator, discriminator = players()
    z = normal(5, 3)

    def loss(fake: Tensor) -> Tensor:
        return F.softplus(-fake).mean()

    before, before_d = copy.deepcopy(generator), copy.deepcopy(discriminator)
    gradients = numeric_gradients(generator, lambda: loss(discriminator(generator(z))))
    generator(z).sum().backward()  # a leftover
    value = reference.generator_step(
        generator, discriminator, torch.optim.SGD(generator.parameters(), lr=0.3), z, loss
    )
    agree(value, loss(before_d(before(z))))
    assert not value.requires_grad
    for new, old, gradient in zip(
        generator.parameters(), before.parameters(), gradients, strict=True
    ):
        agree(new, old - 0.3 * gradient, atol=1e-7)
    for new, old in zip(discriminator.parameters(), before_d.parameters(), strict=True):
        assert torch.equal(new, old)


# DCGAN and conditioning


def outputs(module: nn.Module, x: Tensor, *kinds: type) -> list[tuple[int, ...]]:
    """The shapes that the layers of these kinds give for the input x, in order."""
    shapes: list[tuple[int, ...]] = []
    for layer in module.modules():
        if isinstance(layer, kinds):
            layer.register_forward_hook(
                lambda _module, _inputs, output: shapes.append(tuple(output.shape))
            )
    module(x)
    return shapes


@pytest.mark.parametrize(("size", "grids"), [(28, [7, 14, 28]), (64, [4, 8, 16, 32, 64])])
@pytest.mark.parametrize("n_channels", [1, 3])
def test_build_generator(size: int, grids: list[int], n_channels: int) -> None:
    generator = reference.build_generator(9, 4, size, n_channels)
    images = generator(torch.randn(3, 9))
    assert images.shape == (3, n_channels, size, size) and images.abs().max() <= 1
    norms = outputs(generator, torch.randn(3, 9), nn.BatchNorm2d)
    channels = [4 * 2 ** (len(grids) - 2 - i) for i in range(len(grids) - 1)]
    assert norms == [(3, c, g, g) for c, g in zip(channels, grids, strict=False)]
    assert not any(isinstance(layer, nn.MaxPool2d | nn.AvgPool2d) for layer in generator.modules())


@pytest.mark.parametrize(("size", "grids"), [(28, [14, 7]), (64, [32, 16, 8, 4])])
@pytest.mark.parametrize("n_channels", [1, 5])
def test_build_discriminator(size: int, grids: list[int], n_channels: int) -> None:
    discriminator = reference.build_discriminator(6, size, n_channels)
    x = torch.randn(2, n_channels, size, size)
    assert discriminator(x).shape == (2,)
    shapes = [(2, 6 * 2**i, g, g) for i, g in enumerate(grids)]
    assert (
        outputs(reference.build_discriminator(6, size, n_channels), x, nn.Conv2d)[: len(grids)]
        == shapes
    )
    assert (
        outputs(reference.build_discriminator(6, size, n_channels), x, nn.BatchNorm2d) == shapes[1:]
    )


def test_condition_codes() -> None:
    z, labels, attributes = normal(5, 3), torch.tensor([2, 0, 3, 3, 1]), uniform(5, 4)
    agree(reference.condition_codes(z, labels, 4), torch.cat([z, F.one_hot(labels, 4).double()], 1))
    agree(reference.condition_codes(z, attributes, 4), torch.cat([z, attributes], 1))


def test_condition_images() -> None:
    x, labels, attributes = normal(3, 2, 4, 5), torch.tensor([1, 0, 2]), uniform(3, 3)
    for given, rows in ((labels, F.one_hot(labels, 3).double()), (attributes, attributes)):
        image = reference.condition_images(x, given, 3)
        agree(image[:, :2], x)
        agree(image[:, 2:], rows[:, :, None, None].expand(3, 3, 4, 5))


# Wasserstein critics and stabilisers


def test_wasserstein_losses() -> None:
    real, fake = torch.tensor([[1.0], [2.0], [6.0]]), torch.tensor([4.0, -1.0])
    agree(reference.critic_loss(real, fake), float(Fraction(3, 2) - 3), rtol=1e-6)
    agree(reference.wgan_generator_loss(fake), -1.5, rtol=1e-6)
    slopes(reference.critic_loss, normal(4), normal(3, 2))
    slopes(reference.wgan_generator_loss, normal(3, 2))


def test_wgan_clip_step() -> None:
    critic = nn.Linear(3, 1).double()
    weight, bias = critic.weight.detach().numpy().copy(), critic.bias.detach().numpy().copy()
    real, source = normal(6, 3), nn.Linear(2, 3).double()
    fake = source(normal(4, 2))
    loss = reference.wgan_clip_step(
        critic, torch.optim.SGD(critic.parameters(), lr=0.3), real, fake, 0.4
    )
    direction = (fake.mean(0) - real.mean(0)).detach().numpy()
    agree(loss, float(weight[0] @ direction))
    assert not loss.requires_grad and source.weight.grad is None
    agree(critic.weight, np.clip(weight - 0.3 * direction, -0.4, 0.4))
    agree(critic.bias, np.clip(bias, -0.4, 0.4))


class Quadratic(nn.Module):
    """f(x) = x^T A x / 2 for a symmetric A = S + S^T, whose gradient is A x."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.S = nn.Parameter(normal(n, n))

    def forward(self, x: Tensor) -> Tensor:
        flat = x.flatten(1)
        return ((flat @ (self.S + self.S.T)) * flat).sum(1) / 2


def test_gradient_penalty() -> None:
    critic, real, fake, alpha = Quadratic(8), normal(5, 2, 4), normal(5, 2, 4), uniform(5)
    A = (critic.S + critic.S.T).detach().numpy()
    mixed = alpha[:, None, None] * real + (1 - alpha[:, None, None]) * fake
    norms = np.linalg.norm(mixed.flatten(1).numpy() @ A, axis=1)
    value = reference.gradient_penalty(critic, real, fake, alpha)
    agree(value, ((norms - 1) ** 2).mean())
    (slope,) = torch.autograd.grad(value, critic.S)
    (numeric,) = numeric_gradients(
        critic, lambda: reference.gradient_penalty(critic, real, fake, alpha)
    )
    agree(slope, numeric, atol=1e-5, rtol=1e-6)


def test_zero_centered_penalty() -> None:
    critic, x = Quadratic(6), normal(4, 6)
    A = (critic.S + critic.S.T).detach().numpy()
    value = reference.zero_centered_penalty(critic, x, 0.7)
    agree(value, 0.35 * (np.linalg.norm(x.numpy() @ A, axis=1) ** 2).mean())
    (slope,) = torch.autograd.grad(value, critic.S)
    (numeric,) = numeric_gradients(critic, lambda: reference.zero_centered_penalty(critic, x, 0.7))
    agree(slope, numeric, atol=1e-5, rtol=1e-6)
    leaf = x.clone().requires_grad_()
    assert torch.autograd.grad(
        reference.zero_centered_penalty(critic, 2 * leaf, 0.7), leaf, allow_unused=True
    ) == (None,)
    line = nn.Linear(3, 1).double()
    agree(reference.zero_centered_penalty(line, normal(4, 3), 2.0), line.weight.square().sum())


@pytest.mark.parametrize(("n", "m"), [(5, 5), (4, 7), (6, 9), (1, 3)])
def test_earth_mover_1d(n: int, m: int) -> None:
    x, y = normal(n), 2 * normal(m) + 0.5
    agree(reference.earth_mover_1d(x, y), scipy.stats.wasserstein_distance(x.numpy(), y.numpy()))
    slopes(reference.earth_mover_1d, x, y)


def test_spectral_normalize_converges_to_the_largest_singular_value() -> None:
    weight, u = normal(4, 3, 2, 2), normal(4)
    for mine, one in zip(
        reference.spectral_normalize(weight, u),
        reference.spectral_normalize(weight, u, 1),
        strict=True,
    ):
        agree(mine, one)
    normalised, left = reference.spectral_normalize(weight, u, n_iterations=400)
    agree(normalised, weight / scipy.linalg.svdvals(weight.flatten(1).numpy())[0])
    agree(abs(left @ torch.linalg.svd(weight.flatten(1)).U[:, 0]), 1.0)


@pytest.mark.parametrize("n_iterations", [1, 3])
def test_spectral_normalize_is_torchs_of_the_transpose(n_iterations: int) -> None:
    """torch updates u before v: the other way round for the transposed matrix."""
    weight, u = normal(4, 6), F.normalize(normal(4), dim=0)
    layer = nn.Linear(4, 6, bias=False).double()
    layer.weight.data.copy_(weight.T)
    torch.nn.utils.parametrizations.spectral_norm(layer, n_power_iterations=n_iterations)
    norm: Any = layer.parametrizations["weight"][0]
    norm._v.copy_(u)
    theirs = layer.weight
    mine = weight.clone().requires_grad_()
    normalised, new_u = reference.spectral_normalize(mine, u, n_iterations)
    agree(normalised, theirs.T)
    agree(new_u, norm._v)
    cotangent = normal(4, 6)
    (slope,) = torch.autograd.grad((normalised * cotangent).sum(), mine)
    (expected,) = torch.autograd.grad(
        (theirs.T * cotangent).sum(), layer.parametrizations["weight"].original
    )
    agree(slope, expected.T)


# The Dirac-GAN

KINDS = ["minimax", "nonsaturating", "wgan", "wgan-gp", "r1"]


def dirac_losses(theta: float, phi: float, kind: str, gamma: float) -> tuple[float, float]:
    """What G and D minimise, D being high on real data: E log D(0) + E log(1 - D(theta)) with D(x)
    = sigmoid(phi x).
    """
    if kind.startswith("wgan"):
        return -phi * theta, phi * theta - phi * 0.0 + (
            gamma * (abs(phi) - 1) ** 2 if kind == "wgan-gp" else 0.0
        )
    on_real, on_fake = scipy.special.expit(phi * 0.0), scipy.special.expit(phi * theta)
    d_loss = (
        -math.log(on_real) - math.log(1 - on_fake) + (gamma / 2 * phi**2 if kind == "r1" else 0.0)
    )
    return (math.log(1 - on_fake) if kind == "minimax" else -math.log(on_fake)), d_loss


@pytest.mark.parametrize("kind", KINDS)
def test_dirac_vector_field_is_descent_on_the_losses(kind: str) -> None:
    h, gamma = 1e-6, 0.7
    theta, phi = (
        torch.tensor([1.2, -0.4, 2.0, -1.5, 0.3]).double(),
        torch.tensor([0.6, 1.8, -1.1, -0.5, 2.2]).double(),
    )
    field = reference.dirac_vector_field(theta, phi, kind, gamma)
    for t, p, t_dot, p_dot in zip(
        theta.tolist(), phi.tolist(), *(direction.tolist() for direction in field), strict=True
    ):
        agree(
            t_dot,
            -(dirac_losses(t + h, p, kind, gamma)[0] - dirac_losses(t - h, p, kind, gamma)[0])
            / (2 * h),
            atol=1e-8,
            rtol=1e-6,
        )
        agree(
            p_dot,
            -(dirac_losses(t, p + h, kind, gamma)[1] - dirac_losses(t, p - h, kind, gamma)[1])
            / (2 * h),
            atol=1e-8,
            rtol=1e-6,
        )


@pytest.mark.parametrize("logit", [100.0, -100.0, 1e4, -1e4])
def test_dirac_vector_field_at_extremes(logit: float) -> None:
    theta, phi = (
        torch.tensor([4.0], dtype=torch.float64),
        torch.tensor([logit / 4], dtype=torch.float64),
    )
    up, down = scipy.special.expit(logit), scipy.special.expit(-logit)
    for kind, share in (("minimax", up), ("nonsaturating", down)):
        theta_dot, phi_dot = reference.dirac_vector_field(theta, phi, kind)
        agree(theta_dot, phi.numpy() * share)
        agree(phi_dot, -theta.numpy() * up)


@pytest.mark.parametrize(
    ("kind", "gamma"),
    [
        ("minimax", 0.0),
        ("nonsaturating", 0.0),
        ("wgan", 0.0),
        *[("r1", g) for g in (0.0, 0.3, 0.9, 1.2, 6.0)],
    ],
)
def test_dirac_eigenvalues_are_those_of_the_numeric_jacobian(kind: str, gamma: float) -> None:
    h, columns = 1e-5, []
    for direction in np.eye(2) * h:
        ahead, behind = (
            [
                float(d)
                for d in reference.dirac_vector_field(*torch.tensor(sign * direction), kind, gamma)
            ]
            for sign in (1, -1)
        )
        columns.append((np.array(ahead) - np.array(behind)) / (2 * h))
    expected = sorted(
        np.linalg.eigvals(np.stack(columns, 1)), key=lambda value: value.real + value.imag
    )
    agree(reference.dirac_eigenvalues(kind, gamma), np.array(expected), atol=1e-6, rtol=1e-6)


def test_dirac_defaults_and_graphs() -> None:
    theta, phi = normal(4), normal(4)
    for kind, plain in (("r1", "nonsaturating"), ("wgan-gp", "wgan")):
        for found, expected in zip(
            reference.dirac_vector_field(theta, phi, kind),
            reference.dirac_vector_field(theta, phi, plain),
            strict=True,
        ):
            agree(found, expected)
            assert not found.requires_grad
    for kind in KINDS:
        slopes(
            lambda t, p, kind=kind: torch.stack(reference.dirac_vector_field(t, p, kind, 0.4)),
            theta,
            phi,
        )


def test_dirac_kinds_without_an_answer_are_refused() -> None:
    with pytest.raises(ValueError, match="wgan-gp"):
        reference.dirac_eigenvalues("wgan-gp", 0.3)
    with pytest.raises(ValueError, match="hinge"):
        reference.dirac_vector_field(normal(2), normal(2), "hinge")


@pytest.mark.parametrize(("alternating", "n_critic"), [(False, 1), (True, 1), (True, 5)])
def test_dirac_trajectory_of_the_wgan_is_a_matrix_power(alternating: bool, n_critic: int) -> None:
    h = 0.1
    critic, generator = np.array([[1, 0], [-h, 1]]), np.array([[1, h], [0, 1]])
    together = np.array([[1, h], [-h, 1]])
    rounds = generator @ np.linalg.matrix_power(critic, n_critic) if alternating else together
    path = reference.dirac_trajectory(
        *torch.tensor([1.3, -0.4], dtype=torch.float64), "wgan", h, 60, 0.0, alternating, n_critic
    )
    agree(
        path,
        np.stack([np.linalg.matrix_power(rounds, n) @ np.array([1.3, -0.4]) for n in range(61)]),
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("alternating", "n_critic", "clip"),
    [(False, 1, None), (False, 3, 0.5), (True, 1, None), (True, 4, 0.5)],
)
def test_dirac_trajectory_is_two_optimizers(
    kind: str, alternating: bool, n_critic: int, clip: float | None
) -> None:
    theta, phi = (nn.Parameter(torch.tensor(value, dtype=torch.float64)) for value in (1.1, 0.8))
    expected = [[1.1, 0.8]]
    opt_g, opt_d = torch.optim.SGD([theta], lr=0.2), torch.optim.SGD([phi], lr=0.2)

    def gradients() -> None:
        field = reference.dirac_vector_field(theta.detach(), phi.detach(), kind, 0.3)
        theta.grad, phi.grad = -field[0], -field[1]

    def clipped() -> None:
        if clip is not None:
            phi.data.clamp_(-clip, clip)

    for _ in range(20):
        gradients()
        if alternating:
            for _ in range(n_critic):
                gradients()
                opt_d.step()
                clipped()
            gradients()
        else:
            opt_d.step()
            clipped()
        opt_g.step()
        expected.append([theta.item(), phi.item()])
    start = torch.tensor(1.1, dtype=torch.float64), torch.tensor(0.8, dtype=torch.float64)
    agree(
        reference.dirac_trajectory(*start, kind, 0.2, 20, 0.3, alternating, n_critic, clip),
        expected,
    )


def test_dirac_trajectories_end_where_the_text_says() -> None:
    ends = {
        (kind, alternating): reference.dirac_trajectory(
            1.0, 1.0, kind, 0.1, 4000, gamma, alternating
        ).norm(dim=1)[-200:]
        for kind, gamma in (("nonsaturating", 0.0), ("wgan-gp", 0.4), ("r1", 0.5))
        for alternating in (False, True)
    }
    agree(
        ends["nonsaturating", False], np.full(200, math.sqrt(0.2)), rtol=0.05
    )  # where h^2 r^2 / 4 = h r^4 / 8
    agree(
        ends["nonsaturating", True], np.full(200, math.sqrt(8 / 400)), rtol=0.1
    )  # dr^2/dt = -r^4 / 8
    assert min(ends["wgan-gp", False].min(), ends["wgan-gp", True].min()) > 1
    assert max(ends["r1", False].max(), ends["r1", True].max()) < 1e-6


# Variants: features, energies, the bottleneck


def test_feature_matching_loss() -> None:
    real, fake = normal(5, 3).requires_grad_(), normal(4, 3).requires_grad_()
    loss = reference.feature_matching_loss(real, fake)
    difference = (real.mean(0) - fake.mean(0)).detach().numpy()
    agree(loss, difference @ difference)
    loss.backward()
    assert real.grad is None or not real.grad.any()
    agree(fake.grad, np.tile(-2 * difference / 4, (4, 1)))


def test_minibatch_features() -> None:
    features, T = normal(5, 4), normal(4, 3, 2)
    M = torch.einsum("ba,akc->kbc", features, T)
    agree(reference.minibatch_features(features, T), torch.exp(-torch.cdist(M, M, p=1)).sum(2).T)
    slopes(reference.minibatch_features, features, T)


def test_ebgan_discriminator_loss() -> None:
    real, fake = torch.tensor([1.0, 2.0, 6.0]), torch.tensor([0.5, 4.0, 10.0, 3.5])
    agree(
        reference.ebgan_discriminator_loss(real, fake, 4.0),
        3.0 + (3.5 + 0 + 0 + 0.5) / 4,
        rtol=1e-6,
    )
    real, fake = uniform(3), uniform(5, high=4)
    agree(
        reference.ebgan_discriminator_loss(real, fake, 2.0), real.mean() + F.relu(2.0 - fake).mean()
    )
    slopes(lambda a, b: reference.ebgan_discriminator_loss(a, b, 2.0), real, fake)


@pytest.mark.parametrize(
    ("k", "lambda_k", "new_k"), [(0.5, 0.125, 0.25), (0.25, 0.0625, 0.125), (0.1, 2.0, 0.0)]
)
def test_began_update(k: float, lambda_k: float, new_k: float) -> None:
    real, fake = (
        torch.tensor([3.0, 5.0]),
        torch.tensor([2.0, 3.0, 4.0]),
    )  # L(x) = 4, L(G(z)) = 3, gamma L(x) = 1
    d_loss, g_loss, k_next, convergence = reference.began_update(real, fake, k, 0.25, lambda_k)
    agree(d_loss, 4 - k * 3, rtol=1e-6)
    agree(g_loss, 3.0, rtol=1e-6)
    agree(k_next, new_k)
    agree(convergence, 4 + abs(1 - 3))
    assert isinstance(k_next, float) and 0 <= k_next <= 1


def test_began_update_when_the_fakes_are_too_good() -> None:
    real, fake = (
        torch.tensor([4.0, 8.0]),
        torch.tensor([1.0, 2.0]),
    )  # gamma L(x) = 4.5, L(G(z)) = 1.5
    _, _, k_next, convergence = reference.began_update(real, fake, 0.25, 0.75, 0.125)
    agree(k_next, 0.25 + 0.125 * 3.0)
    agree(convergence, 6.0 + 3.0)
    slopes(
        lambda a, b: torch.stack(reference.began_update(a, b, 0.3, 0.5, 0.1)[:2]),
        real.double(),
        fake.double(),
    )


def test_began_update_stops_at_one() -> None:
    assert reference.began_update(torch.tensor([4.0]), torch.tensor([1.0]), 0.9, 0.5, 1.0)[2] == 1.0


@pytest.mark.parametrize("i_c", [0.1, 50.0])
def test_vdb_penalty(i_c: float) -> None:
    given = normal(5, 3), normal(5, 3), normal(4, 3), normal(4, 3)

    def kl(mu: Tensor, logvar: Tensor) -> float:
        prior = torch.distributions.MultivariateNormal(
            torch.zeros(3).double(), torch.eye(3).double()
        )
        rows = [
            torch.distributions.kl_divergence(
                torch.distributions.MultivariateNormal(m, torch.diag(v.exp())), prior
            )
            for m, v in zip(mu, logvar, strict=True)
        ]
        return float(torch.stack(rows).mean())

    excess = (kl(*given[:2]) + kl(*given[2:])) / 2 - i_c
    penalty, beta = reference.vdb_penalty(*given, 0.3, i_c, 0.01)
    agree(penalty, 0.3 * excess)
    agree(beta, max(0.0, 0.3 + 0.01 * excess))
    slopes(lambda *inputs: reference.vdb_penalty(*inputs, 0.3, i_c, 0.01)[0], *given)


# Variants: diversity, styles, attention, distance


def kernels(batch: int = 5) -> tuple[Tensor, Tensor]:
    real, fake = normal(batch, 7), 1.5 * normal(batch, 7)
    return real @ real.T, fake @ fake.T


def test_diversity_kernel() -> None:
    features = normal(4, 6)
    agree(reference.diversity_kernel(features), np.inner(features.numpy(), features.numpy()))
    slopes(reference.diversity_kernel, features)


def test_gdpp_magnitude_loss() -> None:
    real, fake = kernels()
    expected = np.abs(
        scipy.linalg.eigvalsh(real.numpy()) - scipy.linalg.eigvalsh(fake.numpy())
    ).sum()
    agree(reference.gdpp_magnitude_loss(real, fake), expected)
    slopes(lambda root: reference.gdpp_magnitude_loss(real, root @ root.T), normal(5, 7))


def test_gdpp_structure_loss() -> None:
    real, fake = kernels()
    values, vectors = scipy.linalg.eigh(real.numpy())
    _, others = scipy.linalg.eigh(fake.numpy())
    weights = (values - values.min()) / (values.max() - values.min())
    expected = -(weights * np.abs((vectors * others).sum(0))).sum()
    agree(reference.gdpp_structure_loss(real, fake), expected, rtol=1e-7)
    agree(reference.gdpp_structure_loss(real, real), -weights.sum(), rtol=1e-7)
    slopes(lambda root: reference.gdpp_structure_loss(real, root @ root.T), normal(5, 7))


def test_gdpp_losses_hold_the_real_kernel_constant() -> None:
    real, fake = (kernel.requires_grad_() for kernel in kernels())
    for loss in (reference.gdpp_magnitude_loss, reference.gdpp_structure_loss):
        real_slope, fake_slope = torch.autograd.grad(
            loss(real, fake), (real, fake), allow_unused=True
        )
        assert real_slope is None and fake_slope is not None


def test_gdpp_structure_loss_of_two_flat_kernels() -> None:
    """Two features for three images: the one zero eigenvalue has no weight."""
    real, fake = normal(3, 2), normal(3, 2)
    values, vectors = scipy.linalg.eigh((real @ real.T).numpy())
    _, others = scipy.linalg.eigh((fake @ fake.T).numpy())
    expected = -(values / values.max() * np.abs((vectors * others).sum(0)))[1:].sum()
    agree(reference.gdpp_structure_loss(real @ real.T, fake @ fake.T), expected, rtol=1e-6)


def test_adain() -> None:
    x, scale, bias = normal(3, 4, 5, 6), normal(3, 4), normal(3, 4)
    maps = F.instance_norm(
        x.reshape(1, 12, 5, 6), weight=scale.flatten(), bias=bias.flatten(), eps=1e-5
    )
    agree(reference.adain(x, scale, bias), maps.reshape(3, 4, 5, 6))
    styled = reference.adain(x, scale, bias, 1e-12)
    agree(styled.mean((2, 3)), bias)
    agree(styled.var((2, 3), correction=0).sqrt(), scale.abs())
    agree(
        reference.adain(x, scale, bias, 0.3),
        F.instance_norm(
            x.reshape(1, 12, 5, 6), weight=scale.flatten(), bias=bias.flatten(), eps=0.3
        ).reshape(3, 4, 5, 6),
    )


def test_map_to_style() -> None:
    z, sizes = 3 * normal(4, 5), [(6, 5), (6, 6), (3, 6)]
    weights, biases = [normal(*size) for size in sizes], [normal(size[0]) for size in sizes]
    layers = nn.Sequential(
        *[layer for size in sizes for layer in (nn.Linear(size[1], size[0]), nn.LeakyReLU(0.2))]
    ).double()
    for layer, weight, bias in zip(layers[::2], weights, biases, strict=True):
        layer.load_state_dict({"weight": weight, "bias": bias})
    for scale in (1.0, 1e-4):  # the smaller one is where eps shows
        agree(
            reference.map_to_style(scale * z, weights, biases),
            layers(F.rms_norm(scale * z, (5,), eps=1e-8)),
            rtol=1e-7,
        )


def test_demodulate() -> None:
    weight, style = normal(4, 3, 2, 2), normal(5, 3)
    scaled = weight[None] * style[:, None, :, None, None]
    agree(
        reference.demodulate(weight, style),
        F.normalize(scaled.flatten(2), dim=2).reshape(scaled.shape),
        rtol=1e-7,
    )
    energy = scaled.numpy() ** 2
    agree(
        reference.demodulate(weight, style, 0.5),
        scaled.numpy() / np.sqrt(energy.sum((2, 3, 4), keepdims=True) + 0.5),
    )


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_fade_in(alpha: float) -> None:
    low, high = normal(2, 3, 4, 5), normal(2, 3, 8, 10)
    agree(
        reference.fade_in(low, high, alpha),
        torch.lerp(nn.Upsample(scale_factor=2)(low), high, alpha),
    )
    slopes(lambda a, b: reference.fade_in(a, b, alpha), low, high)


def test_self_attention() -> None:
    x, gamma = normal(2, 4, 3, 5), torch.tensor(0.7, dtype=torch.float64)
    query, key, value, output = normal(2, 4), normal(2, 4), normal(3, 4), normal(4, 3)
    q, k, v = (
        F.conv2d(x, matrix[:, :, None, None]).flatten(2).mT for matrix in (query, key, value)
    )
    seen = F.scaled_dot_product_attention(q, k, v, scale=1.0).mT.reshape(2, 3, 3, 5)
    expected = x + gamma * F.conv2d(seen, output[:, :, None, None])
    agree(reference.self_attention(x, query, key, value, output, gamma), expected)


def gaussians(D: int = 4) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    roots = normal(D, D + 2), 2 * normal(D, D + 2)
    cov_1, cov_2 = (root @ root.T for root in roots)
    return normal(D), cov_1, normal(D), cov_2


def test_gaussian_transport_has_the_frechet_distance() -> None:
    mean_1, cov_1, mean_2, cov_2 = gaussians()
    gap = float((mean_1 - mean_2).square().sum())
    cross = scipy.linalg.sqrtm(cov_1.numpy() @ cov_2.numpy()).real
    agree(
        reference.gaussian_transport(mean_1, cov_1, mean_2, cov_2)[0],
        gap + float(torch.trace(cov_1 + cov_2)) - 2 * np.trace(cross),
        rtol=1e-7,
    )
    agree(reference.gaussian_transport(mean_1, cov_1, mean_1, cov_1)[0], 0.0, atol=1e-6)
    wide, narrow = torch.tensor([[9.0]]).double(), torch.tensor([[4.0]]).double()
    one = torch.ones(1).double()
    distance, T = reference.gaussian_transport(one, wide, -one, narrow)
    agree(distance, 4.0 + (3 - 2) ** 2)
    agree(T, [[2 / 3]])


def test_gaussian_transport_of_singular_covariances() -> None:
    line, plane = (
        torch.diag(torch.tensor([4.0, 0, 0])).double(),
        torch.diag(torch.tensor([1.0, 9.0, 0])).double(),
    )
    zero, nothing = torch.zeros(3).double(), torch.zeros(3, 3).double()
    agree(reference.gaussian_transport(zero, line, zero, plane)[0], (2 - 1) ** 2 + 9.0, atol=1e-7)
    agree(reference.gaussian_transport(zero, line, zero, nothing)[0], 4.0, atol=1e-7)
    full = torch.diag(torch.tensor([4.0, 1.0, 0.25])).double()
    agree(
        reference.gaussian_transport(zero, full, zero, plane)[1],
        torch.diag(torch.tensor([0.5, 3.0, 0.0])).double(),
        atol=1e-7,
    )


def test_gaussian_transport_has_the_map_of_the_matrix_roots() -> None:
    mean_1, cov_1, mean_2, cov_2 = gaussians()
    T = reference.gaussian_transport(mean_1, cov_1, mean_2, cov_2)[1]
    root = scipy.linalg.sqrtm(cov_1.numpy()).real
    inverse = np.linalg.inv(root)
    middle = scipy.linalg.sqrtm(root @ cov_2.numpy() @ root).real
    agree(T, torch.from_numpy(inverse @ middle @ inverse), rtol=1e-7)
    agree(T @ cov_1 @ T, cov_2, rtol=1e-7)
    agree(T, T.T)
    assert torch.linalg.eigvalsh(T).min() > 0


def test_gaussian_transport_goes_the_shortest_way() -> None:
    """Of all matrices M with M C_1 M^T = C_2, which are those of two roots and a rotation."""
    mean_1, cov_1, mean_2, cov_2 = gaussians(3)
    distance, T = reference.gaussian_transport(mean_1, cov_1, mean_2, cov_2)
    gap, traces = (mean_1 - mean_2).square().sum(), torch.trace(cov_1 + cov_2)

    def way(M: Tensor) -> Tensor:
        return gap + traces - 2 * torch.trace(M @ cov_1)

    agree(way(T), distance)
    L_1, L_2 = (torch.linalg.cholesky(cov) for cov in (cov_1, cov_2))
    turn = normal(200, 3, 3)
    rotations = torch.linalg.matrix_exp(turn - turn.mT)
    best = torch.linalg.inv(L_2) @ T @ L_1
    agree(best @ best.T, torch.eye(3).double())
    nearby = best @ torch.linalg.matrix_exp(0.05 * (turn - turn.mT))
    for turned in (rotations, -rotations, nearby):
        others = L_2 @ turned @ torch.linalg.inv(L_1)
        agree(others @ cov_1 @ others.mT, cov_2.expand(200, 3, 3), rtol=1e-7)
        assert min(way(M) for M in others) > distance


def test_gaussian_transport_has_the_gradient_that_the_map_predicts() -> None:
    """d distance / d C_1 = I - T, and I - T^-1 in C_2."""
    given = [each.requires_grad_() for each in gaussians()]
    distance, T = reference.gaussian_transport(*given)
    grads = torch.autograd.grad(distance, given)
    eye = torch.eye(4).double()
    agree((grads[1] + grads[1].T) / 2, eye - T.detach(), rtol=1e-6)
    agree((grads[3] + grads[3].T) / 2, eye - torch.linalg.inv(T.detach()), rtol=1e-6)
    agree(grads[0], 2 * (given[0] - given[2]).detach())


# Inversion


def image_generator() -> nn.Module:
    return nn.Sequential(
        nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 12), nn.Unflatten(1, (3, 2, 2))
    ).double()


def test_invert_is_adam_for_each_image() -> None:
    generator, x, z_init = image_generator(), normal(4, 3, 2, 2), normal(4, 3)
    generator(normal(16, 3))  # running statistics of its own
    state = copy.deepcopy(generator.state_dict())
    expected = []
    frozen = copy.deepcopy(generator).eval()
    for image, start in zip(x, z_init, strict=True):
        z = start[None].clone().requires_grad_()
        optimizer = torch.optim.Adam([z], lr=0.05)
        for _ in range(25):
            optimizer.zero_grad()
            F.mse_loss(frozen(z), image[None], reduction="sum").backward()
            optimizer.step()
        expected.append(z.detach()[0])
    found = reference.invert(generator, x, z_init, 25, 0.05)
    agree(found, torch.stack(expected), rtol=1e-6, atol=1e-8)
    assert not found.requires_grad and generator.training
    for name, value in generator.state_dict().items():
        assert torch.equal(value, state[name])
    assert all(parameter.grad is None for parameter in generator.parameters())
    agree(reference.invert(generator, x, z_init, 0, 0.05), z_init)


def test_invert_finds_the_least_squares_code_of_a_linear_generator() -> None:
    generator = nn.Linear(2, 5, bias=False).double()
    x = normal(3, 5)
    expected = np.linalg.lstsq(generator.weight.detach().numpy(), x.numpy().T, rcond=None)[0].T
    agree(
        reference.invert(generator, x, torch.zeros(3, 2).double(), 3000, 0.02), expected, atol=1e-3
    )


def test_invert_with_restarts() -> None:
    generator, x, z_inits = image_generator().eval(), normal(5, 3, 2, 2), 2 * normal(4, 5, 3)
    runs = torch.stack([reference.invert(generator, x, z_init, 15, 0.1) for z_init in z_inits])
    errors = torch.stack([(generator(z) - x).square().sum((1, 2, 3)).detach() for z in runs])
    z, error = reference.invert_with_restarts(
        generator, x, z_inits, lambda z: reference.invert(generator, x, z, 15, 0.1)
    )
    agree(error, errors.numpy().min(0))
    winners = errors.numpy().argmin(0)
    assert len(set(winners.tolist())) > 1  # else the test would not tell images apart
    agree(z, runs.numpy()[winners, np.arange(5)])


def test_attribute_direction() -> None:
    codes, has = normal(7, 3), torch.tensor([1.0, 0, 0, 1, 0, 0, 0]).double()
    rows = codes.numpy()
    agree(
        reference.attribute_direction(codes, has),
        rows[[0, 3]].mean(0) - rows[[1, 2, 4, 5, 6]].mean(0),
    )


def test_error_by_attribute() -> None:
    error = torch.tensor([1.0, 2.0, 3.0, 6.0])
    attributes = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    agree(
        reference.error_by_attribute(error, attributes),
        [[4.0, 2.0], [3.0, math.nan], [math.nan, 3.0]],
        rtol=1e-6,
    )
