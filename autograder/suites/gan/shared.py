"""What several oracles and checks of `gan` share."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.checks import (
    CheckFailed,
    View,
    after,
    aspect,
    call_on_views,
    close,
    follows_device,
    has_dtype,
    inputs_unchanged,
    is_true,
    number,
    same,
    same_gradients,
    sgd,
    twin_networks,
)


def log_one_plus_exp(x: Tensor) -> Tensor:
    """log(1 + e^x), exact at both ends, in float64."""
    wide = x.double().flatten()
    return torch.logaddexp(torch.zeros_like(wide), wide)


def take_step(optimizer: Any, value: Tensor) -> Tensor:
    """Set the gradients of what the optimizer holds by autograd.grad, whatever lay there, and step.
    The value, detached.
    """
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for parameter, grad in zip(parameters, torch.autograd.grad(value, parameters), strict=True):
        parameter.grad = grad
    optimizer.step()
    return value.detach()


def coarse_size(image_size: int) -> int:
    """The largest odd factor of the size, or 4 where that is smaller: 28 -> 7, 64 -> 4."""
    while image_size % 2 == 0 and image_size > 4:
        image_size //= 2
    return image_size


def label_rows(labels: Tensor, n_classes: int, like: Tensor) -> Tensor:
    if labels.ndim == 2:
        return labels.to(like.dtype)
    return (labels[:, None] == torch.arange(n_classes, device=labels.device)).to(like.dtype)


def layers_of(student: Any, network: Any, x: Tensor) -> list[tuple[str, Any, Tensor]]:
    """The layers with weights that `network`, a module in the student's process, passes through for
    the input x, in order.

    For each: its kind ("conv", "linear" or "norm"), the module, and the tensor that reached it.
    What lies between two (an activation, a resizing, pooling), be it a module or a function, shows
    in the difference between the output of one and the input of the next.
    """
    new = student.new
    modules = new("importlib.import_module", "torch.nn.modules")
    is_a = new("operator.attrgetter", "isinstance")(new("importlib.import_module", "builtins"))
    seen = new("collections.UserDict")  # a plain dict would travel by value
    note = new("functools.partial", new("operator.attrgetter", "__setitem__")(seen))
    hook = new("torch.nn.modules.module.register_module_forward_pre_hook", note)
    try:
        network(x)
    finally:
        hook.remove()
    found = new("builtins.list", seen.keys())
    reached = new("builtins.list", seen.values())
    kinds: list[str] = [""] * len(found)
    for kind, name in (
        ("conv", "conv._ConvNd"),
        ("linear", "linear.Linear"),
        ("norm", "batchnorm._BatchNorm"),
    ):
        each = new("itertools.repeat", new("operator.attrgetter", name)(modules))
        flags = new("builtins.list", new("builtins.map", is_a, seen.keys(), each))
        kinds = [kind if flag else other for flag, other in zip(flags, kinds, strict=True)]
    layers = []
    for kind, module, inputs in zip(kinds, found, reached, strict=True):
        if kind and not inputs:
            raise CheckFailed("keywords only", told="hand each layer its input without a keyword")
        if kind:
            layers.append((kind, module, inputs[0].detach()))
    return layers


def average(scores: Tensor) -> Tensor:
    flat = scores.double().flatten()
    return (flat @ torch.full_like(flat, 1.0 / len(flat))).to(scores.dtype)


def sample_gradient(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Gradient of the critic's score at one sample x (without its batch dimension), differentiable
    in the critic's parameters.
    """
    leaf = x.detach().clone().requires_grad_()
    score = critic(leaf.unsqueeze(0)).reshape(())
    (gradient,) = torch.autograd.grad(score, leaf, create_graph=True)
    return gradient


