"""One step of a player on pairs: what the oracles and checks of both steps share.

Generators and discriminators are small networks of images in the student's process, with twins
here. A discriminator takes the source and the target, which it concatenates.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.checks import (
    after,
    aspect,
    close,
    inputs_unchanged,
    is_true,
    number,
    same,
    sgd,
    twin_networks,
)
from autograder.suites.gan.player_steps import take_step
from autograder.suites.gan.remote_networks import buffers_of, parameters_of, read
from autograder.suites.gan.titles import Check, by_name, titled

__all__ = ["Game", "buffers_of", "parameters_of", "plain_step", "read", "step_checks", "take_step"]

N_SOURCE, N_TARGET = 3, 2
G_LAYERS = [("Conv2d", 3, 4, 3, 1, 1), ("Tanh",), ("Conv2d", 4, 2, 1)]
G_NORMED = [("Conv2d", 3, 4, 3, 1, 1), ("BatchNorm2d", 4), ("Tanh",), ("Conv2d", 4, 2, 1)]
D_LAYERS = [("Conv2d", 5, 4, 3, 1, 1), ("LeakyReLU", 0.2), ("Conv2d", 4, 1, 2)]
D_NORMED = [("Conv2d", 5, 4, 3, 1, 1), ("BatchNorm2d", 4), ("LeakyReLU", 0.2), ("Conv2d", 4, 1, 2)]
FIRST, LAST = 0, 2
"""The layers with weights, without batch norm."""

CONDITIONAL = """lambda net: (setattr(net, "__class__", type("Conditional", (type(net),), {
    "forward": lambda self, x, y: super(type(self), self).forward(
        __import__("torch").cat([x, y], 1))})), net)[1]"""
"""Makes a discriminator of two arguments of a chain, here or in the student's process."""


def players_loss(*given: Tensor) -> Any:
    """No loss of the course: neither symmetric in its arguments nor linear. Two arguments: the
    logits of real and fake pairs. Three: the logits (or None), the output and the target.
    """
    if len(given) == 2:
        real, fake = given
        return (real - 2).square().mean() + (0.5 * fake).exp().mean()
    logits, y_hat, y = given
    distance = (y_hat - y + 0.3).square().mean()
    if logits is None:
        return 3 * distance, 0 * distance, distance
    judged = (0.5 * logits).exp().mean() + (logits - 1).square().mean()
    return judged + 3 * distance, judged, distance


class Game:
    """Generator and discriminator in the student's process, their twins here, and an optimizer of
    each for the player whose turn it is.
    """

    def __init__(
        self,
        student: Any,
        draw: Any,
        oracle: Callable[..., Any],
        g_layers: Sequence[Any] = G_LAYERS,
        d_layers: Sequence[Any] = D_LAYERS,
        **options: Any,
    ) -> None:
        self.student, self.draw, self.oracle = student, draw, oracle
        self.player = oracle.__name__.removesuffix("_step")
        self.generator, self.g = twin_networks(student, draw, *g_layers, scale=0.4)
        chain, twin = twin_networks(student, draw, *d_layers, scale=0.4)
        self.discriminator = student.new("builtins.eval", CONDITIONAL)(chain)
        self.d = eval(CONDITIONAL)(twin)
        self.pairs = {
            "generator": (self.generator, self.g),
            "discriminator": (self.discriminator, self.d),
        }
        self.optimizers: tuple[Any, Any] = sgd(student, *self.pairs[self.player], **options)
        self.before = {
            name: copy.deepcopy(twin.state_dict()) for name, (_, twin) in self.pairs.items()
        }

    def pair(self, n: int = 5) -> tuple[Tensor, Tensor]:
        """Source and target images, beyond any bound that one could take for that of images."""
        return 2 * self.draw.normal(n, N_SOURCE, 4, 3), self.draw.normal(n, N_TARGET, 4, 3) + 0.5

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
        x, _ = self.pair(3)
        self.discriminator(x, self.generator(x)).square().sum().backward()

    def moved_alike(self) -> None:
        """Fail unless the player's parameters are those of the oracle."""
        theirs, twin = self.pairs[self.player]
        close(parameters_of(theirs), parameters_of(twin))

    def moved(self) -> bool:
        theirs, _ = self.pairs[self.player]
        before = self.before[self.player]
        return not any(
            torch.equal(value, before[name]) for name, value in parameters_of(theirs).items()
        )

    def other_stays(self) -> None:
        """Fail unless the other player's parameters are as before, though the player moved."""
        (other,) = self.pairs.keys() - {self.player}
        before = self.before[other]
        found = parameters_of(self.pairs[other][0])
        same(found, {name: before[name] for name in found})
        is_true(self.moved(), "the player did not move")


