"""One step of the maps or of a discriminator: what its checks share.

The networks live in the student's process. Their twins, with the same weights, take the oracle's
step here.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.checks import close, is_true, same, twin_networks
from autograder.suites.gan.remote_networks import parameters_of, read

MAP = [("Conv2d", 1, 3, 1), ("Tanh",), ("Conv2d", 3, 1, 1)]
"""A map (B, 1, 2, 3) -> (B, 1, 2, 3)."""
NORMED_MAP = [MAP[0], ("BatchNorm2d", 3), *MAP[1:]]
JUDGE = [("Conv2d", 1, 3, 2), ("LeakyReLU", 0.2), ("Conv2d", 3, 1, 1)]
"""A discriminator (B, 1, 2, 3) -> (B, 1, 1, 2): a map of outputs."""
NORMED_JUDGE = [JUDGE[0], ("BatchNorm2d", 3), *JUDGE[1:]]


def players_loss(
    on_fake_a: Tensor,
    on_fake_b: Tensor,
    a: Tensor,
    b: Tensor,
    back_a: Tensor,
    back_b: Tensor,
    same_a: Tensor | None,
    same_b: Tensor | None,
) -> Tensor:
    """No loss of the course: no two of its arguments can change places."""
    value = (on_fake_a - 2).square().mean() + (0.3 * on_fake_b).exp().mean()
    value = value + 1.5 * (back_a - a).square().mean() + 0.4 * (back_b - 2 * b).square().mean()
    if same_a is not None:
        value = value + 0.8 * (same_a - a).square().mean()
    if same_b is not None:
        value = value + 1.2 * (same_b + b).square().mean()
    return value


class Players:
    """Both maps and both discriminators, in the student's process and here."""

    NAMES = ("G", "F", "D_A", "D_B")

    def __init__(
        self,
        student: Any,
        draw: Any,
        maps: Sequence[Any] = MAP,
        judges: Sequence[Any] = JUDGE,
        back: Sequence[Any] = (),
        judges_b: Sequence[Any] = (),
        **options: Any,
    ) -> None:
        self.student, self.draw = student, draw
        layers = dict(
            zip(self.NAMES, (maps, back or maps, judges, judges_b or judges), strict=True)
        )
        self.pairs = {
            name: twin_networks(student, draw, *kinds, scale=0.5) for name, kinds in layers.items()
        }
        self.optimizers = self.sgd(lambda network: network.parameters(), **options)
        self.before = {name: copy.deepcopy(twin) for name, (_, twin) in self.pairs.items()}

    def sgd(self, held: Any, lr: float = 0.05, **options: Any) -> tuple[Any, Any]:
        """An optimizer over there and one here, with a group for what `held` takes of each map."""
        there, here = (
            [{"params": held(self.pairs[name][side])} for name in ("G", "F")] for side in (0, 1)
        )
        return (
            self.student.new("torch.optim.SGD", there, lr=lr, **options),
            torch.optim.SGD(here, lr=lr, **options),
        )

    def batches(self, n_a: int = 5, n_b: int = 4, *shape: int) -> tuple[Tensor, Tensor]:
        shape = shape or (1, 2, 3)
        return self.draw.normal(n_a, *shape) + 0.3, 1.5 * self.draw.normal(n_b, *shape)

    def step(self, *given: Tensor, loss: Any = players_loss, **options: Any) -> Any:
        """The student's step; what it returned."""
        networks = [theirs for theirs, _ in self.pairs.values()]
        step = self.student.cycle_generator_step
        return step(*networks, self.optimizers[0], *given, loss, **options)

    def both_step(
        self, oracle: Any, *given: Tensor, loss: Any = players_loss, **options: Any
    ) -> tuple[Any, Any]:
        """The student's step and the oracle's; what both returned."""
        theirs = self.step(*given, loss=loss, **options)
        twins = [twin for _, twin in self.pairs.values()]
        return theirs, oracle(*twins, self.optimizers[1], *given, loss, **options)

    def moved_alike(self) -> None:
        """Fail unless the parameters of both maps are those of the oracle."""
        for name in ("G", "F"):
            theirs, twin = self.pairs[name]
            close(parameters_of(theirs), parameters_of(twin))

    def moved(self, *names: str) -> bool:
        return all(
            any(
                not torch.equal(value, before)
                for value, before in zip(
                    parameters_of(self.pairs[name][0]).values(),
                    parameters_of(self.before[name]).values(),
                    strict=True,
                )
            )
            for name in names
        )

    def judges_stay(self) -> None:
        """Fail unless the discriminators' parameters are as before, though both maps moved."""
        for name in ("D_A", "D_B"):
            same(parameters_of(self.pairs[name][0]), parameters_of(self.before[name]))
        is_true(self.moved("G", "F"), "the maps did not move")

    def leave_gradients(self) -> None:
        """Backward passes of another loss leave gradients in all networks over there."""
        a, b = self.batches()
        (G, _), (F, _), (D_A, _), (D_B, _) = self.pairs.values()
        (D_B(G(a)).square().sum() + D_A(F(b)).square().sum()).backward()

    def all_read(self, path: str) -> list[Any]:
        return [read(self.student, theirs, path) for theirs, _ in self.pairs.values()]

    def passes(self, name: str) -> int:
        """How often a network with batch norm as its second layer has run."""
        return int(read(self.student, self.pairs[name][0], "1.num_batches_tracked"))
