"""`sketch_translations`: sketches made of the test photographs, held against the real ones.

The share of wrong attributes is 0 for the real sketches themselves, and for sketches of a few
faces that have the right attributes. So the L1 distance is looked at, too: a hand's strokes cannot be known from the
photograph, and no honest translation comes as close to the real sketch as a copy of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from dgm.metrics import attribute_accuracy, sketch_probabilities
from dgm.quality.digit_samples import as_images
from dgm.quality.measure import Finding
from dgm.sketches import sketches_of

N_FACES = 250
"""The first ones of the test split."""
TOO_CLOSE = 0.06
"""A perfect drawer who does not know the hand has an L1 of about 0.12."""


def find(tensors: dict[str, Tensor], options: Mapping[str, Any], seed: int) -> Finding:
    """sketches (250, 1, 64, 64): levels 0..255 as uint8, or floats in [-1, 1]; of the first 250 test
    photographs, in their order. `seed` is not used.

    options: `l1`, the largest mean L1 distance to the real sketches, in hundredths of [-1, 1]'s unit.
    """
    images = as_images(tensors["sketches"])
    real, attributes = _test_faces()
    l1 = float((images - real).abs().mean())
    errors = 1 - attribute_accuracy(sketch_probabilities(images), attributes)
    most = options["l1"] / 100
    problem = ""
    if l1 > most:
        problem = (
            f"The mean L1 distance to the real sketches is {l1:.3f}; at most {most:g} is accepted."
        )
    elif l1 < TOO_CLOSE:
        problem = (
            f"The mean L1 distance to the real sketches is {l1:.3f}: these are copies of them."
        )
    details = {"l1": l1, "worst": float(errors.max())}
    return Finding(float(errors.mean()), problem, details)


def prepare() -> None:
    """Compute once for this process what does not depend on the sketches."""
    _test_faces()
    sketch_probabilities(torch.zeros(1, 1, 64, 64))


@lru_cache(maxsize=1)
def _test_faces() -> tuple[Tensor, Tensor]:
    """The real sketches (250, 1, 64, 64) and the attributes (250, 6). Drawn once for a process."""
    with torch.no_grad():
        return sketches_of("test", N_FACES)
