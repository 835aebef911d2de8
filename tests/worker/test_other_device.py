"""The second device by itself: the CPU's values, a GPU's refusals, and nothing left behind."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils._python_dispatch import _get_current_dispatch_mode

from autograder.worker import other_device
from autograder.worker.other_device import DEVICE, Elsewhere, bring, move

X = torch.linspace(-1.0, 2.0, 12, dtype=torch.float64).reshape(4, 3) ** 2 - 0.3


@pytest.fixture(autouse=True)
def device() -> Iterator[None]:
    with other_device.other_device():
        yield


def square(n: int, x: torch.Tensor) -> torch.Tensor:
    """A positive definite matrix of x."""
    return x.T @ x + torch.eye(n, dtype=x.dtype, device=x.device)


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> torch.Tensor:
        (x,) = ctx.saved_tensors
        return 3 * x**2 * grads[0]


def in_place(x: torch.Tensor) -> torch.Tensor:
    y = x * 1
    y[0].mul_(3)
    y[:, 1] += x[:, 0]
    y.view(-1)[2:7].mul_(x.view(-1)[2:7])
    y.t()[0].zero_()
    y.t_().unsqueeze_(0)
    return y


def twice(x: torch.Tensor) -> torch.Tensor:
    (slope,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    return slope**2


def with_data(x: torch.Tensor) -> torch.Tensor:
    y = x * 2
    y.data.clamp_(-1, 1)
    y.data = y.data * 2
    return y**2


def scaled_without_a_graph(x: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        norm = x.norm()
    return x / norm + x.detach()


def parameter_on_the_cpu(x: torch.Tensor) -> torch.Tensor:
    return x * torch.tensor(2.0, dtype=x.dtype, requires_grad=True)


def by_rows(x: torch.Tensor) -> torch.Tensor:
    return torch.stack([row.sum() for row in x]) ** 2


def through_the_cpu(x: torch.Tensor) -> torch.Tensor:
    return (x.cpu() * torch.ones(3, dtype=x.dtype)).to(x.device) ** 2


DIFFERENTIABLE: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "arithmetic": lambda x: (x + 1) * x.exp() - x / 3,
    "custom function": Cube.apply,
    "in place, through views": in_place,
    "gradient of a gradient": twice,
    "data": with_data,
    "no_grad and detach": scaled_without_a_graph,
    "a CPU scalar that needs gradients": parameter_on_the_cpu,
    "iteration": by_rows,
    "to the CPU and back": through_the_cpu,
    "factories": lambda x: (
        x @ torch.eye(3, dtype=x.dtype, device=x.device) + torch.arange(3, device=x.device)
    ),
    "where": lambda x: torch.where(x > 0, x**2, torch.zeros_like(x)),
    "cat": lambda x: torch.cat([x, 2 * x], dim=1) ** 2,
    "einsum": lambda x: torch.einsum("ij,kj->ik", x, x),
    "eigh": lambda x: torch.linalg.eigh(square(3, x))[0],
    "cholesky": lambda x: torch.linalg.cholesky(square(3, x)),
    "svd": lambda x: torch.linalg.svd(x)[1],
    "slogdet": lambda x: torch.linalg.slogdet(square(3, x))[1],
    "eigvals": lambda x: torch.linalg.eigvals(square(3, x)).real.sort()[0],
    "solve": lambda x: torch.linalg.solve(square(3, x), x[0]),
    "softmax": lambda x: F.softmax(x, dim=1) ** 2,
    "logsumexp": lambda x: torch.logsumexp(x, dim=1),
    "cumsum": lambda x: x.cumsum(0) ** 2,
    "sort": lambda x: x.sort(dim=1)[0] * x,
    "topk": lambda x: x.topk(2)[0] ** 2,
    "gather": lambda x: x.gather(1, torch.zeros(4, 2, dtype=torch.long, device=x.device)) ** 2,
    "CPU indices": lambda x: x[torch.tensor([0, 0, 1])] ** 2,
    "list indices": lambda x: x[[0, 2], [1, 1]] ** 2 + x[:, [True, False, True]].sum(),
    "mask": lambda x: x[x > 0] ** 2,
    "conv2d": lambda x: (
        F.conv2d(x[None, None], torch.ones(1, 1, 2, 2, dtype=x.dtype, device=x.device)) ** 2
    ),
    "conv_transpose2d": lambda x: F.conv_transpose2d(x[None, None], x[None, None]),
    "batch_norm": lambda x: F.batch_norm(x, None, None, training=True) ** 3,
    "layer_norm": lambda x: F.layer_norm(x, (3,)) ** 3,
    "interpolate": lambda x: F.interpolate(x[None, None], scale_factor=2, mode="bilinear") ** 2,
    "max_pool2d": lambda x: F.max_pool2d(x[None, None], 2),
    "pad": lambda x: F.pad(x, (1, 1)) ** 2,
    "cross_entropy": lambda x: F.cross_entropy(x, torch.tensor([0, 1, 2, 0], device=x.device)),
    "attention": lambda x: F.scaled_dot_product_attention(x[None], x[None], x[None]),
    "normal": lambda x: torch.distributions.Normal(x, 1.5).log_prob(x**2),
    "multivariate normal": lambda x: torch.distributions.MultivariateNormal(
        x[0], square(3, x)
    ).log_prob(x),
    "kl_divergence": lambda x: torch.distributions.kl_divergence(
        torch.distributions.Normal(x, 1.0), torch.distributions.Normal(torch.zeros_like(x), 2.0)
    ),
    "vmap": lambda x: torch.func.vmap(lambda row: (row**2).sum())(x),
}


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_values_and_gradients_are_those_of_the_cpu(name: str) -> None:
    function = DIFFERENTIABLE[name]
    here, there = X.clone().requires_grad_(), move(X.clone().requires_grad_())
    expected, actual = function(here), function(there)
    assert actual.device == DEVICE and actual.shape == expected.shape
    torch.testing.assert_close(actual.detach().cpu(), expected.detach(), rtol=1e-12, atol=1e-12)
    expected.sum().backward()
    actual.sum().backward()
    assert there.grad is not None and here.grad is not None and there.grad.device == DEVICE
    torch.testing.assert_close(there.grad.cpu(), here.grad, rtol=1e-12, atol=1e-12)


FACTORIES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "zeros": lambda x: torch.zeros(3, device=x.device),
    "empty": lambda x: torch.empty(2, device=x.device),
    "full": lambda x: torch.full((2,), 3.0, device="lazy"),
    "linspace": lambda x: torch.linspace(0, 1, 3, device=x.device),
    "randn": lambda x: torch.randn(3, device=x.device),
    "randn_like": torch.randn_like,
    "tensor of a list": lambda x: torch.tensor([1.0, x[0, 0]], device=x.device),
    "tensor of a number": lambda x: torch.tensor(0.5, device=x.device, requires_grad=True),
    "as_tensor": lambda x: torch.as_tensor([[1, 2]], dtype=x.dtype, device=x.device),
    "as_tensor of an array": lambda x: torch.as_tensor(np.ones(3), device=x.device),
    "new_tensor": lambda x: x.new_tensor([1.0, 2.0]),
    "new_zeros": lambda x: x.new_zeros(2, 2),
    "from_numpy": lambda x: torch.from_numpy(np.ones(3)).to(x.device),
    "to a tensor's": lambda x: torch.ones(3).to(x),
    "type_as": lambda x: torch.ones(3).type_as(x),
    "one_hot": lambda x: F.one_hot(torch.arange(3, device=x.device), 4),
    "parameter": lambda x: nn.Parameter(torch.ones(2, device=x.device)),
    "layer": lambda x: nn.Linear(3, 2, device=x.device).weight,
    "copy of a CPU tensor": lambda x: x.clone().copy_(torch.ones(3)),
    "scalar on the CPU": lambda x: torch.tensor(2.0) * x[0, 0],
    "filled": lambda x: x.clone().masked_fill_(x > 0, torch.tensor(0.0)),
    "out=": lambda x: torch.add(x, x, out=torch.empty(0, dtype=x.dtype, device=x.device)),
    "in inference mode": torch.inference_mode()(lambda x: F.linear(x, torch.ones(2, 3).to(x))),
    "sampled": lambda x: torch.distributions.Normal(x, 1.0).rsample(),
    "deep copy": copy.deepcopy,
}


@pytest.mark.parametrize("name", FACTORIES)
def test_what_is_made_there_is_there(name: str) -> None:
    made = FACTORIES[name](move(X))
    assert isinstance(made, Elsewhere) and made.device == DEVICE and not made.is_cpu
    assert made.shape == bring(made).shape and made.dtype == bring(made).dtype


ONES = torch.ones(3, dtype=torch.float64)
MIXES: dict[str, Callable[[torch.Tensor], Any]] = {
    "added": lambda x: x + ONES,
    "from the left": lambda x: ONES * x,
    "in place": lambda x: x.add_(ONES),
    "in place on the CPU": lambda x: ONES.clone().mul_(x[0]),
    "in place on a CPU scalar": lambda x: torch.tensor(1.0).add_(x[0, 0]),
    "where, condition": lambda x: torch.where(torch.ones(4, 3) > 0, x, x),
    "where, value": lambda x: torch.where(x > 0, x, torch.zeros(4, 3)),
    "out=": lambda x: torch.add(x, x, out=torch.empty(4, 3)),
    "cat": lambda x: torch.cat([x, ONES[None]]),
    "stack": lambda x: torch.stack([x[0], ONES]),
    "stack of scalars": lambda x: torch.stack([x[0, 0], torch.tensor(1.0)]),
    "matmul": lambda x: x @ torch.eye(3),
    "einsum": lambda x: torch.einsum("ij,j->i", x, ONES),
    "index_put": lambda x: x.__setitem__(torch.tensor([0]), ONES),
    "masked": lambda x: x.__setitem__(x > 0, ONES),
    "index on the CPU": lambda x: x.gather(1, torch.zeros(4, 1, dtype=torch.long)),
    "index into the CPU": lambda x: ONES[torch.zeros(2, dtype=torch.long, device=x.device)],
    "layer on the CPU": lambda x: nn.Linear(3, 2).double()(x),
    "input on the CPU": lambda x: nn.Linear(3, 2).double().to(x.device)(ONES),
    "embedding": lambda x: nn.Embedding(3, 2)(torch.zeros(2, dtype=torch.long, device=x.device)),
    "loss": lambda x: F.binary_cross_entropy_with_logits(x, torch.ones(4, 3)),
    "labels": lambda x: F.cross_entropy(x, torch.zeros(4, dtype=torch.long)),
    "equal": lambda x: torch.equal(x, X),
    "meta": lambda x: x + torch.empty(3, device="meta"),
    "distribution": lambda x: torch.distributions.Normal(torch.zeros(3), 1.0).log_prob(x),
    "inference mode": torch.inference_mode()(lambda x: F.linear(x, torch.ones(2, 3))),
    "what came through .cpu()": lambda x: x + torch.from_numpy(x.cpu().numpy()),
}


@pytest.mark.parametrize("name", MIXES)
def test_two_devices_do_not_mix(name: str) -> None:
    with pytest.raises(RuntimeError, match=r"found at least two devices, lazy:0 and (cpu|meta)"):
        MIXES[name](move(X))


def test_a_generator_of_the_cpu_is_refused_there() -> None:
    with pytest.raises(RuntimeError, match="'lazy' device type for generator but found 'cpu'"):
        torch.randn(3, device=DEVICE, generator=torch.Generator())


def test_ways_back_are_those_of_a_gpu() -> None:
    x = move(X)
    assert type(x.cpu()) is torch.Tensor and torch.equal(x.to("cpu"), X)
    assert x.tolist() == X.tolist() and x[1, 1].item() == X[1, 1].item()
    assert float(x[0, 0]) == float(X[0, 0]) and bool(x[0, 0] > -9) and len(x) == 4
    assert [float(value) for value in x[0]] == X[0].tolist()
    assert np.array_equal(x.cpu().numpy(), X.numpy())
    assert f"{x[0, 0]:.2f}" == f"{X[0, 0]:.2f}" and "lazy:0" in repr(x)
    assert torch.equal(torch.tensor([x[0, 0], x[0, 1]], dtype=x.dtype), X[0, :2])
    assert torch.equal(torch.zeros(3, dtype=x.dtype).copy_(x[0]), X[0])
    for refused in (x.numpy, lambda: np.asarray(x), lambda: np.exp(x)):
        with pytest.raises(TypeError, match=r"can't convert lazy:0 .* Use Tensor\.cpu\(\)"):
            refused()


def network() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 2)).double()


def trained(net: nn.Module, make: Callable[..., torch.optim.Optimizer], x: torch.Tensor) -> Any:
    optimizer = make(net.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        (net(x) ** 2).mean().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimizer.step()
        for parameter in net.parameters():
            parameter.data.clamp_(-0.4, 0.4)
    return net


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop])
def test_networks_train_there_as_here(make: Any) -> None:
    here = trained(network(), make, X)
    there = trained(network().to(DEVICE), make, move(X))
    assert all(isinstance(p, nn.Parameter) and p.device == DEVICE for p in there.parameters())
    for name, tensor in here.state_dict().items():
        torch.testing.assert_close(there.state_dict()[name].cpu(), tensor)
    torch.testing.assert_close(there.eval()(move(X)).detach().cpu(), here.eval()(X).detach())
    back = there.cpu().float()(X.float())
    assert back.device.type == "cpu"


def test_an_optimizer_of_parameters_there_refuses_states_of_the_cpu() -> None:
    net = network().to(DEVICE)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(move(X)).sum().backward()
    optimizer.state[net[0].weight]["momentum_buffer"] = torch.zeros(5, 3, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="two devices"):
        optimizer.step()


def test_precision_of_a_network_changes_there() -> None:
    net = network().to(DEVICE).float()
    assert net(move(X.float())).dtype == torch.float32
    assert all(bring(parameter).dtype == torch.float32 for parameter in net.parameters())


def test_what_the_device_lacks_is_told_from_a_mistake() -> None:
    for lacking in (
        lambda: torch.Generator(device=DEVICE),
        lambda: torch.Tensor([move(X)[0, 0]]),
        lambda: torch.utils.checkpoint.checkpoint(torch.exp, move(X), use_reentrant=False),
    ):
        with pytest.raises((RuntimeError, NotImplementedError, AttributeError)) as caught:
            lacking()
        assert other_device.is_beyond(str(caught.value))
    for mistake in (lambda: move(X) + ONES, lambda: move(X).numpy()):
        with pytest.raises((RuntimeError, TypeError)) as caught:
            mistake()
        assert not other_device.is_beyond(str(caught.value))


def test_nests_are_moved_and_brought() -> None:
    nest = {"a": [torch.ones(2), (torch.zeros(1), 3)], "b": "text"}
    moved = other_device.in_nest(move, nest)
    assert moved["a"][0].device == moved["a"][1][0].device == DEVICE and moved["a"][1][1] == 3
    assert torch.equal(other_device.in_nest(bring, moved)["a"][0], torch.ones(2))
    assert other_device.is_named_in(moved) and not other_device.is_named_in(nest)
    assert other_device.is_named_in([{"device": torch.device("lazy")}])


SCRIPT = """
import sys, torch
from autograder.worker import other_device
x = other_device.move(torch.ones(3, 3)).requires_grad_()
with other_device.other_device():
    layer = torch.nn.Linear(3, 2).to(x.device)
    (layer(x) @ torch.ones(2, device=x.device)).sum().backward()
assert x.grad.device == other_device.DEVICE
assert not {"torch._dynamo", "sympy"} & set(sys.modules)
"""


def test_no_compiler_is_imported() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)


def test_nothing_stays_on() -> None:
    inside = _get_current_dispatch_mode()
    with pytest.raises(ZeroDivisionError), other_device.other_device():
        assert _get_current_dispatch_mode() is not inside
        raise ZeroDivisionError
    assert _get_current_dispatch_mode() is inside
