"""Where the parts of a procedural face lie, as signed distances: a photograph is painted over them, a sketch drawn along them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from dgm.faces import Faces


class FaceShapes:
    """The parts of a batch of faces. Each method gives the signed distance (N, H, W) of every pixel from a part, negative inside.

    Distances are to first order, in units of half the image. `side` is -1 for what lies left in the
    image and 1 for what lies right.
    """

    def __init__(self, faces: Faces, size: int, shift: tuple[Tensor, Tensor] | None = None) -> None:
        """shift: (x, y), each (N, size, size), is added to where each pixel looks: lines become as uneven as it is."""
        self.faces = faces
        self.pixel = 2.0 / size
        axis = (
            torch.arange(size, device=faces.skin.device, dtype=torch.float32) + 0.5
        ) * self.pixel - 1.0
        self.y_screen, self.x_screen = (
            grid[None] for grid in torch.meshgrid(axis, axis, indexing="ij")
        )
        if shift is not None:
            self.x_screen, self.y_screen = self.x_screen + shift[0], self.y_screen + shift[1]
        # Face coordinates: origin at the middle of the head, turned with it.
        dx, dy = self.x_screen - per_face(faces.x), self.y_screen - per_face(faces.y)
        cos, sin = per_face(faces.tilt.cos()), per_face(faces.tilt.sin())
        self.x, self.y = cos * dx + sin * dy, cos * dy - sin * dx

    def mask(self, distance: Tensor) -> Tensor:
        """Coverage of each pixel by the shape {distance < 0}, softened over one pixel."""
        return (distance / self.pixel).neg_().add_(0.5).clamp_(0, 1)

    def ellipse(
        self, x: Tensor | float, y: Tensor | float, a: Tensor | float, b: Tensor | float
    ) -> Tensor:
        """An ellipse around (x, y) with half axes a and b, in face coordinates."""
        u, v = (self.x - per_face(x)) / per_face(a), (self.y - per_face(y)) / per_face(b)
        # In place where the value is ours: the time goes into memory, not into arithmetic.
        radius = u.square().add_(v.square()).clamp_min_(1e-6).sqrt_()
        steep = u.div_(per_face(a)).square_().add_(v.div_(per_face(b)).square_())
        slope = steep.clamp_min_(1e-6).sqrt_().div_(radius)
        return radius.sub_(1).div_(slope)

    def hair_behind(self) -> tuple[Tensor, Tensor]:
        """The hair behind the head, as it is on every head, and as long hair has it."""
        f = self.faces
        volume = f.width + f.hair_volume
        crown = self.ellipse(0.0, -0.10, volume, f.height + 0.6 * f.hair_volume - 0.02)
        falling = torch.maximum(self.x.abs() - per_face(volume), (self.y - 0.30).abs() - 0.42)
        return torch.maximum(crown, self.y - 0.15), torch.minimum(crown, falling)

    def neck(self) -> Tensor:
        return torch.maximum(self.x.abs() - 0.17, (self.y - 0.65).abs() - 0.30)

    def shoulders(self) -> Tensor:
        """Level on the screen, whatever the tilt of the head."""
        u, v = (self.x_screen - per_face(self.faces.x)) / 0.80, (self.y_screen - 1.12) / 0.36
        return ((u.square() + v.square()).sqrt() - 1) * 0.36

    def ear(self, side: float) -> Tensor:
        return self.ellipse(side * self.faces.width, 0.02, 0.07, 0.11)

    def head(self) -> Tensor:
        f = self.faces
        upper, chin = (
            self.ellipse(0.0, 0.0, f.width, f.height),
            self.ellipse(0.0, 0.10, 0.86 * f.width, f.height - 0.10),
        )
        return torch.where(self.y < 0.0, upper, torch.minimum(upper, chin))

    def beard(self, head: Tensor) -> Tensor:
        return torch.maximum(head, 0.16 - self.y - 0.9 * self.x.square())

    def mouth(self) -> tuple[Tensor, Tensor, Tensor]:
        """The lips, the teeth between them, and the line where the lips meet: y on it minus y, with no ends."""
        f = self.faces
        across = self.x / per_face(f.mouth_width)
        middle = 0.31 + 0.5 * per_face(f.smile) - per_face(f.smile) * across.square()
        taper = (1 - across.square()).clamp_min(0).sqrt()
        lip = (self.y - middle).abs() - (0.022 + 0.012 * per_face(f.has("smiling"))) * taper
        ends = self.x.abs() - per_face(f.mouth_width)
        teeth = (self.y - middle + 0.004).abs() - 0.030 * taper
        return torch.maximum(lip, ends), torch.maximum(teeth, ends + 0.03), middle - self.y

    def nose_bridge(self) -> Tensor:
        """The shadow along the nose, on the side away from the light."""
        f = self.faces
        side = torch.where(f.light > 0, -1.0, 1.0)
        return torch.maximum(
            (self.x - per_face(side * 0.030)).abs() - 0.010,
            (self.y - 0.06).abs() - per_face(0.6 * f.nose),
        )

    def nose_tip(self) -> Tensor:
        return self.ellipse(0.0, 0.07 + 0.55 * self.faces.nose, 0.060, 0.028)

    def eye(self, side: float) -> tuple[Tensor, Tensor, Tensor]:
        """The white of an eye, its iris and its pupil; both run on behind the lids."""
        f = self.faces
        x, y = side * f.eye_distance, EYE_LEVEL
        return (
            self.ellipse(x, y, f.eye_size, 0.62 * f.eye_size),
            self.ellipse(x + f.gaze, y, 0.52 * f.eye_size, 0.52 * f.eye_size),
            self.ellipse(x + f.gaze, y, 0.024, 0.024),
        )

    def brow(self, side: float) -> Tensor:
        f = self.faces
        along = self.x - per_face(side * f.eye_distance)
        brow = (
            self.y - EYE_LEVEL + 0.15 + side * per_face(f.brow_slant) * along + 1.6 * along.square()
        ).abs() - 0.022
        return torch.maximum(brow, along.abs() - 0.105)

    def fringe(self) -> Tensor:
        """The hair on top of the head, in front of the forehead."""
        f = self.faces
        line = (
            self.y
            + per_face(f.height) * 0.52
            - 0.9 * self.x.square() * per_face(1.0 - f.has("long_hair"))
            + 0.25 * self.x
        )
        return torch.maximum(self.ellipse(0.0, -0.02, f.width + 0.02, f.height + 0.03), line)

    def strands(self) -> Tensor:
        """Long hair that falls in front of the ears, on both sides."""
        return torch.maximum(
            (self.x.abs() - per_face(self.faces.width)).abs() - 0.055,
            (self.y - 0.12).abs() - 0.50,
        )

    def hat(self) -> tuple[Tensor, Tensor]:
        """The top and the brim."""
        f = self.faces
        top = torch.maximum(self.ellipse(0.0, -0.22, f.width + 0.10, 0.52), self.y + 0.26)
        return top, self.ellipse(0.0, -0.27, f.width + 0.17, 0.055)

    def lens(self, side: float) -> Tensor:
        return self.ellipse(side * self.faces.eye_distance, -0.05, 0.150, 0.130)

    def temple(self, side: float) -> Tensor:
        """The arm of a pair of glasses."""
        f = self.faces
        outer = side * self.x - per_face(f.eye_distance + 0.150)
        return torch.maximum(
            (self.y + 0.07).abs() - 0.014,
            torch.maximum(-outer, side * self.x - per_face(f.width + 0.03)),
        )

    def nosepiece(self) -> Tensor:
        """What joins the lenses."""
        gap = self.x.abs() - per_face(self.faces.eye_distance - 0.145)
        return torch.maximum((self.y + 0.075).abs() - 0.014, gap)


EYE_LEVEL = -0.06
"""y of the eyes in face coordinates."""


def per_face(value: Any) -> Any:
    """(N,) -> (N, 1, 1), to combine with (N, H, W); a plain number stays one."""
    return value[:, None, None] if isinstance(value, Tensor) else value
