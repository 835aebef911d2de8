"""Does an answer compute on the device of its inputs?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.checks.compare import close, is_true
from autograder.errors import StudentError

VALUE_DEPENDENT = ("item() cannot be called on meta", "torch.nonzero()", "Meta kernel registered")
"""What torch says when code looks at the values of a meta tensor (an `if` on a tensor, the validation in torch.distributions)."""


def follows_device(call: Callable[..., Any], oracle: Callable[..., Any], *args: Any) -> None:
    """Fail unless `call` computes where its inputs lie: on the meta device, a tensor that was made on the CPU does not mix in.

    Code that looks at values cannot run on meta, which has none, and is right on any real device if it is right on this one: so it is
    asked for its values here instead (without which raising torch's words would be enough to pass).
    """
    expected = oracle(*args)  # on the CPU, where it is cheap: of these only shapes count
    try:
        actual = call(*[value.to("meta") if isinstance(value, torch.Tensor) else value for value in args])
    except StudentError as error:
        if not any(words in error.message for words in VALUE_DEPENDENT):
            raise
        close(call(*args), expected)
        return
    for mine in actual if isinstance(actual, list | tuple) else [actual]:
        is_true(isinstance(mine, torch.Tensor) and mine.is_meta, "the result is not on the inputs' device")
    close(actual, _on_meta(expected))


def _on_meta(expected: Any) -> Any:
    if isinstance(expected, list | tuple):
        return [_on_meta(item) for item in expected]
    return torch.as_tensor(expected).to("meta")