def curved_critics(
    student: Any, draw: Any, n_inputs: int, *, column: bool = True
) -> tuple[Any, torch.nn.Sequential]:
    """A smooth critic on (B, ...) with n_inputs numbers per sample, whose slope differs from point
    to point, in the student's process, and its twin here. Scores (B, 1), or else (B,).
    """
    layers: list[Sequence[Any]] = [("Flatten",), ("Linear", n_inputs, 6), ("Softplus",)]
    flat = [] if column else [("Flatten", 0)]
    return twin_networks(student, draw, *layers, ("Linear", 6, 1), *flat)


def linear_critics(student: Any, w: Tensor, *, bend: bool = False) -> tuple[Any, Any]:
    """The critic w . x + 1 on (B, D) in the student's process, and its twin here.

    bend: its ReLU, flat where that is negative.
    """
    layers: list[Sequence[Any]] = [("Linear", len(w), 1), *([("ReLU",)] if bend else [])]
    twin = torch.nn.Sequential(*(getattr(torch.nn, name)(*sizes) for name, *sizes in layers))
    twin = twin.to(w.dtype)
    twin.load_state_dict({"0.weight": w[None], "0.bias": torch.ones(1, dtype=w.dtype)})
    theirs = student.new(
        "torch.nn.Sequential", *(student.new(f"torch.nn.{name}", *sizes) for name, *sizes in layers)
    ).to(w.dtype)
    theirs.load_state_dict(twin.state_dict())
    return theirs, twin


def parameter_gradients(
    student: Any, theirs: Any, twin: torch.nn.Sequential
) -> tuple[list[Tensor], list[Tensor]]:
    """The .grad of all parameters of two twins, theirs and ours; none counts as zero."""
    found, expected = [], []
    for name, parameter in twin.named_parameters():
        index, _, rest = name.partition(".")
        zeros = torch.zeros_like(parameter)
        gradient = student.new("operator.attrgetter", f"{rest}.grad")(theirs[int(index)])
        found.append(zeros if gradient is None else gradient)
        expected.append(zeros if parameter.grad is None else parameter.grad)
    return found, expected


def call_on_results(student: Any, name: str, *tensors: Tensor) -> Any:
    """What the student's function `name` returns for tensors that need gradients and are no leaves:
    results of another layer, as features and kernels are in a training.
    """
    given = [View(each.detach().requires_grad_(), ("mul", 1.0)) for each in tensors]
    return call_on_views(student, getattr(student, name), *given)


def rounded_off(draw: Any, kernel: Tensor) -> Tensor:
    """The kernel as rounding may leave it, a little asymmetric."""
    return kernel + 1e-7 * draw.normal(*kernel.shape, dtype=kernel.dtype)


def symmetric(kernel: Tensor) -> Tensor:
    wide = kernel.double()
    return (wide + wide.T) / 2


def frozen_copy(generator: Any) -> Any:
    """A copy of the generator to work with, in float64, evaluation mode and frozen: nothing can
    happen to the original.
    """
    return copy.deepcopy(generator).double().eval().requires_grad_(False)


Check = Callable[..., None]


def titled(title: str) -> Callable[[Check], Check]:
    """A check with this for a docstring, which a student reads."""

    def mark(check: Check) -> Check:
        check.__doc__ = title
        return check

    return mark


# The losses of the two players


