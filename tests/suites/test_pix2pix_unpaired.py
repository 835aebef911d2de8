"""The oracles of the lab `unpaired`, each against a third way: counting, brute force, finite
differences, steps taken by hand.
"""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Callable
from itertools import permutations
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
    "cycle_adversarial_losses": "D_A D_B fake_a fake_b",
    "cycle_loss": "G F a b",
    "identity_loss": "G F a b",
    "cyclegan_losses": (
        "on_fake_a on_fake_b a b back_a back_b same_a same_b lambda_cycle lambda_identity"
    ),
    "cycle_generator_step": "G F D_A D_B optimizer a b loss identity",
    "cycle_discriminator_step": "D optimizer real fake",
    "decayed_rate": "i rate n_constant n_iterations",
    "best_class_map": "before after n_classes",
    "judge_maps": "p_a p_b g f",
}


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(21)


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def agree(actual: Any, expected: Any, off: float = 1e-10) -> None:
    torch.testing.assert_close(
        torch.as_tensor(actual, dtype=torch.float64).detach(),
        torch.as_tensor(expected, dtype=torch.float64).detach(),
        rtol=off,
        atol=off,
    )


@pytest.mark.parametrize("name", CONTRACT)
def test_every_question_has_an_oracle_of_its_signature(name: str) -> None:
    assert list(inspect.signature(getattr(reference, name)).parameters) == CONTRACT[name].split()


@pytest.mark.parametrize("name", CONTRACT)
def test_the_release_asks_for_this_signature(name: str) -> None:
    cells = release_notebook(ROOT, "pix2pix", "unpaired").cells
    (text,) = re.findall(
        rf"^def {name}\((.*?)\) ->",
        "\n".join(cell.source for cell in cells),
        re.MULTILINE | re.DOTALL,
    )
    names: dict[str, Any] = {"Tensor": Tensor, "Callable": Callable, "Map": Callable, "nn": nn}
    exec(f"import torch\ndef asked({text}): ...", names)
    theirs = inspect.signature(names["asked"]).parameters.values()
    ours = inspect.signature(getattr(reference, name)).parameters.values()
    assert [(p.name, p.default) for p in theirs] == [(p.name, p.default) for p in ours]


def test_every_oracle_is_tested_here() -> None:
    found = set(re.findall(r"reference\.(\w+)", Path(__file__).read_text()))
    assert found >= {*CONTRACT, "ImageBuffer"}


# Losses


def test_adversarial_losses_of_constant_outputs() -> None:
    fake_a, fake_b = normal(3, 1, 2, 2), normal(2, 1, 2, 2)
    of_g, of_f = reference.cycle_adversarial_losses(
        lambda x: torch.full((len(x), 1, 2, 2), 3.0), lambda x: torch.zeros(5, 7), fake_a, fake_b
    )
    agree(of_g, 1.0)
    agree(of_f, 4.0)


def test_cycle_and_identity_of_shifts() -> None:
    a, b = normal(3, 1, 2, 2), normal(2, 1, 2, 2)
    agree(torch.stack(reference.cycle_loss(lambda x: x + 2, lambda x: x - 0.5, a, b)), [1.5, 1.5])
    agree(torch.stack(reference.identity_loss(lambda x: x + 2, lambda x: x - 0.5, a, b)), [2, 0.5])
    # G doubles and F adds: F(G(a)) - a = a + 1, G(F(b)) - b = b + 2
    found = reference.cycle_loss(lambda x: 2 * x, lambda x: x + 1, a, b)
    expected = [
        sum(abs(v + s) for v in x.flatten().tolist()) / x.numel() for x, s in ((a, 1), (b, 2))
    ]
    agree(torch.stack(found), expected)
    assert torch.autograd.gradcheck(
        lambda x, y: sum(reference.cycle_loss(torch.sin, lambda z: 2 * z - 0.1, x, y)),
        (a.requires_grad_(), b.requires_grad_()),
    )


def test_the_objective_is_the_sum_of_the_other_questions() -> None:
    a, b = normal(3, 1, 2, 2), normal(2, 1, 2, 2)
    maps = torch.sin, lambda x: 0.5 * x + x.square()
    judges = lambda x: x.mean(1), lambda x: 2 * x.sum((1, 2, 3))
    G, F = maps
    found = reference.cyclegan_losses(
        judges[0](F(b)), judges[1](G(a)), a, b, F(G(a)), G(F(b)), F(a), G(b), 3.0, 0.5
    )
    of_g, of_f = reference.cycle_adversarial_losses(*judges, F(b), G(a))
    cycles, identities = reference.cycle_loss(G, F, a, b), reference.identity_loss(G, F, a, b)
    agree(found["total"], of_g + of_f + 3.0 * sum(cycles) + 0.5 * sum(identities))
    for name, value in zip(
        ("G", "F", "cycle_A", "cycle_B", "identity_G", "identity_F"),
        (of_g, of_f, *cycles, *identities),
        strict=True,
    ):
        agree(found[name], value)
    with pytest.raises(ValueError, match="needs images"):
        reference.cyclegan_losses(a, b, a, b, a, b, lambda_identity=1.0)


