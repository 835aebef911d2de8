"""`class_samples`: the share of samples that are of the class asked for, by the course's classifier.

Accuracy alone is best for one clear digit of each class, drawn a hundred times over, and for copies
of real digits. Both are looked for as in `digit_samples`, and earn nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from dgm.metrics import digit_probabilities
from dgm.quality.digit_samples import as_images, not_drawn, prepare
from dgm.quality.measure import Finding

__all__ = ["find", "prepare"]

N_CLASSES = 10


def find(tensors: dict[str, Tensor], options: Mapping[str, Any], seed: int) -> Finding:
    """samples (1000, 1, 28, 28): levels 0..255 as uint8, or floats in [-1, 1]; the first hundred are to
    be zeros, the next ones, and so on. `seed` is not used.

    options: `least`, of the hundred samples of each class, how many must be of it.
    """
    images = as_images(tensors["samples"])
    wanted = torch.arange(N_CLASSES).repeat_interleave(len(images) // N_CLASSES)
    right = digit_probabilities(images).argmax(1) == wanted
    by_class = right.view(N_CLASSES, -1).sum(1)
    worst = int(by_class.argmin())
    copies, repeats, problem = not_drawn(images)
    least = options["least"]
    if not problem and by_class[worst] < least:
        problem = (
            f"Only {int(by_class[worst])} of the {len(images) // N_CLASSES} samples in the place of "
            f"the digit {worst} are of it; {least} are needed of each digit, in the order 0 to 9."
        )
    details = {
        "worst": worst,
        "of_worst": int(by_class[worst]),
        "copies": copies,
        "repeats": repeats,
    }
    return Finding(
        float(right.float().mean()),
        problem,
        {name: float(value) for name, value in details.items()},
    )