@functools.cache  # so that what comes after `test_values` comes after the suite's own
def loss_checks(oracle: Callable[..., Tensor], called: str) -> dict[str, Check]:
    """Checks of a loss of the discriminator (two batches of outputs) or of the generator (one).

    called: what the text calls the outputs.
    """
    n_batches = len(inspect.signature(oracle).parameters)
    of_both = " of real and of fake images" if n_batches > 1 else ""

    def outputs(draw: Any, *shape: int) -> list[Tensor]:
        return [2 * draw.normal(*shape) + 1 - number for number in range(n_batches)]

    def agree(student: Any, *given: Tensor) -> None:
        close(getattr(student, oracle.__name__)(*given), oracle(*given))

    @titled(f"is right for random {called}{of_both}")
    def test_values(student: Any, draw: Any) -> None:
        agree(student, *outputs(draw, 7))

    @after(test_values)
    @pytest.mark.parametrize("shape", [(1,), (5, 1), (4, 1, 3, 2), (130, 1)])
    @titled(
        f"averages over all elements of {called} of any shape, a single image and maps of patches "
        "included"
    )
    def test_shapes(student: Any, draw: Any, shape: tuple[int, ...]) -> None:
        agree(student, *outputs(draw, *shape))

    @after(test_values)
    @titled("gives real and fake images the same weight when their batches differ in size")
    def test_unequal_batches(student: Any, draw: Any) -> None:
        for n_real, n_fake in ((3, 8), (9, 1)):
            agree(student, outputs(draw, n_real)[0], outputs(draw, n_fake)[1])

    @aspect("gradients")
    @after(test_values)
    @titled(f"sends the right gradients to the {called}{of_both}")
    def test_gradients(student: Any, draw: Any) -> None:
        for one, other in ((4, 6), (1, 3)):
            given = [outputs(draw, one, 1)[0], outputs(draw, other, 1)[-1]][-n_batches:]
            same_gradients(getattr(student, oracle.__name__), oracle, *given)

    @aspect("edges")
    @after(test_values)
    @titled(f"takes {called} without any axis, of shape ()")
    def test_no_axis(student: Any, draw: Any) -> None:
        agree(student, *outputs(draw))

    checks = [test_values, test_shapes, test_gradients, test_no_axis]
    return _by_name(*checks, *([test_unequal_batches] if n_batches > 1 else []))


def logit_checks(oracle: Callable[..., Tensor]) -> dict[str, Check]:
    """Checks of a loss whose logits are large, or exactly 0. They end in one of both signs."""
    n_batches = len(inspect.signature(oracle).parameters)
    dtypes = pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    once_plain = after(loss_checks(oracle, "logits")["test_values"])

    def same_gradients_at(student: Any, *given: Tensor, atol: float = 1e-7) -> None:
        same_gradients(getattr(student, oracle.__name__), oracle, *given, atol=atol)

    @once_plain
    @dtypes
    @titled("stays finite and exact when logits are very large, of either sign")
    def test_extreme_logits(student: Any, draw: Any, dtype: torch.dtype) -> None:
        signs = torch.tensor([1, 1, 1, -1, -1, -1]), torch.tensor([1, 1, -1, -1, -1, -1])
        for scale in (15.0, 40.0, 100.0, 1e4):
            given = [scale * draw.uniform(6, low=0.9, dtype=dtype) * sign for sign in signs]
            for logits in (given, [-item for item in given]):
                close(
                    getattr(student, oracle.__name__)(*logits[:n_batches]),
                    oracle(*logits[:n_batches]),
                )

    @aspect("gradients")
    @once_plain
    @dtypes
    @titled("sends finite and right gradients to logits that are very large, of either sign")
    def test_extreme_gradients(student: Any, draw: Any, dtype: torch.dtype) -> None:
        signs = torch.tensor([1, -1, 1, -1, -1], dtype=dtype)
        for scale in (25.0, 100.0, 1e4):
            same_gradients_at(student, *[scale * signs, -scale * signs][:n_batches])

    @aspect("gradients")
    @once_plain
    @titled("sends the right gradients, however small, where the discriminator is sure")
    def test_small_gradients(student: Any, draw: Any) -> None:
        signs = torch.tensor([1, -1, 1, -1, 1, -1])
        given = [draw.uniform(6, low=8, high=15) * signs for _ in range(n_batches)]
        same_gradients_at(student, *given, atol=0.0)

    @aspect("edges")
    @once_plain
    @titled("sends the right gradient where a logit is exactly 0")
    def test_zero_logits(student: Any, draw: Any) -> None:
        given = [draw.normal(4) for _ in range(n_batches)]
        for logits in given:
            logits[1:3] = 0
        same_gradients_at(student, *given)

    return _by_name(
        test_extreme_logits, test_extreme_gradients, test_small_gradients, test_zero_logits
    )


