"""The oracles of the lab `pix2pix`, each against a third way: torch's own losses and layers,
gradients, descent, enumeration.
"""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from autograder.checks.suite import oracles
from autograder.course.released import release_notebook

ROOT = Path(__file__).resolve().parents[2]
reference = SimpleNamespace(**oracles("pix2pix"))

CONTRACT = {
    "receptive_field": "layers",
    "patch_loss": "logits real",
    "discriminator_loss": "real_logits fake_logits",
    "generator_loss": "fake_logits y_hat y weight",
    "discriminator_step": "generator discriminator optimizer x y loss",
    "generator_step": "generator discriminator optimizer x y loss",
    "best_constants": "values probabilities",
    "conditional_value": "p_x p_data p_g d",
    "best_discriminator": "p_x p_data p_g sees_x",
    "augment_pairs": "x y top left flip size",
    "normalize_maps": "h per_image eps",
    "translate": "generator x n_draws",
}
CLASSES = {
    "EncoderDecoder": "n_in n_out widths dropout",
    "UNetGenerator": "n_in n_out widths dropout",
    "PatchDiscriminator": "n_source n_target width layers",
}
QUESTIONS = {
    "EncoderDecoder": "encoder_decoder",
    "UNetGenerator": "unet_generator",
    "PatchDiscriminator": "patch_discriminator",
}
LAYERS = [
    [(4, 2, 1), (4, 1, 1), (4, 1, 1)],
    [(4, 2, 1)] * 3 + [(4, 1, 1)] * 2,
    [(3, 2, 0), (5, 1, 2), (2, 3, 1)],
    [(1, 1, 0)] * 3,
]


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(21)


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def distributions(n: int, m: int) -> tuple[Tensor, Tensor, Tensor]:
    """p(x), p(y | x) and p_G(y | x)."""
    return normal(n).softmax(0), normal(n, m).softmax(1), normal(n, m).softmax(1)


def agree(actual: Tensor, expected: Tensor, off: float = 1e-8) -> None:
    assert actual.shape == expected.shape
    torch.testing.assert_close(actual.detach(), expected.detach(), rtol=off, atol=off)


def released() -> str:
    cells = release_notebook(ROOT, "pix2pix", "pix2pix").cells
    return "\n".join(cell.source for cell in cells)


def same_signature(text: str, ours: inspect.Signature) -> None:
    names: dict[str, Any] = {"Tensor": Tensor, "Callable": Callable, "Sequence": Sequence}
    exec(f"def asked({text}): ...", names | {"nn": nn, "torch": torch}, names)
    theirs = inspect.signature(names["asked"]).parameters.values()
    assert [(p.name, p.default) for p in theirs] == [
        (p.name, p.default) for p in ours.parameters.values()
    ]


@pytest.mark.parametrize("name", CONTRACT)
def test_signatures_of_functions(name: str) -> None:
    ours = inspect.signature(getattr(reference, name))
    assert list(ours.parameters) == CONTRACT[name].split()
    (text,) = re.findall(rf"^def {name}\((.*?)\) ->", released(), re.MULTILINE | re.DOTALL)
    same_signature(text, ours)


@pytest.mark.parametrize("name", CLASSES)
def test_signatures_of_classes(name: str) -> None:
    ours = inspect.signature(getattr(reference, QUESTIONS[name]))
    assert list(ours.parameters) == CLASSES[name].split()
    (text,) = re.findall(
        rf"^class {name}\(nn\.Module\):.*?def __init__\(\s*self, (.*?)\) ->",
        released(),
        re.MULTILINE | re.DOTALL,
    )
    same_signature(text, ours)


def test_every_oracle_is_tested_here() -> None:
    tested = set(re.findall(r"reference\.(\w+)", Path(__file__).read_text()))
    assert tested >= CONTRACT.keys() | set(QUESTIONS.values())


# Networks


