"""Arguments that have to be made in the student's process: what crosses the pipe arrives
contiguous, and as a leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from autograder.sandbox.proxy import Student


@dataclass(frozen=True)
class View:
    """What a method of a tensor gives, called over there: `View(x, ("transpose", 0, 1))`."""

    tensor: torch.Tensor
    method: tuple[Any, ...]
    """Its name and its arguments."""


def call_on_views(student: Student, function: Any, *given: Any) -> Any:
    """What a function (or network) of the student's returns for arguments of which some are Views.

    `map` makes the views over there when `next` asks for the function's result.
    """
    new = student.new
    arguments = [
        new("builtins.map", new("operator.methodcaller", *each.method), [each.tensor])
        if isinstance(each, View)
        else [each]
        for each in given
    ]
    return new("builtins.next", new("builtins.map", function, *arguments))