def square_checks(oracle: Callable[..., Tensor]) -> dict[str, Check]:
    """Checks of a least-squares loss: outputs far away, and outputs on their targets."""
    n_batches = len(inspect.signature(oracle).parameters)
    once_plain = after(loss_checks(oracle, "outputs")["test_values"])

    @once_plain
    @titled("takes outputs as they are, far outside [0, 1] too")
    def test_raw_outputs(student: Any, draw: Any) -> None:
        for scale in (50, 3000):
            given = [scale * draw.normal(6) for _ in range(n_batches)]
            close(getattr(student, oracle.__name__)(*given), oracle(*given))

    @aspect("edges")
    @once_plain
    @titled("sends finite and right gradients where every output is exactly on its target")
    def test_on_target(student: Any, draw: Any) -> None:
        on_target = [torch.ones(4, 1).double(), torch.zeros(6, 1).double()][:n_batches]
        same_gradients(getattr(student, oracle.__name__), oracle, *on_target)

    return _by_name(test_raw_outputs, test_on_target)


def _by_name(*checks: Check) -> dict[str, Check]:
    return {check.__name__: check for check in checks}


# Distributions on N points


def probabilities(draw: Any, n: int = 9, empty: Sequence[int] = ()) -> Tensor:
    """n random probabilities that sum to one, zero at the points named."""
    p = draw.uniform(n, low=0.1)
    p[list(empty)] = 0
    return p / p.sum()


def followed_by(values: Tensor, *rest: float) -> Tensor:
    """The values and further points, which are constants."""
    return torch.cat([values, values.new_tensor(rest)])


# One step of a player

G_LAYERS = [("Linear", 3, 8), ("Tanh",), ("Linear", 8, 6), ("Unflatten", 1, (1, 2, 3))]
G_NORMED = [("Linear", 3, 8), ("BatchNorm1d", 8), *G_LAYERS[1:]]
D_LAYERS = [("Flatten",), ("Linear", 6, 8), ("LeakyReLU", 0.2), ("Linear", 8, 1)]
D_NORMED = [*D_LAYERS[:2], ("BatchNorm1d", 8), *D_LAYERS[2:]]
"""Generators, (B, 3) -> (B, 1, 2, 3), and discriminators of their images, without and with batch
norm. The first layer with weights is the same.
"""
FIRST = {"generator": 0, "discriminator": 1}
"""The index of that layer."""
LAST = {"generator": 2, "discriminator": 3}
"""The index of the last layer with weights, without batch norm."""


def players_loss(*outputs: Tensor) -> Tensor:
    """No loss of the course: neither symmetric in its arguments nor linear. One argument: that of
    the generator.
    """
    return (outputs[0] - 2).square().mean() + (0.5 * outputs[-1]).exp().mean()


def read(student: Any, network: Any, path: str) -> Any:
    """An attribute of a part of a network in the student's process: "1.weight.grad"."""
    return student.new("operator.attrgetter", path)(network)


def parameters_of(network: Any) -> dict[str, Tensor]:
    """Weights and biases by name, without the running statistics of batch norm."""
    return {
        name: value
        for name, value in dict(network.state_dict()).items()
        if name.endswith(("weight", "bias"))
    }


def buffers_of(network: Any) -> dict[str, Tensor]:
    parameters = parameters_of(network)
    return {
        name: value for name, value in dict(network.state_dict()).items() if name not in parameters
    }


