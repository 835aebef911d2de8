"""Inverting a generator: what oracles and checks share."""

from __future__ import annotations

import copy
from typing import Any

from torch import Tensor

from autograder.checks import View


def frozen_copy(generator: Any) -> Any:
    """A copy of the generator to work with, in float64, evaluation mode and frozen: nothing can
    happen to the original.
    """
    return copy.deepcopy(generator).double().eval().requires_grad_(False)


def swapped(tensor: Tensor) -> View:
    """The tensor with its first two axes the other way round in memory."""
    return View(tensor.transpose(0, 1).contiguous(), ("transpose", 0, 1))
