"""The oracles of the lab `density`, each against a third way: torch.distributions, closed forms,
Jacobians, zuko, and each against its own suite.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import zuko
from torch import Tensor

from autograder.checks.suite import oracles
from autograder.suites.flows.plane_flows import (
    Layer,
    coupling_network,
    jacobian_log_det,
    masks,
    mixed_layers,
    mixing,
    stretch,
)

reference = SimpleNamespace(**oracles("flows"))

CONTRACT = {
    "pushforward_log_prob": "y inverse base_log_prob",
    "inverse_cdf_samples": "grid density u",
    "compose_flows": "layers x",
    "invert_flows": "layers z",
    "planar_flow": "x w u_hat b",
    "planar_u_hat": "u w",
    "coupling_forward": "x mask net s_max",
    "coupling_inverse": "z mask net s_max",
    "flow_log_prob": "flow x temperature",
    "sample_flow": "flow eps temperature",
}


class Drawn:
    """Random numbers as the checks draw them."""

    @staticmethod
    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=torch.float64)

    @staticmethod
    def uniform(*shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        return low + (high - low) * torch.rand(*shape, dtype=torch.float64)

    @staticmethod
    def permutation(n: int) -> Tensor:
        return torch.randperm(n)


normal, uniform = Drawn.normal, Drawn.uniform


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20)


def agree(actual: Tensor, expected: Tensor, rtol: float = 1e-9, atol: float = 1e-10) -> None:
    torch.testing.assert_close(actual, expected, rtol=rtol, atol=atol)


def slopes(function: Callable[..., Tensor], *inputs: Tensor) -> None:
    """Autograd's gradients of the oracle are those of central differences."""
    leaves = tuple(x.detach().clone().requires_grad_() for x in inputs)
    assert torch.autograd.gradcheck(function, leaves, eps=1e-6, atol=1e-5)


@pytest.mark.parametrize("name", CONTRACT)
def test_every_oracle_has_the_signature_of_its_question(name: str) -> None:
    assert list(inspect.signature(getattr(reference, name)).parameters) == CONTRACT[name].split()


def test_every_oracle_is_tested_here() -> None:
    assert set(re.findall(r"reference\.(\w+)", Path(__file__).read_text())) >= CONTRACT.keys()


# The layers that the checks are made of


@pytest.mark.parametrize("shape", [(3,), (1,), (2, 2, 3)])
@pytest.mark.parametrize("kind", [stretch, mixing])
def test_layers(kind: Callable[..., Layer], shape: tuple[int, ...]) -> None:
    layer, x = kind(Drawn, *shape), normal(4, *shape)
    z, log_det = layer.forward(x)
    agree(layer.inverse(z), x)
    for row, one in zip(x, log_det, strict=True):
        matrix = torch.autograd.functional.jacobian(lambda at: layer.forward(at[None])[0][0], row)
        agree(one, torch.linalg.slogdet(matrix.reshape(row.numel(), -1)).logabsdet)
    agree(jacobian_log_det(lambda at: layer.forward(at)[0], x), log_det)


# One dimension


def test_pushforward_log_prob() -> None:
    base = torch.distributions.Normal(torch.tensor(0.3).double(), torch.tensor(1.4).double())
    kinds = torch.distributions.transforms
    for parts in (
        [kinds.ExpTransform()],
        [kinds.AffineTransform(0.5, -2.0), kinds.SigmoidTransform()],
    ):
        moved = torch.distributions.TransformedDistribution(base, parts)
        y = moved.sample((7,))
        inverse = kinds.ComposeTransform(parts).inv
        agree(reference.pushforward_log_prob(y, inverse, base.log_prob), moved.log_prob(y))
        slopes(lambda at, f=inverse: reference.pushforward_log_prob(at, f, base.log_prob), y)


def test_inverse_cdf_samples() -> None:
    grid, density, u = uniform(12, low=0.1).cumsum(0), uniform(12, low=0.01), uniform(40)
    mass = np.diff(grid.numpy()) * (density[1:] + density[:-1]).numpy() / 2
    cdf = np.concatenate([[0.0], mass.cumsum()]) / mass.sum()
    expected = torch.from_numpy(np.interp(u.numpy(), cdf, grid.numpy()))
    agree(reference.inverse_cdf_samples(grid, 1e7 * density, u), expected)
    density[[0, 1, 2, 6, 7, 8, 11]] = 0.0  # begins at grid[2], ends at grid[11]
    ends = reference.inverse_cdf_samples(grid, density, torch.tensor([0.0, 1.0]).double())
    agree(ends, grid[[2, 11]])
    density[10] = 0.0
    ends = reference.inverse_cdf_samples(grid, density, torch.tensor([0.0, 1.0]).double())
    agree(ends, grid[[2, 10]])


# Stacks


def test_compose_flows_and_invert_flows() -> None:
    layers, x = mixed_layers(Drawn, 3), normal(5, 3)
    z, log_det = reference.compose_flows(layers, x)
    agree(log_det, jacobian_log_det(lambda at: reference.compose_flows(layers, at)[0], x))
    agree(reference.invert_flows(layers, z), x)
    by_hand = layers[3].forward(layers[2].forward(layers[1].forward(layers[0].forward(x)[0])[0])[0])
    agree(z, by_hand[0])