class Game:
    """Generator and discriminator in the student's process, their twins here, and an optimizer of
    each for the player whose turn it is.
    """

    def __init__(
        self,
        student: Any,
        draw: Any,
        oracle: Callable[..., Tensor],
        g_layers: Sequence[Any] = G_LAYERS,
        d_layers: Sequence[Any] = D_LAYERS,
        **options: Any,
    ) -> None:
        self.student, self.draw, self.oracle = student, draw, oracle
        self.player = oracle.__name__.removesuffix("_step")
        self.generator, self.g = twin_networks(student, draw, *g_layers, scale=0.5)
        self.discriminator, self.d = twin_networks(student, draw, *d_layers, scale=0.5)
        self.pairs = {
            "generator": (self.generator, self.g),
            "discriminator": (self.discriminator, self.d),
        }
        self.optimizers: tuple[Any, Any] = sgd(student, *self.pairs[self.player], **options)
        self.before = {name: copy.deepcopy(twin) for name, (_, twin) in self.pairs.items()}

    def batches(self, n: int = 12, n_fake: int | None = None) -> list[Tensor]:
        """What a step is handed: real images (for the discriminator only) and codes, which go
        beyond any bound that one could take for that of noise.
        """
        x = self.draw.normal(n, 1, 2, 3) + 0.5
        z = 2 * self.draw.normal(n if n_fake is None else n_fake, 3)
        return [x, z] if self.player == "discriminator" else [z]

    def step(self, *given: Tensor, loss: Any = players_loss) -> Any:
        """The student's step; what it returns."""
        step = getattr(self.student, self.oracle.__name__)
        return step(self.generator, self.discriminator, self.optimizers[0], *given, loss)

    def both_step(self, *given: Tensor, loss: Any = players_loss, ours: Any = None) -> None:
        """The student's step and the oracle's."""
        self.step(*given, loss=loss)
        self.oracle(self.g, self.d, self.optimizers[1], *given, ours or loss)

    def leave_gradients(self) -> None:
        """Backward passes of another loss leave gradients in both networks over there."""
        codes = self.draw.normal(5, 3)
        self.discriminator(self.generator(codes)).square().sum().backward()

    def moved_alike(self) -> None:
        """Fail unless the player's parameters are those of the oracle."""
        theirs, twin = self.pairs[self.player]
        close(parameters_of(theirs), parameters_of(twin))

    def moved(self) -> bool:
        theirs, _ = self.pairs[self.player]
        before = parameters_of(self.before[self.player])
        return not any(
            torch.equal(value, before[name]) for name, value in parameters_of(theirs).items()
        )

    def other_stays(self) -> None:
        """Fail unless the other player's parameters are as before, though the player moved."""
        (other,) = self.pairs.keys() - {self.player}
        same(parameters_of(self.pairs[other][0]), parameters_of(self.before[other]))
        is_true(self.moved(), "the player did not move")


def plain_step(oracle: Callable[..., Tensor]) -> Check:
    """The step that every other check of a step builds on."""

    def check(student: Any, draw: Any) -> None:
        game = Game(student, draw, oracle)
        game.both_step(*game.batches())
        game.moved_alike()

    return check


