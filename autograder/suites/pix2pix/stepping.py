"""One step of a player on pairs: what the oracles and checks of both steps share.

Generators and discriminators are small networks of images in the student's process, with twins
here. A discriminator takes the source and the target, which it concatenates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from torch import Tensor
from torch.nn.functional import softplus

from autograder.checks import (
    after,
    aspect,
    close,
    inputs_unchanged,
    is_true,
    number,
)
from autograder.suites.gan.player_steps import Game, checks_of_any_step, plain_step
from autograder.suites.gan.remote_networks import read
from autograder.suites.gan.titles import Check, by_name, titled

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
    """No loss of the course: neither symmetric in its arguments nor linear, and no steeper than a
    square, so that no step diverges. Two arguments: the logits of real and fake pairs. Three: the
    logits (or None), the output and the target.
    """
    if len(given) == 2:
        real, fake = given
        return (real - 2).square().mean() + softplus(1.5 * fake).mean()
    logits, y_hat, y = given
    distance = (y_hat - y + 0.3).square().mean()
    if logits is None:
        return 3 * distance, 0 * distance, distance
    judged = softplus(1.5 * logits).mean() + (logits - 1).square().mean()
    return judged + 3 * distance, judged, distance


class PairGame(Game):
    """Both players in the student's process and here; the discriminator sees source and target."""

    layers, normed = (G_LAYERS, D_LAYERS), (G_NORMED, D_NORMED)
    first = {"generator": FIRST, "discriminator": FIRST}
    last = {"generator": LAST, "discriminator": LAST}
    scale, what = 0.4, "pairs"
    loss = staticmethod(players_loss)

    def judges(self, theirs: Any, twin: Any) -> tuple[Any, Any]:
        """Chains of layers that concatenate their two arguments."""
        return self.student.new("builtins.eval", CONDITIONAL)(theirs), eval(CONDITIONAL)(twin)

    def batches(self, n: int = 5) -> list[Tensor]:
        """Source and target images, beyond any bound that one could take for that of images."""
        return [2 * self.draw.normal(n, N_SOURCE, 4, 3), self.draw.normal(n, N_TARGET, 4, 3) + 0.5]

    def leave_gradients(self) -> None:
        """Backward passes of another loss leave gradients in both networks over there."""
        x, _ = self.batches(3)
        self.discriminator(x, self.generator(x)).square().sum().backward()


def step_checks(oracle: Callable[..., Any]) -> dict[str, Check]:
    """Checks of one step of a player: `discriminator_step` or `generator_step`."""
    player = oracle.__name__.removesuffix("_step")
    take = plain_step(oracle, PairGame)

    def start(student: Any, draw: Any, **options: Any) -> PairGame:
        return PairGame(student, draw, oracle, **options)

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
        game.both_step(*game.batches(n))
        game.moved_alike()

    @titled("returns the loss as it was before the step")
    def test_value(student: Any, draw: Any) -> None:
        game = start(student, draw)
        given = game.batches()
        expected = oracle(game.g, game.d, game.optimizers[1], *given, players_loss)
        wanted = [float(part) for part in (expected if isinstance(expected, tuple) else [expected])]
        close(parts(game.step(*given)), wanted)

    @after(take)
    @aspect("conventions")
    @titled("returns the loss without its graph")
    def test_detached(student: Any, draw: Any) -> None:
        game = start(student, draw)
        value = game.step(*game.batches())
        parts(value)
        found = value if isinstance(value, list | tuple) else [value]
        is_true(not any(isinstance(part, Tensor) and part.requires_grad for part in found))

    @after(take)
    @aspect("training")
    @titled("leaves both networks in the mode that they were in")
    def test_modes(student: Any, draw: Any) -> None:
        for mode in (True, False):
            game = start(student, draw)
            for theirs, _ in game.pairs.values():
                theirs.train(mode)
            game.step(*game.batches())
            for theirs, _ in game.pairs.values():
                is_true(read(student, theirs, "training") is mode)

    @aspect("edges")
    @after(take)
    @titled("steps along the whole gradient, however steep the loss is")
    def test_steep_loss(student: Any, draw: Any) -> None:
        game = start(student, draw, lr=5e-6)

        def steep(*given: Any) -> Any:
            value = players_loss(*given)
            return tuple(1e4 * part for part in value) if len(given) == 3 else 1e4 * value

        game.both_step(*game.batches(), loss=steep)
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

        x, y = game.batches(1)
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
        value = game.step(*game.batches())
        inputs_unchanged(student)
        parts(value)

    return (
        by_name(test_step, test_value, test_detached)
        | checks_of_any_step(oracle, PairGame)
        | by_name(test_modes, test_steep_loss, test_outputs, test_inputs)
    )
