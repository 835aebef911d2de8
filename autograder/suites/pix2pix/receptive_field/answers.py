"""Known answers: What a logit looks at."""


# %% spoils: strides_first
# Counts a kernel by its own stride, too.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        step *= stride
        size += (kernel - 1) * step
        first -= padding * step
    return size, step, first


# %% spoils: sum_of_kernels
# Adds kernels without the strides before them.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += kernel - 1
        first -= padding * step
        step *= stride
    return size, step, first


# %% spoils: padding_unscaled
# Adds paddings without the strides before them.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1) * step
        first -= padding
        step *= stride
    return size, step, first


# %% spoils: positive_first
# Returns the padding as a positive number.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1) * step
        first += padding * step
        step *= stride
    return size, step, first


# %% spoils: whole_kernels
# Adds whole kernels.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += kernel * step
        first -= padding * step
        step *= stride
    return size, step, first


# %% spoils: backwards_forgotten
# Walks from the logits with a formula for the other direction.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in reversed(layers):
        size += (kernel - 1) * step
        first -= padding * step
        step *= stride
    return size, step, first


# %% spoils: padding_widens
# Takes the padding off the size.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1 - padding) * step
        first -= padding * step
        step *= stride
    return size, step, first


# %% spoils: last_stride_forgotten
# Forgets the stride of the last layer.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1) * step
        first -= padding * step
        step, last = step * stride, step
    return size, last if layers else 1, first


# %% spoils: strides_added
# Adds the strides.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1) * step
        first -= padding * step
        step += stride - 1
    return size, step, first


# %% spoils: at_most_two
# Takes each stride for 2 at most.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1) * step
        first -= padding * step
        step *= min(stride, 2)
    return size, step, first


# %% corner: one_layer_at_least
# Fails if there is no layer.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    kernel, stride, padding = layers[0]
    for kernel, stride, padding in layers:
        size += (kernel - 1) * step
        first -= padding * step
        step *= stride
    return size, step, first


# %% corner: floats
# Computes in float32, which is not exact for many layers.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1) * step
        first -= padding * step
        step *= stride
    return tuple(int(torch.tensor(float(n))) for n in (size, step, first))


# %% corner: pops
# Takes the layers out of the list.
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, step, first = 1, 1, 0
    while layers:
        kernel, stride, padding = layers.pop(0)
        size += (kernel - 1) * step
        first -= padding * step
        step *= stride
    return size, step, first


# %% right: backwards
# Traces the pixels of two logits back.
def receptive_field(layers):
    def back(i):
        low = high = i
        for kernel, stride, padding in list(layers)[::-1]:
            low = low * stride - padding
            high = high * stride - padding + kernel - 1
        return low, high

    (low, high), (following, _) = back(0), back(1)
    return high - low + 1, following - low, low


# %% right: recursive
# Recurses from the logits to the image; returns a named tuple.
from typing import NamedTuple


class Field(NamedTuple):
    size: int
    step: int
    first: int


def receptive_field(layers):
    if not layers:
        return Field(1, 1, 0)
    (kernel, stride, padding), *rest = layers
    inner = receptive_field(rest)
    return Field(
        (inner.size - 1) * stride + kernel, inner.step * stride, inner.first * stride - padding
    )


# %% right: products
# Uses NumPy's products of strides; returns a list.
import numpy as np


def receptive_field(layers):
    strides = [int(s) for _, s, _ in layers]
    jumps = [int(np.prod(strides[:i], dtype=object)) for i in range(len(layers) + 1)]
    size = 1 + sum((k - 1) * jump for (k, _, _), jump in zip(layers, jumps))
    return [size, jumps[-1], -sum(p * jump for (_, _, p), jump in zip(layers, jumps))]
