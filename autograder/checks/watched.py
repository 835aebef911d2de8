"""Functions of ours that student code calls, watched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Watched:
    """A function that notes what it is called with."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.calls: list[tuple[Any, ...]] = []

    def __call__(self, *given: Any) -> Any:
        self.calls.append(given)
        return self.function(*given)
