"""What the suites of the convolutional encoder and decoder share."""

from __future__ import annotations

from typing import Any

import pytest
from torch import Tensor

from autograder.checks import CheckFailed, is_true
from autograder.suites.gan.dcgan import layers

IMAGE_SIZES = (32, 64)
SIZES = pytest.mark.parametrize("size", IMAGE_SIZES)

STAGES = "its stages are, as channels x height x width,"
COARSE = 4
"""Height and width of the coarsest grid."""


def stages(width: int, size: int) -> list[tuple[int, int, int]]:
    """(channels, height, width) of each stage of the text's table, from fine to coarse."""
    found = []
    while size > COARSE:
        size //= 2
        found.append((width, size, size))
        width *= 2
    return found


def convolutions(student: Any, network: Any, x: Tensor) -> list[Any]:
    """Its convolutions on a grid: not those that turn a code into the coarsest grid or back, which
    are linear layers by another name.
    """
    return [
        module
        for kind, module, reached in layers(student, network, x)
        if kind == "conv" and 1 not in (reached.shape[-1], module(reached).shape[-1])
    ]


def has_kernels_of_three(student: Any, network: Any, x: Tensor) -> None:
    """Fail if it has no convolution, or one with another kernel than 3 x 3."""
    found = convolutions(student, network, x)
    is_true(found, "no convolutions")
    for module in found:
        kernel = tuple(module.kernel_size)
        if kernel != (3, 3):
            raise CheckFailed(f"{kernel}", told=f"a kernel has {' x '.join(map(str, kernel))}")
