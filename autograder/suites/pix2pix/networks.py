"""Networks of named parts: what the suites of the generators and of the discriminator share.

A network stays in the student's process and gets random weights by the names that the text gives.
Its twin here, the oracle's class, gets the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.checks import (
    View,
    after,
    aspect,
    close,
    follows_device,
    has_dtype,
    inputs_unchanged,
    is_true,
    refuses,
)
from autograder.suites.diffusion.forward_process import parameters, same_names, weight_gradients
from autograder.suites.gan.titles import Check, by_name, titled

SCALE = 0.3
"""Of the weights: far from those of a new network, and without saturating a Tanh."""


def networks(student: Any, draw: Any, oracle: type, *arguments: Any) -> tuple[Any, Any]:
    """A network over there and its twin here, with random weights and statistics, in float64."""
    theirs = getattr(student, oracle.__name__)(*arguments)
    twin = oracle(*arguments).double()
    fill(student, draw, theirs, twin)
    return theirs, twin


def fill(student: Any, draw: Any, theirs: Any, twin: torch.nn.Module) -> None:
    """Give both the same random weights and statistics."""
    same_names(student, theirs, twin)
    values = {name: SCALE * draw.normal(*p.shape) for name, p in twin.named_parameters()}
    for name, tensor in twin.named_buffers():
        if name.endswith("running_mean"):
            values[name] = SCALE * draw.normal(*tensor.shape)
        if name.endswith("running_var"):
            values[name] = draw.uniform(*tensor.shape, low=0.2, high=1.5)
    set_state(theirs.double(), twin, values)


def set_state(theirs: Any, twin: torch.nn.Module, values: dict[str, Tensor]) -> None:
    """Set some of the tensors of both, by name."""
    twin.load_state_dict({**twin.state_dict(), **values})
    theirs.load_state_dict({**dict(theirs.state_dict()), **values})


def agree(theirs: Any, twin: torch.nn.Module, *given: Tensor) -> None:
    close(theirs(*given), twin(*given).detach(), rtol=1e-5, atol=1e-7)


def agree_in(mode: bool, theirs: Any, twin: torch.nn.Module, *given: Tensor) -> None:
    for network in (theirs, twin):
        network.train(mode)
    agree(theirs, twin, *given)


def network_checks(
    oracle: type,
    plain: tuple[Any, ...],
    others: list[tuple[Any, ...]],
    inputs: Callable[..., tuple[Tensor, ...]],
) -> dict[str, Check]:
    """Checks of a class of networks.

    plain: arguments of one without dropout, and others: more of them. inputs(draw, arguments,
    batch, height, width) gives what a network with these arguments takes.
    """

    def right(student: Any, draw: Any) -> None:
        agree_in(False, *networks(student, draw, oracle, *plain), *inputs(draw, plain))

    once_right = after(right)

    @pytest.mark.parametrize("number", range(len(others) + 1))
    @titled("gives what the table says for given weights, in evaluation mode")
    def test_values(student: Any, draw: Any, number: int) -> None:
        arguments = [plain, *others][number]
        theirs, twin = networks(student, draw, oracle, *arguments)
        for size in ((2, 16, 16), (3, 32, 16), (1, 16, 48)):
            agree_in(False, theirs, twin, *inputs(draw, arguments, *size))

    @aspect("training")
    @once_right
    @titled(
        "normalises by the batch in training mode, and moves the running statistics once for a call"
    )
    def test_training_mode(student: Any, draw: Any) -> None:
        theirs, twin = networks(student, draw, oracle, *plain)
        for _ in range(2):
            agree_in(True, theirs, twin, *inputs(draw, plain))
        state = dict(theirs.state_dict())
        for name, tensor in twin.named_buffers():
            close(state[name], tensor)

    @aspect("structure")
    @pytest.mark.parametrize("number", range(len(others) + 1))
    @titled("has the weights that the table names, and no others")
    def test_parameters(student: Any, draw: Any, number: int) -> None:
        arguments = [plain, *others][number]
        theirs, twin = getattr(student, oracle.__name__)(*arguments), oracle(*arguments)
        same_names(student, theirs, twin)
        is_true(dict(theirs.state_dict()).keys() == twin.state_dict().keys(), "other buffers")

    @aspect("structure")
    @once_right
    @titled("has its own random weights in each network, all of them ready to be trained")
    def test_own_weights(student: Any, draw: Any) -> None:
        one, two = (
            parameters(student, getattr(student, oracle.__name__)(*plain)) for _ in range(2)
        )
        for name, value in one.items():
            is_true(value.requires_grad, f"{name} is frozen")
            if value.dim() > 1:
                is_true(not torch.equal(value, two[name]), f"{name} is the same")
                is_true(float(value.detach().std()) > 0, f"{name} is constant")

    @aspect("training")
    @once_right
    @pytest.mark.parametrize("mode", [True, False])
    @titled("sends the right gradients to its inputs and to all of its weights")
    def test_gradients(student: Any, draw: Any, mode: bool) -> None:
        theirs, twin = networks(student, draw, oracle, *plain)
        given, leaves = inputs(draw, plain), []
        weight = None
        for network in (twin, theirs):
            network.train(mode)
            mine = [each.clone().requires_grad_() for each in given]
            value = network(*mine)
            weight = draw.normal(*value.shape) if weight is None else weight
            (weight * value).sum().backward()
            leaves.append([each.grad for each in mine])
        close(leaves[1], leaves[0], rtol=1e-4, atol=1e-7)
        weight_gradients(student, theirs, twin)

    @aspect("edges")
    @once_right
    @titled("works for a batch of one")
    def test_one_image(student: Any, draw: Any) -> None:
        theirs, twin = networks(student, draw, oracle, *plain)
        for mode in (True, False):
            agree_in(mode, theirs, twin, *inputs(draw, plain, 1, 32, 32))

    @aspect("conventions")
    @once_right
    @titled("takes its sizes as a list or as a tuple")
    def test_sequences(student: Any, draw: Any) -> None:
        for kind in (list, tuple):
            changed = [kind(each) if isinstance(each, list | tuple) else each for each in plain]
            agree_in(False, *networks(student, draw, oracle, *changed), *inputs(draw, plain))

    @aspect("conventions")
    @once_right
    @titled("leaves its inputs as they were")
    def test_inputs(student: Any, draw: Any) -> None:
        theirs, _ = networks(student, draw, oracle, *plain)
        theirs(*inputs(draw, plain))
        inputs_unchanged(student)

    @aspect("conventions")
    @once_right
    @titled("computes in the precision of its inputs and weights, float32 and float64")
    def test_dtype(student: Any, draw: Any) -> None:
        theirs, twin = networks(student, draw, oracle, *plain)
        given = inputs(draw, plain)
        result = theirs.eval()(*given)
        has_dtype(result, torch.float64)
        close(result, twin.eval()(*given).detach(), rtol=1e-9, atol=1e-11)
        has_dtype(theirs.float()(*(each.float() for each in given)), torch.float32)

    @aspect("conventions")
    @once_right
    @titled("computes on the device of its inputs")
    def test_device(student: Any, draw: Any) -> None:
        theirs, twin = networks(student, draw, oracle, *plain)
        theirs.eval()
        twin.eval()
        follows_device(
            lambda *given: theirs.to(given[0].device)(*given),
            lambda *given: twin(*given).detach(),
            *inputs(draw, plain),
        )

    @aspect("conventions")
    @once_right
    @titled("gives the same result when its inputs are not contiguous in memory")
    def test_layout(student: Any, draw: Any) -> None:
        theirs, twin = networks(student, draw, oracle, *plain)
        given = inputs(draw, plain)
        views = [View(each.transpose(-1, -2).contiguous(), ("transpose", -1, -2)) for each in given]
        expected = twin.eval()(*given).detach()
        close(theirs.eval()(*views), expected, rtol=1e-5, atol=1e-7)

    return by_name(
        *(test_values, test_training_mode, test_parameters, test_own_weights, test_gradients),
        *(test_one_image, test_sequences, test_inputs, test_dtype, test_device, test_layout),
    )


@functools.cache
def generator_checks(oracle: type) -> dict[str, Check]:
    """Checks of a generator: those of all networks, its noise, and sizes that it refuses."""
    plain = (3, 1, (4, 6, 5), 0.0)

    def inputs(
        draw: Any, arguments: tuple[Any, ...], n: int = 2, height: int = 16, width: int = 32
    ) -> tuple[Tensor]:
        return (draw.normal(n, arguments[0], height, width),)

    def right(student: Any, draw: Any) -> None:
        agree_in(False, *networks(student, draw, oracle, *plain), *inputs(draw, plain))

    once_right = after(right)

    @aspect("noise")
    @once_right
    @titled("drops numbers in the middle in training mode, and nothing else")
    def test_all_dropped(student: Any, draw: Any) -> None:
        for widths in ((4, 6, 5), (3,), (5, 2)):
            arguments = (2, 3, widths, 1.0)
            theirs, twin = networks(student, draw, oracle, *arguments)
            agree_in(True, theirs, twin, *inputs(draw, arguments))

    @aspect("noise")
    @once_right
    @titled("has no noise in evaluation mode, or without dropout")
    def test_no_noise(student: Any, draw: Any) -> None:
        for dropout, mode in ((0.7, False), (0.0, True)):
            arguments = (2, 3, (4, 6, 5), dropout)
            agree_in(mode, *networks(student, draw, oracle, *arguments), *inputs(draw, arguments))

    @aspect("noise")
    @once_right
    @pytest.mark.parametrize("dropout", [None, 0.2, 0.8])
    @titled(
        "drops each number of the middle on its own with the probability asked for (one half if "
        "none is given), and scales the others up"
    )
    def test_share(student: Any, draw: Any, dropout: float | None) -> None:
        arguments = (1, 1, (2,)) if dropout is None else (1, 1, (2,), dropout)
        theirs, twin = networks(student, draw, oracle, *arguments)
        weight = torch.zeros(2, 1, 4, 4, dtype=torch.float64)
        weight[0, 0, 1, 1] = 0.2  # every second pixel is a number of the middle's first channel
        set_state(theirs, twin, {"up.0.0.weight": weight, "up.0.0.bias": torch.zeros(1).double()})
        (x,) = inputs(draw, arguments, 2, 64, 64)
        kept = 1 - (0.5 if dropout is None else dropout)
        middle = twin.down[0](x)[:, :1]
        expected = torch.tanh(0.2 * middle.detach() / kept)  # (2, 1, 32, 32)
        found = theirs.train()(x)[:, :, ::2, ::2].detach()
        dropped = found.abs() < 1e-12
        close(torch.where(dropped, expected, found), expected)
        share = float((~dropped).double().mean())
        is_true(abs(share - kept) < 0.08, f"{share:.3f} of the numbers are kept")
        again = theirs(x)[:, :, ::2, ::2].detach()
        is_true(not torch.equal(again, found), "the same noise twice")

    @aspect("edges")
    @once_right
    @titled("raises ValueError for images that cannot be halved often enough")
    def test_refuses(student: Any, draw: Any) -> None:
        theirs, twin = networks(student, draw, oracle, *plain)
        for height, width in ((12, 16), (16, 20), (4, 8), (17, 16)):
            refuses(theirs, *inputs(draw, plain, 2, height, width))
        agree_in(False, theirs, twin, *inputs(draw, plain, 2, 24, 8))

    @aspect("edges")
    @once_right
    @titled("works down to one pixel in the middle, and with a single level")
    def test_small(student: Any, draw: Any) -> None:
        for widths, height, width in (((4, 6, 5), 8, 8), ((3,), 2, 4), ((3,), 6, 2)):
            arguments = (1, 2, widths, 0.5)
            theirs, twin = networks(student, draw, oracle, *arguments)
            agree_in(False, theirs, twin, *inputs(draw, arguments, 1, height, width))

    others = [(1, 3, [8, 4], 0.5), (2, 2, (4, 4, 8, 3), 0.3)]
    return {
        **network_checks(oracle, plain, others, inputs),
        **by_name(test_all_dropped, test_no_noise, test_share, test_refuses, test_small),
    }