def plain_step(oracle: Callable[..., Any]) -> Check:
    """The step that every other check of a step builds on."""

    def check(student: Any, draw: Any) -> None:
        game = Game(student, draw, oracle)
        game.both_step(*game.pair())
        game.moved_alike()

    return check


def step_checks(oracle: Callable[..., Any]) -> dict[str, Check]:
    """Checks of one step of a player: `discriminator_step` or `generator_step`."""
    player = oracle.__name__.removesuffix("_step")
    (other,) = {"generator", "discriminator"} - {player}
    take = plain_step(oracle)

    def start(student: Any, draw: Any, *layers: Sequence[Any], **options: Any) -> Game:
        return Game(student, draw, oracle, *layers, **options)

    def parts(value: Any) -> list[float]:
        found = value if isinstance(value, list | tuple) else [value]
        return [number(part) for part in found]

    @aspect("training")
    @pytest.mark.parametrize("n", [6, 1])
    @titled(
        f"moves the {player} by one step down the loss of pairs, in which the discriminator sees "
        "the source image next to the real or the generated target; for a batch of one too"
    )
    def test_step(student: Any, draw: Any, n: int) -> None:
        game = start(student, draw)
        game.both_step(*game.pair(n))
        game.moved_alike()

    @titled("returns the loss as it was before the step")
    def test_value(student: Any, draw: Any) -> None:
        game = start(student, draw)
        given = game.pair()
        expected = oracle(game.g, game.d, game.optimizers[1], *given, players_loss)
        wanted = [float(part) for part in (expected if isinstance(expected, tuple) else [expected])]
        close(parts(game.step(*given)), wanted)

    @after(take)
    @aspect("conventions")
    @titled("returns the loss without its graph")
    def test_detached(student: Any, draw: Any) -> None:
        game = start(student, draw)
        value = game.step(*game.pair())
        parts(value)
        found = value if isinstance(value, list | tuple) else [value]
        is_true(not any(isinstance(part, Tensor) and part.requires_grad for part in found))

    @aspect("training")
    @after(take)
    @titled(f"moves the {player} and leaves the {other}'s parameters as they were")
    def test_other_stays(student: Any, draw: Any) -> None:
        game = start(student, draw)
        game.leave_gradients()
        game.step(*game.pair())
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
                    student.new("torch.optim.SGD", _groups(theirs), lr=0.02),
                    torch.optim.SGD(_groups(twin), lr=0.02),
                )
            game.leave_gradients()
            game.both_step(*game.pair())
            game.moved_alike()

    @aspect("training")
    @after(take)
    @titled("takes exactly one step for each call, with an optimizer that remembers")
    def test_several_steps(student: Any, draw: Any) -> None:
        game = start(student, draw, lr=0.02, momentum=0.9)
        for _ in range(3):
            game.both_step(*game.pair())
        game.moved_alike()

    @aspect("training")
    @after(take)
    @pytest.mark.parametrize("training", [True, False])
    @pytest.mark.parametrize("layers", [(G_NORMED, D_LAYERS), (G_LAYERS, D_NORMED)])
    @titled(
        "uses networks with batch norm in the mode that they are in"
        + (", real and fake pairs in passes of their own" * (player == "discriminator"))
    )
    def test_batch_norm(student: Any, draw: Any, layers: Any, training: bool) -> None:
        game = start(student, draw, *layers)
        for network in (game.generator, game.g, game.discriminator, game.d):
            network.train(training)
        game.both_step(*game.pair())
        game.moved_alike()

    @after(take)
    @aspect("training")
    @titled("leaves both networks in the mode that they were in")
    def test_modes(student: Any, draw: Any) -> None:
        for mode in (True, False):
            game = start(student, draw)
            for theirs, _ in game.pairs.values():
                theirs.train(mode)
            game.step(*game.pair())
            for theirs, _ in game.pairs.values():
                is_true(read(student, theirs, "training") is mode)

    @after(take)
    @aspect("training")
    @titled("leaves all parameters of both networks ready for gradients")
    def test_trainable_afterwards(student: Any, draw: Any) -> None:
        game = start(student, draw)
        game.step(*game.pair())
        is_true(
            all(
                read(student, theirs, f"{index}.{kind}.requires_grad")
                for theirs, _ in game.pairs.values()
                for index in (FIRST, LAST)
                for kind in ("weight", "bias")
            )
        )

    @aspect("edges")
    @after(take)
    @titled(f"leaves frozen parameters of the {other} frozen")
    def test_frozen(student: Any, draw: Any) -> None:
        game = start(student, draw)
        for network in game.pairs[other]:
            network[FIRST].requires_grad_(False)
        game.both_step(*game.pair())
        game.moved_alike()
        first = f"{FIRST}.weight", f"{FIRST}.bias"
        theirs = game.pairs[other][0]
        is_true(not any(read(student, theirs, f"{name}.requires_grad") for name in first))

    @aspect("edges")
    @after(take)
    @titled("changes only what the optimizer holds")
    def test_partial_optimizer(student: Any, draw: Any) -> None:
        game = start(student, draw)
        theirs, twin = game.pairs[player]
        game.optimizers = (
            student.new("torch.optim.SGD", theirs[LAST].parameters(), lr=0.05),
            torch.optim.SGD(twin[LAST].parameters(), lr=0.05),
        )
        game.both_step(*game.pair())
        game.moved_alike()

    @aspect("edges")
    @after(take)
    @titled("steps along the whole gradient, however steep the loss is")
    def test_steep_loss(student: Any, draw: Any) -> None:
        game = start(student, draw, lr=5e-6)

        def steep(*given: Any) -> Any:
            value = players_loss(*given)
            return tuple(1e4 * part for part in value) if len(given) == 3 else 1e4 * value

        game.both_step(*game.pair(), loss=steep)
        game.moved_alike()

    @aspect("edges")
    @titled("hands the loss what the networks return as it is, in shape too")
    @after(take)
    def test_outputs(student: Any, draw: Any) -> None:
        game = start(student, draw)
        shapes = []

        def loss(*given: Tensor) -> Any:
            shapes.append([tuple(each.shape) for each in given])
            return players_loss(*given)

        x, y = game.pair(1)
        game.step(x, y, loss=loss)
        logits = (1, 1, 3, 2)
        wanted = [logits, logits] if player == "discriminator" else [logits, y.shape, y.shape]
        wanted = [tuple(shape) for shape in wanted]
        is_true(bool(shapes) and all(found == wanted for found in shapes), f"{shapes}")

    @after(take)
    @aspect("conventions")
    @titled("leaves the images as they were")
    def test_inputs(student: Any, draw: Any) -> None:
        game = start(student, draw)
        value = game.step(*game.pair())
        inputs_unchanged(student)
        parts(value)

    return by_name(
        *(test_step, test_value, test_detached, test_other_stays, test_leftover_gradients),
        *(test_several_steps, test_batch_norm, test_modes, test_trainable_afterwards, test_frozen),
        *(test_partial_optimizer, test_steep_loss, test_outputs, test_inputs),
    )


def _groups(network: Any) -> list[dict[str, Any]]:
    """The parameters of a network's two layers, each in a group of its own."""
    return [
        {"params": network[LAST].parameters(), "lr": 0.05},
        {"params": network[FIRST].parameters()},
    ]