def step_checks(oracle: Callable[..., Tensor]) -> dict[str, Check]:
    """Checks of one step of a player: `discriminator_step` or `generator_step`."""
    player = oracle.__name__.removesuffix("_step")
    (other,) = {"generator", "discriminator"} - {player}
    take = plain_step(oracle)
    batch = "batches" if player == "discriminator" else "codes"

    def start(student: Any, draw: Any, *layers: Sequence[Any], **options: Any) -> Game:
        return Game(student, draw, oracle, *layers, **options)

    @aspect("training")
    @pytest.mark.parametrize(("n", "last"), [(12, ()), (12, [("Flatten", 0)]), (1, ())])
    @titled(
        f"moves the {player} by one step down the loss, whether the discriminator's outputs are "
        "(B, 1) or (B,), for a batch of one too"
    )
    def test_step(student: Any, draw: Any, n: int, last: Sequence[Any]) -> None:
        game = start(student, draw, G_LAYERS, [*D_LAYERS, *last])
        game.both_step(*game.batches(n))
        game.moved_alike()

    @titled("returns the loss as it was before the step")
    def test_value(student: Any, draw: Any) -> None:
        game = start(student, draw)
        given = game.batches()
        expected = oracle(game.g, game.d, game.optimizers[1], *given, players_loss)
        close(number(game.step(*given)), float(expected))

    @after(take)
    @aspect("conventions")
    @titled("returns the loss without its graph")
    def test_detached(student: Any, draw: Any) -> None:
        game = start(student, draw)
        value = game.step(*game.batches())
        number(value)
        is_true(not (isinstance(value, Tensor) and value.requires_grad))

    @aspect("training")
    @after(take)
    @titled(f"moves the {player} and leaves the {other}'s parameters as they were")
    def test_other_stays(student: Any, draw: Any) -> None:
        game = start(student, draw)
        game.leave_gradients()
        game.step(*game.batches())
        game.other_stays()

    @aspect("training")
    @after(take)
    @titled(
        "is not misled by gradients that earlier backward passes left in the networks, with an "
        "optimizer of several parameter groups too"
    )
    def test_leftover_gradients(student: Any, draw: Any) -> None:
        game = start(student, draw)
        for groups in (False, True):
            if groups:
                theirs, twin = game.pairs[player]
                game.optimizers = (
                    student.new("torch.optim.SGD", _groups(theirs, player), lr=0.02),
                    torch.optim.SGD(_groups(twin, player), lr=0.02),
                )
            game.leave_gradients()
            game.both_step(*game.batches())
            game.moved_alike()

    @aspect("training")
    @after(take)
    @titled("takes exactly one step for each call, with an optimizer that remembers")
    def test_several_steps(student: Any, draw: Any) -> None:
        game = start(student, draw, lr=0.02, momentum=0.9)
        for _ in range(3):
            game.both_step(*game.batches())
        game.moved_alike()

    @aspect("training")
    @after(take)
    @pytest.mark.parametrize("training", [True, False])
    @pytest.mark.parametrize("layers", [(G_NORMED, D_LAYERS), (G_LAYERS, D_NORMED)])
    @titled(
        "uses networks with batch norm in the mode that they are in"
        + (", real and fake images in passes of their own" * (player == "discriminator"))
    )
    def test_batch_norm(student: Any, draw: Any, layers: Any, training: bool) -> None:
        game = start(student, draw, *layers)
        for network in (game.generator, game.g, game.discriminator, game.d):
            network.train(training)
        game.both_step(*game.batches())
        game.moved_alike()

    @after(take)
    @aspect("training")
    @titled("leaves both networks in training mode if they were in it")
    def test_training_mode(student: Any, draw: Any) -> None:
        game = start(student, draw)
        game.step(*game.batches())
        is_true(all(read(student, theirs, "training") is True for theirs, _ in game.pairs.values()))

    @after(take)
    @aspect("training")
    @titled("leaves all parameters of both networks ready for gradients")
    def test_trainable_afterwards(student: Any, draw: Any) -> None:
        game = start(student, draw)
        game.step(*game.batches())
        is_true(
            all(
                read(student, theirs, f"{index}.{kind}.requires_grad")
                for name, (theirs, _) in game.pairs.items()
                for index in (FIRST[name], LAST[name])
                for kind in ("weight", "bias")
            )
        )

    @after(take)
    @aspect("edges")
    @titled("leaves both networks in evaluation mode if they were in it")
    def test_evaluation_mode(student: Any, draw: Any) -> None:
        game = start(student, draw)
        for theirs, _ in game.pairs.values():
            theirs.eval()
        game.step(*game.batches())
        is_true(
            all(read(student, theirs, "training") is False for theirs, _ in game.pairs.values())
        )

    @aspect("edges")
    @after(take)
    @titled(f"leaves frozen parameters of the {other} frozen")
    def test_frozen(student: Any, draw: Any) -> None:
        game = start(student, draw)
        for network in game.pairs[other]:
            network[FIRST[other]].requires_grad_(False)
        game.both_step(*game.batches())
        game.moved_alike()
        first = f"{FIRST[other]}.weight", f"{FIRST[other]}.bias"
        theirs = game.pairs[other][0]
        is_true(not any(read(student, theirs, f"{name}.requires_grad") for name in first))

    @aspect("edges")
    @after(take)
    @titled("changes only what the optimizer holds")
    def test_partial_optimizer(student: Any, draw: Any) -> None:
        game = start(student, draw)
        theirs, twin = game.pairs[player]
        game.optimizers = (
            student.new("torch.optim.SGD", theirs[LAST[player]].parameters(), lr=0.05),
            torch.optim.SGD(twin[LAST[player]].parameters(), lr=0.05),
        )
        game.both_step(*game.batches())
        game.moved_alike()

    @aspect("edges")
    @after(take)
    @titled("steps along the whole gradient, however steep the loss is")
    def test_steep_loss(student: Any, draw: Any) -> None:
        game = start(student, draw, lr=5e-6)
        game.both_step(*game.batches(), loss=lambda *outputs: 1e4 * players_loss(*outputs))
        game.moved_alike()

    @aspect("edges")
    @titled("hands the loss the discriminator's outputs as they are, in shape too")
    @after(take)
    def test_outputs(student: Any, draw: Any) -> None:
        game = start(student, draw, G_LAYERS, [*D_LAYERS, ("Unflatten", 1, (1, 1, 1))])
        shapes = []

        def loss(*outputs: Tensor) -> Tensor:
            shapes.append([tuple(output.shape) for output in outputs])
            return players_loss(*outputs)

        given = game.batches(1)
        game.step(*given, loss=loss)
        is_true(bool(shapes) and all(found == [(1, 1, 1, 1)] * len(given) for found in shapes))

    @after(take)
    @aspect("conventions")
    @titled(f"leaves the {batch} as they were")
    def test_inputs(student: Any, draw: Any) -> None:
        game = start(student, draw)
        value = game.step(*game.batches())
        inputs_unchanged(student)
        number(value)

    return _by_name(
        *(test_step, test_value, test_detached, test_other_stays, test_leftover_gradients),
        *(test_several_steps, test_batch_norm, test_training_mode, test_trainable_afterwards),
        *(test_evaluation_mode, test_frozen, test_partial_optimizer, test_steep_loss, test_outputs),
        test_inputs,
    )


