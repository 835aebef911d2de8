"""Works of a made-up class: answers of one small question or more, all different."""

from __future__ import annotations

import random
from collections.abc import Sequence

from autograder.similarity.works import Piece, Result, Work

CALLS = ["exp", "log", "sin", "cos", "tanh", "abs", "relu", "sigmoid", "round", "floor"]


def answer(seed: object) -> str:
    """A function of seven lines of its own."""
    rng = random.Random(str(seed))
    lines = ["def f(x, y):"]
    for _ in range(6):
        call, other = rng.sample(CALLS, 2)
        number = rng.randint(2, 99)
        lines.append(f"    {rng.choice('xy')} = x.{call}() * {number} - y.{other}(x)")
    return "\n".join([*lines, "    return x, y, x"])


def work(name: str, *pieces: Piece, **more: object) -> Work:
    return Work(name, f"{name}.zip", frozenset({name}), list(pieces), **more)  # type: ignore[arg-type]


def alone(n: int, questions: Sequence[str] = ("q",), seed: str = "") -> list[Work]:
    """A class of students who worked alone."""
    return [
        work(f"s{i}", *(Piece(one, "code", answer((seed, one, i))) for one in questions))
        for i in range(n)
    ]


def failing(share: float, *checks: str) -> Result:
    return Result(tuple(checks), share)
