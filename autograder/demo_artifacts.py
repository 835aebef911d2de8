"""Artifacts for made-up students: what a quality question would be handed by somebody who had
trained a model.

Nothing is trained here. The digits are real ones, turned until they are no copies; the density is
the true one. docs/authoring.md names both as what a metric does not detect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.course.assignment import Quality

if TYPE_CHECKING:
    from torch import Tensor

DEGREES = 14.0
"""How far digits are turned, to either side."""


def stand_in(quality: Quality) -> bytes:
    """A file that its question gives full marks. Raises KeyError for a metric without one."""
    from safetensors.torch import save

    make = {
        "class_samples": _classes,
        "digit_samples": _digits,
        "plane_density": _density,
        "sketch_translations": _sketches,
    }
    tensors = make[quality.metric](quality)
    return save({name: tensor.contiguous() for name, tensor in tensors.items()})


def _digits(quality: Quality) -> dict[str, Tensor]:
    from dgm.data import load_digits

    return {"samples": _turned(load_digits("train")[0][:1000])}


def _classes(quality: Quality) -> dict[str, Tensor]:
    import torch
    from dgm.data import load_digits

    images, labels = load_digits("train")
    return {"samples": _turned(torch.cat([images[labels == c][:100] for c in range(10)]))}


def _sketches(quality: Quality) -> dict[str, Tensor]:
    """The test faces, drawn by other hands."""
    import torch
    from dgm.quality.sketch_translations import N_FACES
    from dgm.sketches import sketches_of

    sketches, _ = sketches_of("test", N_FACES, hands_seed=7)
    return {"sketches": (127.5 * (sketches + 1)).round().to(torch.uint8)}


def _turned(images: Tensor) -> Tensor:
    """Levels (1000, 1, 28, 28) of digits turned to either side."""
    import torch
    from torch.nn.functional import affine_grid, grid_sample

    chance = torch.Generator().manual_seed(0)
    side = torch.where(torch.rand(1000, generator=chance) < 0.5, -1.0, 1.0)
    angle = side * torch.deg2rad(torch.tensor(DEGREES))
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], 1).view(1000, 2, 2)
    matrix = torch.cat([turn, torch.zeros(1000, 2, 1)], dim=2)
    grid = affine_grid(matrix, list(images.shape), align_corners=False)
    moved = grid_sample((images + 1) / 2, grid, align_corners=False)
    return (255 * moved).round().to(torch.uint8)


def _density(quality: Quality) -> dict[str, Tensor]:
    from dgm.plane import grid_points
    from dgm.quality.plane_density import PLANES, REACH

    plane = PLANES[str(quality.options["plane"])]()
    table = plane.log_density(grid_points(REACH, 201).double())
    return {
        "log_density": table.clamp_min(-80.0).view(201, 201).float(),
        "samples": plane.sample(2000, 1),
    }