def test_flow_log_prob() -> None:
    for shape in ((3,), (2, 2, 3)):
        layer, x = stretch(Drawn, *shape), normal(4, *shape)
        z, log_det = layer.forward(x)
        n = math.prod(shape)
        for temperature in (1.0, 0.4):
            noise = torch.distributions.MultivariateNormal(
                torch.zeros(n).double(), temperature**2 * torch.eye(n).double()
            )
            expected = noise.log_prob(z.flatten(1)) + log_det
            agree(reference.flow_log_prob(layer, x, temperature), expected)


def test_sample_flow() -> None:
    layer, eps = stretch(Drawn, 3), normal(4, 3)
    agree(layer.forward(reference.sample_flow(layer, eps, 0.3))[0], 0.3 * eps)


# Planar layers


def test_planar_flow() -> None:
    x, w, u_hat, b = normal(6, 4), normal(4), normal(4), normal(1)[0]
    bend = torch.tanh(x @ w + b)
    for scale in (0.2, 3.0, -5.0):
        z, log_det = reference.planar_flow(x, w, scale * u_hat, b)
        agree(z, x + scale * bend[:, None] * u_hat)
        lemma = (1 + scale * (w @ u_hat) * (1 - bend**2)).abs().log()
        agree(log_det, lemma)
    slopes(lambda *given: reference.planar_flow(*given)[1], x, w, u_hat, b)


@pytest.mark.parametrize("along", [-700.0, -3.0, 0.0, 2.0, 700.0])
def test_planar_u_hat(along: float) -> None:
    w, u = normal(5), normal(5)
    u = u + (along - w @ u) * w / (w @ w)
    u_hat = reference.planar_u_hat(u, w)
    agree(
        w @ u_hat,
        torch.tensor(max(along, 0.0) + math.log1p(math.exp(-abs(along))) - 1).double(),
        rtol=1e-7,
        atol=1e-9,
    )
    perpendicular = torch.linalg.svd(w[None]).Vh[1:]
    agree(perpendicular @ u_hat, perpendicular @ u, atol=1e-9)


def test_a_planar_layer_with_u_hat_is_invertible() -> None:
    for _ in range(20):
        w, u, b = 2 * normal(2), 4 * normal(2), normal(1)[0]
        u_hat = reference.planar_u_hat(u, w)
        x = 3 * normal(500, 2)
        bend = torch.tanh(x @ w + b)
        assert (1 + (w @ u_hat) * (1 - bend**2)).min() > 0  # the determinant keeps its sign


# Coupling layers


def test_coupling_forward_and_coupling_inverse() -> None:
    net, x = coupling_network(Drawn, 4), normal(5, 4)
    for mask in masks(Drawn, 4):
        raw, t = net(mask * x).chunk(2, 1)
        s = (1 - mask) * 1.5 * torch.tanh(raw / 1.5)
        z, log_det = reference.coupling_forward(x, mask, net, 1.5)
        agree(z, mask * x + (1 - mask) * (x * s.exp() + t))  # Dinh et al. 2017, eq. 9
        agree(log_det, s.sum(1))
        agree(reference.coupling_inverse(z, mask, net, 1.5), x)
    slopes(lambda at: reference.coupling_forward(at, mask, net, 1.5)[1], x)


def test_coupling_against_zuko() -> None:
    transforms = zuko.transforms
    net, x = coupling_network(Drawn, 4), normal(5, 4)
    for mask in masks(Drawn, 4):
        kept = mask.bool()

        def meta(x_a: Tensor, kept: Tensor = kept) -> torch.distributions.Transform:
            seen = torch.zeros(len(x_a), 4, dtype=torch.float64)
            seen[:, kept] = x_a
            raw, t = net(seen).chunk(2, 1)
            scale = (2 * torch.tanh(raw / 2)).exp()
            return torch.distributions.AffineTransform(t[:, ~kept], scale[:, ~kept], event_dim=1)

        layer = transforms.CouplingTransform(meta, kept)
        z, log_det = reference.coupling_forward(x, mask, net)
        agree(layer(x), z)
        agree(layer.log_abs_det_jacobian(x, z), log_det)
        agree(layer.inv(z), reference.coupling_inverse(z, mask, net))


def test_a_stack_against_zuko() -> None:
    a, c = [normal(3) for _ in range(2)], [normal(3) for _ in range(2)]

    def affine(scale: Tensor, shift: Tensor) -> Layer:
        log_det = scale.sum()
        return Layer(
            lambda x: (x * scale.exp() + shift, log_det.expand(len(x))),
            lambda z: (z - shift) * (-scale).exp(),
        )

    layers = [affine(*each) for each in zip(a, c, strict=True)]
    flow = SimpleNamespace(
        forward=lambda x: reference.compose_flows(layers, x),
        inverse=lambda z: reference.invert_flows(layers, z),
    )
    theirs = zuko.distributions.NormalizingFlow(
        zuko.transforms.ComposedTransform(
            *(
                torch.distributions.AffineTransform(shift, scale.exp(), event_dim=1)
                for scale, shift in zip(a, c, strict=True)
            )
        ),
        zuko.distributions.DiagNormal(torch.zeros(3).double(), torch.ones(3).double()),
    )
    x = normal(6, 3)
    agree(reference.flow_log_prob(flow, x), theirs.log_prob(x))
    agree(reference.sample_flow(flow, x), theirs.transform.inv(x))