def test_skips_are_all_that_a_unet_has_more() -> None:
    """With the weights of its skips at zero, a U-Net is an encoder-decoder."""
    widths = (4, 6, 5)
    plain = reference.encoder_decoder(3, 1, widths, 0.0).double()
    unet = reference.unet_generator(3, 1, widths, 0.0).double()
    state = {name: tensor.clone() for name, tensor in plain.state_dict().items()}
    for j, n_skip in ((1, 6), (2, 4)):
        weight = state[f"up.{j}.0.weight"]
        state[f"up.{j}.0.weight"] = torch.cat([weight, weight.new_zeros(n_skip, *weight.shape[1:])])
    unet.load_state_dict(state)
    x = normal(2, 3, 16, 24)
    for mode in (True, False):
        agree(unet.train(mode)(x), plain.train(mode)(x))
    assert (plain(x).abs() < 1).all() and plain(x).shape == (2, 1, 16, 24)


@pytest.mark.parametrize("kind", ["encoder_decoder", "unet_generator"])
def test_generators_refuse_what_cannot_be_halved(kind: str) -> None:
    network = getattr(reference, kind)(1, 1, (2, 2))
    with pytest.raises(ValueError):
        network(torch.zeros(1, 1, 8, 6))


@pytest.mark.parametrize("layers", LAYERS)
def test_the_receptive_field_is_where_gradients_come_from(
    layers: list[tuple[int, int, int]],
) -> None:
    size, step, first = reference.receptive_field(layers)
    network = reference.patch_discriminator(1, 1, 2, layers).double().eval()
    x, y = (normal(1, 1, 90, 90).requires_grad_() for _ in range(2))
    logits = network(x, y)
    at = logits.shape[-1] // 2
    logits[0, 0, at, at].backward()
    for image in (x, y):
        assert image.grad is not None
        seen = (image.grad[0, 0] != 0).any(0).nonzero().flatten().tolist()
        assert seen == list(range(first + step * at, first + step * at + size))


# Losses and steps


def test_losses_by_torch() -> None:
    real, fake = 3 * normal(4, 1, 3, 2), 3 * normal(2, 1, 5, 1)
    bce = nn.functional.binary_cross_entropy_with_logits
    agree(reference.patch_loss(real, True), bce(real, torch.ones_like(real)))
    agree(reference.patch_loss(fake, False), bce(fake, torch.zeros_like(fake)))
    both = bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))
    agree(reference.discriminator_loss(real, fake), both / 2)
    y_hat, y = normal(2, 3, 4, 4), normal(2, 3, 4, 4)
    total, adversarial, l1 = reference.generator_loss(fake, y_hat, y, 7.0)
    agree(adversarial, bce(fake, torch.ones_like(fake)))
    agree(l1, nn.functional.l1_loss(y_hat, y))
    agree(total, adversarial + 7 * l1)
    agree(reference.generator_loss(None, y_hat, y, 7.0)[0], 7 * l1)


