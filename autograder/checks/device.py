"""Does an answer compute on the device of its inputs? Tried with a second device that needs
no GPU.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.checks.compare import close, is_true
from autograder.errors import StudentError
from autograder.worker import other_device


def follows_device(call: Callable[..., Any], oracle: Callable[..., Any], *args: Any) -> None:
    """Fail unless `call` computes where its inputs lie, and rightly: on another device, a tensor
    made on the CPU does not mix in.

    Every tensor of the arguments is moved to `other_device.DEVICE`, and every tensor of the result
    must lie there. What that device cannot do, though a real one can, is not held against the
    student: `call` is asked on the CPU then. (Without a look at its values, raising torch's words
    would be enough to pass.)
    """
    expected = oracle(*args)
    try:
        actual = call(*(other_device.in_nest(other_device.move, value) for value in args))
    except StudentError as error:
        if not other_device.is_beyond(error.message):
            raise
        close(call(*args), expected)
        return
    close(other_device.in_nest(other_device.bring, actual), expected)
    _lies_there(actual, expected)


def _lies_there(actual: Any, expected: Any) -> None:
    """Fail unless there is a tensor of the other device wherever a tensor is expected. Both are
    nests of one shape.
    """
    if isinstance(expected, dict):
        for key, theirs in expected.items():
            _lies_there(actual[key], theirs)
    elif isinstance(expected, list | tuple):
        for mine, theirs in zip(actual, expected, strict=True):
            _lies_there(mine, theirs)
    elif isinstance(expected, torch.Tensor):
        is_true(
            isinstance(actual, other_device.Elsewhere), "the result is not on the inputs' device"
        )
