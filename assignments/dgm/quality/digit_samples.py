"""`digit_samples`: a Fréchet distance to the test digits, for samples that are digits of the model's own.

The distance alone is best for copies of real digits, and good for a few samples drawn many times
over. Both are looked for, and earn nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from dgm.data import load_digits
from dgm.metrics import digit_classifier, digit_features, frechet_distance
from dgm.quality.artifact import ArtifactError
from dgm.quality.measure import Finding

CLASS_SHARE = 0.02
"""A class is covered when more samples than this share are of it."""
NEIGHBOUR = 5
"""A copy is far nearer to its original than to this many-th nearest real digit."""
COPY_RATIO = 0.25
"""Of the two distances. One real digit in a thousand that is new is below (docs/measurements.md)."""
N_CANDIDATES = 50
"""Real digits that are looked at closely for each sample."""
N_AT_ONCE = 100
"""Samples whose candidates are compared at once: they stay in a processor's cache."""
MAX_COPIES = 0.02
REPEAT_DISTANCE = 0.01
"""1 - correlation of two samples that are one and the same drawn twice."""
MAX_REPEATS = 0.1
RANGE_SLACK = 1e-3


def find(tensors: dict[str, Tensor], options: Mapping[str, Any], seed: int) -> Finding:
    """samples (1000, 1, 28, 28): levels 0..255 as uint8, or floats in [-1, 1]. `seed` is not used.

    options: `classes`, how many of the ten digits must be among the samples.
    """
    images = as_images(tensors["samples"])
    features = digit_features(images)
    logits = digit_classifier(images.device).head(features.relu())
    classes = logits.argmax(1).bincount(minlength=10) / len(images)
    covered = int((classes > CLASS_SHARE).sum())
    copies, repeats, problem = not_drawn(images)
    details = {"classes": covered, "copies": copies, "repeats": repeats}
    if not problem and covered < options["classes"]:
        problem = f"The samples cover {covered} of the ten digits; {options['classes']} are needed."
    return Finding(
        float(frechet_distance(features, _test_features())),
        problem,
        {name: float(value) for name, value in details.items()},
    )


def prepare() -> None:
    """Compute once for this process what does not depend on the samples."""
    _test_features()
    _real_digits()


@lru_cache(maxsize=1)
def _test_features() -> Tensor:
    return digit_features(load_digits("test")[0])


@lru_cache(maxsize=1)
def _real_digits() -> tuple[Tensor, Tensor]:
    """All real digits as `patterns_of` has them."""
    return patterns_of(torch.cat([load_digits(split)[0] for split in ("train", "test")]))


def not_drawn(images: Tensor) -> tuple[int, int, str]:
    """Copies of real digits and repeats among the images, and what is wrong with them if there are
    too many, as a sentence.
    """
    copies = int((copy_ratios(images, _real_digits()) < COPY_RATIO).sum())
    repeats = int(repeated(images).sum())
    problem = ""
    if repeats > MAX_REPEATS * len(images):
        problem = f"{repeats} of {len(images)} samples are the same as another one."
    elif copies > MAX_COPIES * len(images):
        problem = f"{copies} of {len(images)} samples are copies of real digits."
    return copies, repeats, problem


def as_images(samples: Tensor) -> Tensor:
    """(N, 1, 28, 28) float32 in [-1, 1]."""
    if samples.dtype == torch.uint8:
        return 2.0 * samples.float() / 255.0 - 1.0
    low, high = float(samples.min()), float(samples.max())
    if low < -1.0 - RANGE_SLACK or high > 1.0 + RANGE_SLACK:
        raise ArtifactError(
            f"has samples from {low:.3g} to {high:.3g}; floats must be in [-1, 1] "
            "(or write levels 0..255 as uint8)"
        )
    return samples.float().clamp(-1.0, 1.0)


def patterns_of(real: Tensor) -> tuple[Tensor, Tensor]:
    """Images (N, 1, 28, 28) as `copy_ratios` looks at them: averages of four by four pixels (N, 49),
    and of two by two (N, 196).
    """
    return _pattern(real, 4), _pattern(real, 2)


def copy_ratios(images: Tensor, real: tuple[Tensor, Tensor]) -> Tensor:
    """How much nearer each image is to one real digit than to real digits of its kind: (N,) in [0, 1].

    real: `patterns_of` the real digits. The distance to the nearest over that to the fifth nearest. A
    distance is 1 - correlation of the pixels, averaged two by two, so that brightness, contrast and
    fine noise do not hide a copy; of an image moved by up to a pixel, the smallest counts. Candidates
    are found by averages of four by four, which a pixel changes little.
    """
    coarse, fine = real
    candidates = (_pattern(images, 4) @ coarse.T).topk(N_CANDIDATES, dim=1).indices  # (N, C)
    mine = torch.stack([_pattern(moved, 2) for moved in _moved(images)], dim=2)  # (N, 196, 9)
    parts = zip(candidates.split(N_AT_ONCE), mine.split(N_AT_ONCE), strict=True)
    alike = torch.cat([(fine[near] @ moved).amax(2) for near, moved in parts])  # (N, C)
    distance = (1.0 - alike.topk(NEIGHBOUR, dim=1).values).clamp_min(0.0)
    return distance[:, 0] / distance[:, -1].clamp_min(1e-6)


def repeated(images: Tensor) -> Tensor:
    """Which images are the same as another one, (N,) bool."""
    pattern = _pattern(images, 2)
    same = pattern @ pattern.T
    same.fill_diagonal_(-1.0)
    return (same.max(1).values > 1.0 - REPEAT_DISTANCE) | (pattern.square().sum(1) < 0.5)


def _moved(images: Tensor) -> Iterator[Tensor]:
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            yield torch.roll(images, (down, right), (2, 3))


def _pattern(images: Tensor, side: int) -> Tensor:
    """(N, D): pixels averaged side by side, of mean 0 and length 1; zero for an even image."""
    rows = F.avg_pool2d(images, side).flatten(1)
    rows = rows - rows.mean(1, keepdim=True)
    length = rows.norm(dim=1, keepdim=True)
    return torch.where(length > 1e-3, rows / length.clamp_min(1e-3), 0.0)
