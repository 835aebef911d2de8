"""Oracle: what a logit looks at, pixel by pixel."""

from __future__ import annotations

from collections.abc import Sequence


def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    """(size, step, first): the first and the last pixel of logits 0 and 1, traced back layer by
    layer from the logits to the image.
    """
    ends = {}
    for logit in (0, 1):
        low = high = logit
        for kernel, stride, padding in reversed(list(layers)):
            low, high = stride * low - padding, stride * high - padding + kernel - 1
        ends[logit] = low, high
    return ends[0][1] - ends[0][0] + 1, ends[1][0] - ends[0][0], ends[0][0]