def _groups(network: Any, player: str) -> list[dict[str, Any]]:
    """The parameters of a network's two linear layers, each in a group of its own."""
    first, last = network[FIRST[player]], network[LAST[player]]
    return [{"params": last.parameters(), "lr": 0.05}, {"params": first.parameters()}]


# Inversion


def swapped(tensor: Tensor) -> View:
    """The tensor with its first two axes the other way round in memory."""
    return View(tensor.transpose(0, 1).contiguous(), ("transpose", 0, 1))


# The networks of a DCGAN

SIZES = pytest.mark.parametrize("size", [28, 64])
STATE = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
"""What the layers of a DCGAN hold."""


def layers(student: Any, network: Any, x: Tensor) -> list[tuple[str, Any, Tensor]]:
    """What a network consists of, in evaluation mode: `layers_of`, three layers at least."""
    found = layers_of(student, network.eval(), x)
    if len(found) < 3:
        raise CheckFailed(
            f"{len(found)} layers with weights",
            told="no three layers of torch.nn (convolutions, batch norm, linear ones) are found",
        )
    return found


def listed(kinds: Sequence[str]) -> str:
    """What a student reads about the layers that were found."""
    return f"its layers are {', '.join(kinds)}"


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
    if reached.ndim != 4 or reached.numel() < output.numel():
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
    build: Callable[..., Any], inputs: Callable[..., Tensor], called: str
) -> dict[str, Check]:
    """Checks that generator and discriminator have in common.

    build(student, size=28): a network of the student's; inputs(draw, batch, size=28): what goes
    into it, in float32; called: what the text calls these.
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
        for size in (28, 64):
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

    return _by_name(
        *(test_norm, test_modes, test_nothing_random, test_gradients, test_fresh),
        *(test_defaults, test_moves),
    )