class Conditional(nn.Module):
    """A discriminator of points."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 1)).double()

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.inner(torch.cat([x, y], 1))


def test_steps_are_plain_gradient_descent() -> None:
    generator, discriminator = nn.Linear(3, 2).double(), Conditional()
    x, y = normal(6, 3), normal(6, 2)
    before = copy.deepcopy(generator), copy.deepcopy(discriminator)
    value = reference.discriminator_loss(discriminator(x, y), discriminator(x, generator(x)))
    grads = torch.autograd.grad(value, list(discriminator.parameters()))
    optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.1)
    found = reference.discriminator_step(
        generator, discriminator, optimizer, x, y, reference.discriminator_loss
    )
    agree(found, value)
    for new, old, grad in zip(
        discriminator.parameters(), before[1].parameters(), grads, strict=True
    ):
        agree(new, old - 0.1 * grad)

    def loss(logits: Tensor, y_hat: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return reference.generator_loss(logits, y_hat, target, 3.0)

    y_hat = generator(x)
    parts = loss(discriminator(x, y_hat), y_hat, y)
    grads = torch.autograd.grad(parts[0], list(generator.parameters()))
    optimizer = torch.optim.SGD(generator.parameters(), lr=0.1)
    judge = copy.deepcopy(discriminator)
    found = reference.generator_step(generator, discriminator, optimizer, x, y, loss)
    agree(torch.stack(found), torch.stack(parts))
    for new, old, grad in zip(generator.parameters(), before[0].parameters(), grads, strict=True):
        agree(new, old - 0.1 * grad)
    for new, old in zip(discriminator.parameters(), judge.parameters(), strict=True):
        assert torch.equal(new, old)


# Theory


def test_constants_by_search() -> None:
    values, p = normal(5, 3), normal(5).softmax(0)
    grid = torch.linspace(-4, 4, 16_001, dtype=torch.float64)
    l1, l2 = reference.best_constants(values, p)
    for pixel in range(3):
        apart = values[:, pixel, None] - grid
        best = grid[(p[:, None] * apart.abs()).sum(0).argmin()]
        assert abs(float(best - l1[pixel])) < 1e-3
        best = grid[(p[:, None] * apart.square()).sum(0).argmin()]
        assert abs(float(best - l2[pixel])) < 1e-3


@pytest.mark.parametrize("sees_x", [True, False])
def test_the_best_discriminator_by_ascent(sees_x: bool) -> None:
    p_x, p_data, p_g = distributions(3, 4)
    logits = torch.zeros(3 if sees_x else 1, 4, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([logits], max_iter=200, tolerance_grad=1e-12)

    def closure() -> Tensor:
        optimizer.zero_grad()
        d = torch.sigmoid(logits).expand(3, 4)
        value = -reference.conditional_value(p_x, p_data, p_g, d)
        value.backward()
        return value

    optimizer.step(closure)
    best = reference.best_discriminator(p_x, p_data, p_g, sees_x)
    agree(torch.sigmoid(logits).expand(3, 4), best, 1e-4)


def test_the_value_at_the_optimum_is_a_divergence() -> None:
    """-log 4 plus twice the Jensen-Shannon divergence of the joint distributions."""
    p_x, p_data, p_g = distributions(3, 4)
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    middle = (real + fake) / 2
    twice = (real * (real / middle).log()).sum() + (fake * (fake / middle).log()).sum()
    d = reference.best_discriminator(p_x, p_data, p_g)
    log_4 = torch.log(torch.tensor(4.0, dtype=torch.float64))
    agree(reference.conditional_value(p_x, p_data, p_g, d), twice - log_4)


# Data, norm and noise


def test_pairs_by_slices() -> None:
    x, y = normal(3, 2, 6, 8), normal(3, 1, 6, 8)
    top, left = torch.tensor([0, 2, 1]), torch.tensor([4, 0, 3])
    flip = torch.tensor([False, True, True])
    found = reference.augment_pairs(x, y, top, left, flip, 4)
    for images, crops in zip((x, y), found, strict=True):
        for i in range(3):
            part = images[i, :, top[i] : top[i] + 4, left[i] : left[i] + 4]
            agree(crops[i], part.flip(2) if flip[i] else part)
    with pytest.raises(ValueError):
        reference.augment_pairs(x, y, top + 1, left, flip, 4)


def test_norms_by_torch() -> None:
    h = 3 * normal(4, 3, 5, 2) + 1
    agree(reference.normalize_maps(h, True, 1e-3), nn.functional.instance_norm(h, eps=1e-3))
    by_batch = nn.functional.batch_norm(h, None, None, training=True, eps=1e-3)
    agree(reference.normalize_maps(h, False, 1e-3), by_batch)


def test_translations_by_hand() -> None:
    network = nn.Sequential(nn.BatchNorm2d(2), nn.Dropout(1.0), nn.Conv2d(2, 1, 1)).double()
    x = normal(3, 2, 4, 4)
    bias = network[2].bias
    draws = reference.translate(network, x, 2)
    agree(draws, bias.expand(2, 3, 1, 4, 4))
    assert not draws.requires_grad and all(module.training for module in network)
