"""The networks of a DCGAN: what their oracles and checks share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.checks import (
    CheckFailed,
    View,
    aspect,
    close,
    follows_device,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
)
from autograder.report import NOT_YET
from autograder.sandbox.proxy import Handle
from autograder.suites.gan.titles import Check, by_name, titled
from autograder.worker import building

IMAGE_SIZES = (28, 64)
KINDS = tuple(kind for kind, _ in building.KINDS)
SIZES = pytest.mark.parametrize("size", IMAGE_SIZES)
STATE = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
"""What the layers of a DCGAN hold."""
MOST_LAYERS = 100
"""With weights: 9 are asked for at most. A forged list of them has no end."""
MOST_NUMBERS = 2**22
"""In what reaches a layer of a small network; a forged one may claim more."""


def coarse_size(image_size: int) -> int:
    """The largest odd factor of the size, or 4 where that is smaller: 28 -> 7, 64 -> 4."""
    while image_size % 2 == 0 and image_size > 4:
        image_size //= 2
    return image_size


def layers_of(student: Any, network: Any, x: Tensor) -> list[tuple[str, Any, Tensor]]:
    """The layers with weights that `network`, a module in the student's process, passes through for
    the input x, in order.

    For each: its kind ("conv", "linear" or "norm"), the module, and the tensor that reached it.
    What lies between two (an activation, a resizing, pooling), be it a module or a function, shows
    in the difference between the output of one and the input of the next.
    """
    layers = []
    for kind, module, reached in student.new(f"{building.__name__}.layers_passed", network, x):
        if len(layers) == MOST_LAYERS:
            raise CheckFailed("layers", told=f"it has more than {MOST_LAYERS} layers with weights")
        if reached is None:
            raise CheckFailed("keywords only", told="hand each layer its input without a keyword")
        if not (
            isinstance(kind, str)
            and kind in KINDS
            and isinstance(module, Handle)
            and isinstance(reached, Tensor)
        ):
            raise CheckFailed("layers that are none: the reply is forged")
        layers.append((kind, module, reached))
    return layers


def layers(student: Any, network: Any, x: Tensor) -> list[tuple[str, Any, Tensor]]:
    """What a network consists of, in evaluation mode: `layers_of`, three layers at least."""
    found = layers_of(student, network.eval(), x)
    if len(found) < 3:
        raise CheckFailed(
            f"{len(found)} layers with weights",
            told="no three layers of torch.nn (convolutions, batch norm, linear ones) are found",
        )
    return found


def laid_out(
    student: Any, network: Any, x: Tensor, in_order: Callable[[Sequence[str]], bool]
) -> list[tuple[str, Any, Tensor]]:
    """Its layers, if their kinds are in order; what is looked at then is judged later otherwise."""
    found = layers(student, network, x)
    if not in_order([kind for kind, *_ in found]):
        raise CheckFailed("not looked at: other layers", told=NOT_YET)
    return found


def has_kinds(found: Sequence[tuple[str, Any, Tensor]], in_order: Callable[..., bool]) -> None:
    """Fail unless the kinds of the layers are in order; the student reads which are found."""
    kinds = [kind for kind, *_ in found]
    if not in_order(kinds):
        raise CheckFailed(str(kinds), told=f"its layers are {', '.join(kinds)}")


def has_stages(
    shapes: Sequence[tuple[int, ...]],
    expected: Sequence[tuple[int, ...]],
    told: str,
    nothing: str = "none",
) -> None:
    """Fail unless these are the shapes (channels, height, width), stage by stage. The student reads
    `told` and then their own, or `nothing`.
    """
    if list(shapes) != list(expected):
        shown = ", ".join(" x ".join(map(str, shape)) for shape in shapes)
        told = f"{told} {shown or nothing}"
        raise CheckFailed(told, told=told)


def loud(network: Any, draw: Any, scale: float = 1.0) -> Any:
    """Fill every float of the network's state with random numbers, so that no layer is as it was
    initialised.
    """
    state = network.state_dict()
    for name, value in state.items():
        if value.dtype == torch.float32:
            noise = draw.normal(*value.shape, dtype=torch.float32)
            state[name] = 0.5 + noise.abs() if name.endswith("running_var") else scale * noise
    network.load_state_dict(state)
    return network


def alike(actual: Tensor, expected: Tensor) -> bool:
    """Whether these are the same values, in whatever order: layouts differ."""
    mine, theirs = (tensor.detach().flatten().sort().values for tensor in (actual, expected))
    size = max(1.0, float(theirs.abs().max()))
    return mine.shape == theirs.shape and bool(((mine - theirs).abs() < 2e-4 * size).all())


def passes_on(output: Tensor, reached: Tensor, activation: Callable[[Tensor], Tensor]) -> bool:
    """Whether what reached a layer is the activation of the last one's output, resized to twice
    the size or not, padded or not.
    """
    if reached.numel() == output.numel():
        return alike(reached, activation(output))
    if reached.ndim != 4 or not output.numel() <= reached.numel() <= MOST_NUMBERS:
        return False
    if output.ndim == 2:  # not laid out as a grid yet
        side = round((output.shape[1] / reached.shape[1]) ** 0.5)
        if reached.shape[1] * side**2 != output.shape[1]:
            return False
        output = output.unflatten(1, (reached.shape[1], side, side))
    side, padded = output.shape[-1], reached.shape[-1]
    candidates = [activation(output)]
    if padded >= 2 * side:
        candidates = []
        for options in (
            {"mode": "nearest"},
            {"mode": "bilinear"},
            {"mode": "bilinear", "align_corners": True},
            {"mode": "bicubic"},
        ):
            resize = functools.partial(torch.nn.functional.interpolate, scale_factor=2, **options)
            candidates += [resize(activation(output)), activation(resize(output))]
    side = candidates[0].shape[-1]
    return any(
        alike(reached[..., i : i + side, i : i + side], candidate)
        for i in range(padded - side + 1)
        for candidate in candidates
    )


def network_checks(
    build: Callable[..., Any],
    inputs: Callable[..., Tensor],
    called: str,
    *,
    sizes: Sequence[int] = IMAGE_SIZES,
) -> dict[str, Check]:
    """Checks that generator and discriminator have in common, and other networks by these rules.

    build(student, size=28): a network of the student's; inputs(draw, batch, size=28): what goes
    into it, in float32; called: what the text calls these; sizes: of the images.
    """

    @aspect("structure")
    @titled("has batch norm that brings every channel to unit variance")
    def test_norm(student: Any, draw: Any) -> None:
        found = layers(student, build(student), inputs(draw, 2))
        norms = [module for kind, module, _ in found if kind == "norm"]
        is_true(norms, "no batch norm")
        if any(module.eps > 0.01 for module in norms):
            raise CheckFailed("eps", told="the eps of its batch norm is far from small")

    @aspect("training")
    @titled("normalises with the batch in training mode, with kept statistics in evaluation mode")
    def test_modes(student: Any, draw: Any) -> None:
        x = inputs(draw, 8)
        network = build(student).eval()
        together = network(x)
        close(network(x[:2]), together[:2], rtol=1e-3, atol=1e-5)
        close(network(x), together, rtol=1e-3, atol=1e-5)
        before = network.state_dict()
        network.train()
        whole = network(x).detach()
        moved = network.state_dict()
        means = [name for name in before if name.endswith("running_mean")]
        is_true(
            means and not any(torch.equal(moved[name], before[name]) for name in means),
            "statistics that do not follow the batch",
        )
        half = network(x[:4]).detach()
        is_true(not torch.allclose(whole[:4], half, atol=1e-5), "the batch does not matter")

    @aspect("training")
    @titled("computes the same for the same batch in training mode: without dropout or noise")
    def test_nothing_random(student: Any, draw: Any) -> None:
        x, network = inputs(draw, 8), build(student).train()
        close(network(x), network(x), rtol=1e-3, atol=1e-5)

    @aspect("training")
    @titled(f"lets gradients reach the {called} and every one of its parameters")
    def test_gradients(student: Any, draw: Any) -> None:
        for size in sizes:
            network = build(student, size=size).train()
            x = inputs(draw, 4, size).requires_grad_()
            value = network(x)
            (value * draw.normal(*value.shape, dtype=torch.float32)).sum().backward()
            is_true(x.grad is not None and bool((x.grad.flatten(1).abs().sum(1) > 0).all()))
            gradient = student.new("operator.attrgetter", "grad")
            found = student.new(
                "builtins.list", student.new("builtins.map", gradient, network.parameters())
            )
            is_true(
                found and all(isinstance(grad, Tensor) and grad.isfinite().all() for grad in found)
            )

    @aspect("training")
    @titled("is a new network, with random weights of its own, at each call")
    def test_fresh(student: Any, draw: Any) -> None:
        one, two = build(student).eval(), build(student).eval()
        x = inputs(draw, 3)
        before = two(x).detach()
        is_true(not torch.allclose(one(x).detach(), before, atol=1e-6), "the same weights")
        loud(one, draw)
        close(two(x), before, rtol=1e-4, atol=1e-6)

    @aspect("edges")
    @titled(
        "has batch norm and convolutions with PyTorch's defaults, and no weights or statistics "
        "beside those of its layers"
    )
    def test_defaults(student: Any, draw: Any) -> None:
        network = build(student)
        for kind, module, _ in layers(student, network, inputs(draw, 2)):
            if kind == "norm" and (module.eps, module.momentum, module.affine) != (1e-5, 0.1, True):
                raise CheckFailed(
                    "norm", told="its batch norm has another eps or momentum, or no weights"
                )
            is_true(kind != "conv" or module.groups == 1, "groups")
        other = [name for name in network.state_dict() if name.split(".")[-1] not in STATE]
        is_true(not other, f"state {other}")

    @aspect("conventions")
    @titled("goes to another device or precision as a whole")
    def test_moves(student: Any, draw: Any) -> None:
        x = inputs(draw, 2)
        has_dtype(build(student).eval().double()(x.double()), torch.float64)
        network = build(student).eval()
        here = network(x).detach()
        follows_device(lambda x: network.to(x.device)(x), lambda x: here, x)

    return by_name(
        *(test_norm, test_modes, test_nothing_random, test_gradients, test_fresh),
        *(test_defaults, test_moves),
    )


# Of networks that make images of codes: a projection to a coarse grid, then convolutions


def image_layer_last(kinds: Sequence[str]) -> bool:
    """Whether the layers are of the right kinds: a projection, convolutions, batch norms."""
    norms = [kind == "norm" for kind in kinds]
    return (
        norms == [i % 2 == 1 for i in range(len(kinds))]
        and norms[-1:] == [False]
        and ("linear" not in kinds[1:])
    )


def image_checks(
    build: Callable[..., Any], codes: Callable[..., Tensor], sizes: Sequence[int]
) -> dict[str, Check]:
    """Checks of the images: build(student, size=28, width=2, n_channels=1) makes the network."""

    @aspect("images")
    @pytest.mark.parametrize("size", sizes)
    @titled("applies a tanh to the output of its last layer, and nothing else")
    def test_tanh(student: Any, draw: Any, size: int) -> None:
        network = loud(build(student, size=size, n_channels=3), draw, 0.5)
        z = codes(draw, 4)
        _, last, reached = layers(student, network, z)[-1]
        pixels = network(z)
        has_shape(pixels, 4, 3, size, size)
        # in whatever order: a resizing or reshaping after the layer may come in another one
        is_true(alike(pixels, last(reached).detach().tanh()))

    @aspect("images")
    @pytest.mark.parametrize("size", sizes)
    @titled("gives neighbouring pixels values of their own: no blocks")
    def test_detail(student: Any, draw: Any, size: int) -> None:
        # loud and wide: else the ReLU of one right network in hundreds leaves whole areas at zero
        found = layers(student, loud(build(student, size=size, width=16), draw), codes(draw, 4))
        output = found[-1][1](found[-1][2]).detach()
        is_true(output.ndim == 4)
        for axis in (2, 3):
            is_true((output.diff(dim=axis) != 0).float().mean() > 0.9)

    return by_name(test_tanh, test_detail)


def layer_checks(
    build: Callable[..., Any],
    codes: Callable[..., Tensor],
    sizes: Sequence[int],
    projection: str,
) -> dict[str, Check]:
    """Checks of the layers, of the smallest network, and of the codes.

    build(student, n_latent=6, width=2, size=28, n_channels=1): the network; projection: what the
    text calls its first layer.
    """

    @aspect("structure")
    @titled(
        "makes the image from `width` channels by a convolution, with a channel of its own for "
        "each colour"
    )
    def test_image_layer(student: Any, draw: Any) -> None:
        found = layers(student, build(student, n_channels=3, width=7), codes(draw, 2))
        kind, last, reached = found[-1]
        is_true(kind == "conv" and reached.shape[1] == 7)
        # 3, or 12 where its channels are shuffled into pixels
        is_true(last(reached).shape[1] % 3 == 0)

    @aspect("structure")
    @pytest.mark.parametrize("size", sizes)
    @titled("has a ReLU after each batch norm, and nothing else but resizing between its layers")
    def test_relu(student: Any, draw: Any, size: int) -> None:
        network = loud(build(student, size=size), draw)
        z = codes(draw, 2)
        found = laid_out(student, network, z, image_layer_last)
        if not alike(found[0][2], z):
            raise CheckFailed("other codes", told=f"what the {projection} gets is not the codes")
        for (kind, module, reached), (_, _, arrived) in pairwise(found):
            output = module(reached).detach()
            if kind == "norm" and not passes_on(output, arrived, torch.relu):
                raise CheckFailed("no ReLU", told="what follows a batch norm is not just a ReLU")
            if kind != "norm" and not passes_on(output, arrived, lambda values: values):
                raise CheckFailed(
                    "between layer and norm",
                    told="something lies between a layer and the next one",
                )

    @aspect("edges")
    @pytest.mark.parametrize("size", sizes)
    @titled("makes an image from a single code, also from one number and with a width of one")
    def test_smallest(student: Any, draw: Any, size: int) -> None:
        network = build(student, 1, 1, size, 1).eval()
        has_shape(network(draw.normal(2, 1, dtype=torch.float32)), 2, 1, size, size)
        has_shape(network(draw.normal(1, 1, dtype=torch.float32)), 1, 1, size, size)

    @aspect("conventions")
    @titled("leaves the codes as they were, and takes them in any layout")
    def test_codes_stay(student: Any, draw: Any) -> None:
        network, z = build(student).eval(), codes(draw, 3)
        value = network(z).detach()
        inputs_unchanged(student)
        close(network(View(z.t().contiguous(), ("t",))), value)

    return by_name(test_image_layer, test_relu, test_smallest, test_codes_stay)