# Steps


def test_a_step_of_the_maps_by_finite_differences() -> None:
    G, F, D_A, D_B = (nn.Conv2d(1, 1, 1).double() for _ in range(4))
    a, b = normal(2, 1, 2, 2), normal(3, 1, 2, 2)

    def loss(on_a: Tensor, on_b: Tensor, *images: Any) -> Tensor:
        return (
            on_a.mean()
            - 2 * on_b.mean()
            + sum((i + 1) * x.square().mean() for i, x in enumerate(images))
        )

    def value() -> float:
        images = a, b, F(G(a)), G(F(b)), F(a), G(b)
        return float(loss(D_A(F(b)), D_B(G(a)), *images))

    slopes = []
    for parameter in (G.weight, F.bias):
        with torch.no_grad():
            parameter += 1e-6
            ahead = value()
            parameter -= 2e-6
            behind = value()
            parameter += 1e-6
        slopes.append((ahead - behind) / 2e-6)
    before = G.weight.item(), F.bias.item(), copy.deepcopy(D_A.state_dict()), value()
    fakes = F(b).detach(), G(a).detach()
    optimizer = torch.optim.SGD([*G.parameters(), *F.parameters()], lr=0.1)
    found = reference.cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss, identity=True)
    agree(G.weight.item(), before[0] - 0.1 * slopes[0], 1e-6)
    agree(F.bias.item(), before[1] - 0.1 * slopes[1], 1e-6)
    agree(found[0], before[3])
    agree(found[1], fakes[0])
    agree(found[2], fakes[1])
    agree(D_A.weight, before[2]["weight"])


def test_a_step_of_a_discriminator_by_hand() -> None:
    D = nn.Linear(1, 1, bias=False).double()
    with torch.no_grad():
        D.weight.fill_(0.5)
    real, fake = torch.tensor([[2.0]]).double(), torch.tensor([[1.0], [3.0]]).double()
    value = reference.cycle_discriminator_step(
        D, torch.optim.SGD(D.parameters(), lr=0.1), real, fake
    )
    # w = 0.5: 1/2 (2w - 1)^2 + 1/4 (w^2 + 9 w^2) = 0.625; its slope 2 (2w - 1) + 5 w = 2.5
    agree(value, 0.625)
    agree(D.weight, [[0.25]])


# The buffer and the rate


def test_the_buffer_against_a_list() -> None:
    buffer, stored, n = reference.ImageBuffer(3), [], 0
    for _ in range(8):
        images = torch.arange(n, n + 2).reshape(2, 1, 1, 1).double()
        n += 2
        swap, index = torch.rand(2) < 0.5, torch.randint(3, (2,))
        expected = []
        for number, heads, place in zip(images.flatten().tolist(), swap, index, strict=True):
            if len(stored) < 3:
                stored.append(number)
            elif heads:
                number, stored[place] = stored[place], number
            expected.append(number)
        assert buffer.exchange(images, swap, index).flatten().tolist() == expected


def test_the_buffer_returns_each_image_at_most_twice() -> None:
    buffer, returned = reference.ImageBuffer(5), []
    for i in range(400):
        image = torch.full((1, 1, 1, 1), float(i))
        found = buffer.exchange(image, torch.rand(1) < 0.5, torch.randint(5, (1,)))
        returned.append(float(found))
    older = [value < i for i, value in enumerate(returned)]
    assert 0.4 < sum(older[5:]) / 395 < 0.6  # a fair coin
    assert all(returned.count(value) <= 2 for value in returned)


def test_the_rate_falls_by_equal_steps() -> None:
    rates = [reference.decayed_rate(i, 0.3, 4, 10) for i in range(13)]
    assert rates[:5] == [0.3] * 5
    assert all(abs(rates[i] - rates[i + 1] - 0.05) < 1e-12 for i in range(4, 10))
    assert rates[10:] == [0.0] * 3


# What a map does


@pytest.mark.parametrize("n_classes", [1, 2, 4, 6])
def test_the_best_permutation_by_trying_all(n_classes: int) -> None:
    for _ in range(5):
        before, after = torch.randint(n_classes, (2, 30))
        share = (
            max(
                sum(p[k] == j for k, j in zip(before.tolist(), after.tolist(), strict=True))
                for p in permutations(range(n_classes))
            )
            / 30
        )
        permutation, found = reference.best_class_map(before, after, n_classes)
        agree(found, share)
        agree((permutation[before] == after).double().mean(), share)


def test_judging_maps_by_counting() -> None:
    p = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
    q = torch.tensor([0.6, 0.4], dtype=torch.float64)
    # G: 0 -> 1, 1 -> 0, 2 -> 0; F: 0 -> 2, 1 -> 0. a = 0 and 2 come back; both of B do.
    found = reference.judge_maps(p, q, torch.tensor([1, 0, 0]), torch.tensor([2, 0]))
    agree(torch.stack(found), [0.1, 0.4, 0.3, 0.0])
    right = reference.judge_maps(p, p, torch.arange(3), torch.arange(3))
    agree(torch.stack(right), [0.0] * 4)
