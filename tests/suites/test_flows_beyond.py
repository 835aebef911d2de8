"""The oracles of the lab `beyond`, each against a third way: zuko, scipy,
closed forms, gradients by finite differences.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import scipy.integrate
import torch
import zuko
from torch import Tensor

from autograder.checks.suite import oracles

reference = SimpleNamespace(**oracles("flows"))

CONTRACT = {
    "made_masks": "order hidden_degrees n_params",
    "maf_forward": "conditioner x",
    "maf_sample": "conditioner z order",
    "reversed_maf": "conditioners x",
    "spline_forward": "x widths heights derivatives bound min_size min_derivative",
    "spline_inverse": "y widths heights derivatives bound min_size min_derivative",
    "hutchinson_trace": "f x probes",
    "integrate_flow": "field x t_start t_end n_steps method",
    "residual_inverse": "g y n_iterations x_init",
}


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20)


def normal(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def agree(actual: Tensor, expected: Tensor) -> None:
    assert actual.shape == expected.shape
    torch.testing.assert_close(actual.detach(), expected.detach(), rtol=1e-8, atol=1e-9)


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


# Autoregressive flows

ORDER = torch.tensor([2, 0, 3, 1])
PLACE = ORDER.argsort()


def conditioner(order: Tensor) -> Callable[[Tensor], Tensor]:
    """tanh of linear maps of what comes before."""
    place = order.argsort()
    weight = normal(2 * len(order), len(order)) * (place < place.repeat(2)[:, None])
    shift = normal(2 * len(order))
    return lambda x: torch.tanh(x @ weight.T) + shift


def test_a_network_with_the_masks_has_the_jacobian_that_the_order_allows() -> None:
    degrees = [torch.arange(24) % 4, (torch.arange(30) * 7) % 4]
    masks = reference.made_masks(ORDER, degrees)
    layers = [(normal(*mask.shape) * mask, normal(len(mask))) for mask in masks]

    def network(x: Tensor) -> Tensor:
        for weight, bias in layers:
            x = torch.tanh(weight @ x + bias)
        return x

    jacobian = torch.autograd.functional.jacobian(network, normal(4))
    allowed = PLACE.repeat(2)[:, None] > PLACE
    assert ((jacobian != 0) == allowed).all()


def test_maf_is_a_conditional_gaussian_for_each_component() -> None:
    net, x = conditioner(ORDER), normal(6, 4)
    z, log_det = reference.maf_forward(net, x)
    mu, log_scale = net(x).chunk(2, 1)
    by_component = torch.distributions.Normal(mu, log_scale.exp()).log_prob(x).sum(1)
    agree(torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1) + log_det, by_component)


def test_maf_sample_is_the_inverse_and_has_the_slopes_of_one() -> None:
    net, z = conditioner(ORDER), normal(5, 4)
    agree(reference.maf_forward(net, reference.maf_sample(net, z, ORDER))[0], z)
    slopes(lambda z: reference.maf_sample(net, z, ORDER), normal(3, 4))


def test_a_stack_is_its_layers() -> None:
    nets, x = [conditioner(torch.arange(3)) for _ in range(3)], normal(5, 3)
    h, total = x, torch.zeros(5, dtype=torch.float64)
    for i, net in enumerate(nets):
        h, log_det = reference.maf_forward(net, h if i == 0 else h.flip(1))
        total = total + log_det
    z, log_prob = reference.reversed_maf(nets, x)
    agree(z, h)
    agree(log_prob, torch.distributions.Normal(0.0, 1.0).log_prob(h).sum(1) + total)
    slopes(lambda x: reference.reversed_maf(nets, x)[1], normal(2, 3))


def zuko_conditioner(layer: Any, *, reverse: bool = False) -> Callable[[Tensor], Tensor]:
    """Our (mu, log_scale) of a masked autoregressive transform of zuko's, y = x e^s + shift.

    reverse: for components that come in the reverse order.
    """

    def ours(x: Tensor) -> Tensor:
        there = x.flip(1) if reverse else x
        affine = layer.meta(None, there).base
        log_scale = -affine.log_scale.expand_as(x)
        mu = -affine.shift * log_scale.exp()
        pair = (each.flip(1) if reverse else each for each in (mu, log_scale))
        return torch.cat(list(pair), 1)

    return ours


def test_one_layer_of_zuko() -> None:
    # what zuko calls order are the places
    layer = zuko.flows.MaskedAutoregressiveTransform(4, order=PLACE, hidden_features=(16, 16))
    layer, x = layer.double(), 2 * normal(7, 4)
    net = zuko_conditioner(layer)
    expected, log_det = layer().call_and_ladj(x)
    agree(torch.stack(reference.maf_forward(net, x)[0].unbind()), expected)
    agree(reference.maf_forward(net, x)[1], log_det)
    agree(reference.maf_sample(net, x, ORDER), layer().inv(x))
    paths = torch.eye(4)
    for mask in reference.made_masks(ORDER, [torch.arange(8) % 4], 1):
        paths = mask @ paths
    assert torch.equal(paths > 0, layer.order[:, None] > layer.order)


def test_a_stack_of_zuko() -> None:
    flow = zuko.flows.MAF(4, transforms=3, hidden_features=(16, 16)).double()
    x = 2 * normal(7, 4)
    nets = [
        zuko_conditioner(layer, reverse=i % 2 == 1)
        for i, layer in enumerate(flow.transform.transforms)
    ]
    z, log_prob = reference.reversed_maf(nets, x)
    agree(log_prob, flow().log_prob(x))
    agree(z, flow().transform(x))


# Splines


def parameters(n: int, n_bins: int) -> tuple[Tensor, Tensor, Tensor]:
    return 1.5 * normal(n, n_bins), 1.5 * normal(n, n_bins), 2 * normal(n, n_bins - 1)


def test_a_spline_goes_through_its_knots_and_back() -> None:
    x = torch.linspace(-4, 4, 41, dtype=torch.float64)
    given = parameters(41, 5)
    y, log_det = reference.spline_forward(x, *given)
    step = 1e-6
    ahead, behind = (reference.spline_forward(x + h, *given)[0] for h in (step, -step))
    torch.testing.assert_close(log_det.exp(), (ahead - behind) / (2 * step), rtol=1e-5, atol=1e-6)
    agree(reference.spline_inverse(y, *given), x)


def test_slopes_of_splines() -> None:
    x, given = torch.tensor([-2.0, 0.3, 1.9, 5.0]).double(), parameters(4, 4)
    for result in (0, 1):
        slopes(lambda *all, result=result: reference.spline_forward(*all)[result], x, *given)
    slopes(reference.spline_inverse, x, *given)


def test_the_spline_of_zuko() -> None:
    x, (widths, heights, derivatives) = 2 * normal(60), parameters(60, 6)
    theirs = zuko.transforms.MonotonicRQSTransform(widths, heights, derivatives, bound=3.0)
    # zuko bounds the parameters where the paper bounds the sizes, and its slopes are exponentials
    limit = math.log(1e-3)
    widths, heights = (u / (1 + (2 * u / limit).abs()) for u in (widths, heights))
    slope = theirs.derivatives[..., 1:-1]
    given = widths, heights, slope.expm1().log(), 3.0, 0.0, 0.0
    y, log_det = reference.spline_forward(x, *given)
    expected, theirs_log_det = theirs.call_and_ladj(x)
    agree(y, expected)
    agree(log_det, theirs_log_det)
    agree(reference.spline_inverse(x, *given), theirs.inv(x))


# Continuous and residual flows


def field(t: float, x: Tensor) -> tuple[Tensor, Tensor]:
    """A field of the plane with its own divergence."""
    rate = math.cos(t)
    velocity = rate * torch.stack([torch.sin(x[:, 1]) + 0.3 * x[:, 0], x[:, 0] * x[:, 1]], 1)
    return velocity, rate * (0.3 + x[:, 0])


def test_the_trace_is_exact_for_a_basis_and_right_on_average() -> None:
    weight = normal(3, 3)

    def f(x: Tensor) -> Tensor:
        return torch.tanh(x @ weight.T) * x.sum(1, keepdim=True)

    x = normal(4, 3)
    jacobian = torch.func.vmap(torch.func.jacrev(lambda row: f(row[None])[0]))(x)
    exact = jacobian.diagonal(dim1=1, dim2=2).sum(1)
    basis = math.sqrt(3) * torch.eye(3).double()[:, None].expand(3, 4, 3)
    value, trace = reference.hutchinson_trace(f, x, basis)
    agree(value, f(x))
    agree(trace, exact)
    trace = reference.hutchinson_trace(f, x, normal(20_000, 4, 3))[1]
    torch.testing.assert_close(trace, exact, rtol=0.1, atol=0.1)
    slopes(lambda x: reference.hutchinson_trace(f, x, basis)[1], x)


@pytest.mark.parametrize(("method", "n_steps", "off"), [("euler", 4000, 2e-3), ("rk4", 40, 1e-6)])
def test_a_continuous_flow_by_scipy(method: str, n_steps: int, off: float) -> None:
    x = 0.5 * normal(3, 2)
    z, log_det = reference.integrate_flow(field, x, 0.2, 1.4, n_steps, method)
    for row, end, change in zip(x, z, log_det, strict=True):

        def slope(t: float, state: Any) -> Any:
            velocity, divergence = field(t, torch.tensor(state[None, :2]))
            return torch.cat([velocity[0], divergence]).numpy()

        exact = scipy.integrate.solve_ivp(
            slope, (0.2, 1.4), [*row.tolist(), 0.0], rtol=1e-10, atol=1e-12
        ).y[:, -1]
        torch.testing.assert_close(
            torch.cat([end, change[None]]), torch.tensor(exact), rtol=off, atol=off
        )


def test_the_log_determinant_of_a_continuous_flow_is_that_of_its_map() -> None:
    x = 0.5 * normal(3, 2)
    _, log_det = reference.integrate_flow(field, x, 0.0, 1.0, 60)
    for row, change in zip(x, log_det, strict=True):
        matrix = torch.autograd.functional.jacobian(
            lambda at: reference.integrate_flow(field, at[None], 0.0, 1.0, 60)[0][0], row
        )
        torch.testing.assert_close(matrix.slogdet().logabsdet, change, rtol=1e-6, atol=1e-6)


def test_the_inverse_of_a_linear_residual_layer() -> None:
    matrix, y = 0.2 * normal(4, 4), normal(5, 4)
    found = reference.residual_inverse(lambda x: x @ matrix.T, y, 200)
    agree(found, torch.linalg.solve(torch.eye(4) + matrix, y.T).T)
    start = normal(5, 4)
    agree(reference.residual_inverse(lambda x: x @ matrix.T, y, 1, start), y - start @ matrix.T)
