"""One step of a player: what its oracle and its checks share."""

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
from autograder.suites.gan.remote_networks import parameters_of, read
from autograder.suites.gan.titles import Check, by_name, titled


def take_step(optimizer: Any, value: Tensor) -> Tensor:
    """Set the gradients of what the optimizer holds by autograd.grad, whatever lay there, and step.
    The value, detached.
    """
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for parameter, grad in zip(parameters, torch.autograd.grad(value, parameters), strict=True):
        parameter.grad = grad
    optimizer.step()
    return value.detach()


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


class Game:
    """Generator and discriminator in the student's process, their twins here, and an optimizer of
    each for the player whose turn it is.

    A course's other game overrides the layers, what a step is handed and the loss (pix2pix).
    """

    layers: tuple[Sequence[Any], Sequence[Any]] = (G_LAYERS, D_LAYERS)
    normed: tuple[Sequence[Any], Sequence[Any]] = (G_NORMED, D_NORMED)
    """Generator and discriminator, without and with batch norm."""
    first, last = FIRST, LAST
    scale = 0.5
    """Of the weights."""
    what = "images"
    """What the discriminator judges, in the words of a student."""
    loss: Callable[..., Any] = staticmethod(players_loss)

    def __init__(
        self,
        student: Any,
        draw: Any,
        oracle: Callable[..., Any],
        g_layers: Sequence[Any] = (),
        d_layers: Sequence[Any] = (),
        **options: Any,
    ) -> None:
        self.student, self.draw, self.oracle = student, draw, oracle
        self.player = oracle.__name__.removesuffix("_step")
        layers = g_layers or self.layers[0], d_layers or self.layers[1]
        self.generator, self.g = twin_networks(student, draw, *layers[0], scale=self.scale)
        self.discriminator, self.d = self.judges(
            *twin_networks(student, draw, *layers[1], scale=self.scale)
        )
        self.pairs = {
            "generator": (self.generator, self.g),
            "discriminator": (self.discriminator, self.d),
        }
        self.optimizers: tuple[Any, Any] = sgd(student, *self.pairs[self.player], **options)
        self.before = {name: copy.deepcopy(twin) for name, (_, twin) in self.pairs.items()}

    def judges(self, theirs: Any, twin: Any) -> tuple[Any, Any]:
        """The discriminators that two chains of layers make."""
        return theirs, twin

    def batches(self, n: int = 12, n_fake: int | None = None) -> list[Tensor]:
        """What a step is handed: real images (for the discriminator only) and codes, which go
        beyond any bound that one could take for that of noise.
        """
        x = self.draw.normal(n, 1, 2, 3) + 0.5
        z = 2 * self.draw.normal(n if n_fake is None else n_fake, 3)
        return [x, z] if self.player == "discriminator" else [z]

    def step(self, *given: Tensor, loss: Any = None) -> Any:
        """The student's step; what it returns. loss: the game's own unless another is given."""
        step = getattr(self.student, self.oracle.__name__)
        players = self.generator, self.discriminator, self.optimizers[0]
        return step(*players, *given, self.loss if loss is None else loss)

    def both_step(self, *given: Tensor, loss: Any = None, ours: Any = None) -> None:
        """The student's step and the oracle's."""
        loss = self.loss if loss is None else loss
        self.step(*given, loss=loss)
        self.oracle(self.g, self.d, self.optimizers[1], *given, loss if ours is None else ours)

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


def plain_step(oracle: Callable[..., Any], kind: type[Game] = Game) -> Check:
    """The step that every other check of a step builds on."""

    def check(student: Any, draw: Any) -> None:
        game = kind(student, draw, oracle)
        game.both_step(*game.batches())
        game.moved_alike()

    return check


def checks_of_any_step(oracle: Callable[..., Any], kind: type[Game] = Game) -> dict[str, Check]:
    """Checks of one step of a player in any game: who moves, by whose gradients, in which mode."""
    player = oracle.__name__.removesuffix("_step")
    (other,) = {"generator", "discriminator"} - {player}
    take = plain_step(oracle, kind)

    def start(student: Any, draw: Any, *layers: Sequence[Any], **options: Any) -> Game:
        return kind(student, draw, oracle, *layers, **options)

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
                    student.new("torch.optim.SGD", _groups(game, theirs), lr=0.02),
                    torch.optim.SGD(_groups(game, twin), lr=0.02),
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
    @pytest.mark.parametrize("layers", [(kind.normed[0], ()), ((), kind.normed[1])])
    @titled(
        "uses networks with batch norm in the mode that they are in"
        + (f", real and fake {kind.what} in passes of their own" * (player == "discriminator"))
    )
    def test_batch_norm(student: Any, draw: Any, layers: Any, training: bool) -> None:
        game = start(student, draw, *layers)
        for network in (game.generator, game.g, game.discriminator, game.d):
            network.train(training)
        game.both_step(*game.batches())
        game.moved_alike()

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
                for index in (game.first[name], game.last[name])
                for kind in ("weight", "bias")
            )
        )

    @aspect("edges")
    @after(take)
    @titled(f"leaves frozen parameters of the {other} frozen")
    def test_frozen(student: Any, draw: Any) -> None:
        game = start(student, draw)
        for network in game.pairs[other]:
            network[game.first[other]].requires_grad_(False)
        game.both_step(*game.batches())
        game.moved_alike()
        first = f"{game.first[other]}.weight", f"{game.first[other]}.bias"
        theirs = game.pairs[other][0]
        is_true(not any(read(student, theirs, f"{name}.requires_grad") for name in first))

    @aspect("edges")
    @after(take)
    @titled("changes only what the optimizer holds")
    def test_partial_optimizer(student: Any, draw: Any) -> None:
        game = start(student, draw)
        theirs, twin = game.pairs[player]
        game.optimizers = (
            student.new("torch.optim.SGD", theirs[game.last[player]].parameters(), lr=0.05),
            torch.optim.SGD(twin[game.last[player]].parameters(), lr=0.05),
        )
        game.both_step(*game.batches())
        game.moved_alike()

    return by_name(
        *(test_other_stays, test_leftover_gradients, test_several_steps, test_batch_norm),
        *(test_trainable_afterwards, test_frozen, test_partial_optimizer),
    )


def step_checks(oracle: Callable[..., Tensor]) -> dict[str, Check]:
    """Checks of one step of a player: `discriminator_step` or `generator_step`."""
    player = oracle.__name__.removesuffix("_step")
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

    @after(take)
    @aspect("training")
    @titled("leaves both networks in training mode if they were in it")
    def test_training_mode(student: Any, draw: Any) -> None:
        game = start(student, draw)
        game.step(*game.batches())
        is_true(all(read(student, theirs, "training") is True for theirs, _ in game.pairs.values()))

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

    return (
        by_name(test_step, test_value, test_detached)
        | checks_of_any_step(oracle)
        | by_name(test_training_mode, test_evaluation_mode, test_steep_loss, test_outputs)
        | by_name(test_inputs)
    )


def _groups(game: Game, network: Any) -> list[dict[str, Any]]:
    """The parameters of the player's first and last layer, each in a group of its own."""
    first, last = network[game.first[game.player]], network[game.last[game.player]]
    return [{"params": last.parameters(), "lr": 0.05}, {"params": first.parameters()}]
