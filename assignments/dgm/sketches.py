"""Photographs and pencil sketches of the same procedural faces: a data set of pairs without a file.

A sketch is drawn, not filtered from the photograph: `FaceShapes` says where the parts of the face
lie, and a hand goes along them with a pencil. How it does (`Hands`) cannot be known from the
photograph, and what only colour shows (skin, iris, shirt, background) cannot be known from the sketch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from dgm.data import Split
from dgm.face_shapes import EYE_LEVEL, FaceShapes, per_face
from dgm.faces import Faces, draw_faces, sample_faces

N_PAIRS = {"train": 3000, "test": 500}
"""How many pairs the embedded data set has."""
_SEEDS = {"train": 3000, "test": 3001}  # no other data of the course is drawn from them
_COARSE, _MEDIUM, _FINE, _GRAIN = 7, 10, 20, 64
"""Points along a side of the random fields of a sheet."""


@dataclass(frozen=True)
class Hands:
    """How N sketches are drawn. Lengths are in units of half the image, tones in [0, 1] with 1 white.

    paper: tone of the sheet. darkness: of the pencil, 1 is black. line: width of a line. jitter: how
    far a line strays. spacing: between the strokes of a hatching. slant: of a hatching, in radians.
    All of these: (N,). Numbers in [-1, 1] at points of the sheet: stray (N, 4, 7, 7), where lines
    stray to; line_pressure (N, 10, 10) and hatch_pressure (N, 20, 20), of the pencil; grain
    (N, 64, 64), of the paper.
    """

    paper: Tensor
    darkness: Tensor
    line: Tensor
    jitter: Tensor
    spacing: Tensor
    slant: Tensor
    stray: Tensor
    line_pressure: Tensor
    hatch_pressure: Tensor
    grain: Tensor

    def __len__(self) -> int:
        return len(self.paper)

    def to(self, device: torch.device | str) -> Hands:
        return Hands(**{item.name: getattr(self, item.name).to(device) for item in fields(self)})

    def rows(self, index: slice | Tensor) -> Hands:
        return Hands(**{item.name: getattr(self, item.name)[index] for item in fields(self)})


def sample_hands(n: int, seed: int = 0) -> Hands:
    """Draw how `n` sketches are drawn, on the CPU: the same for the same seed everywhere, and hand i does not depend on n."""
    sizes = [16, 4 * _COARSE**2, _MEDIUM**2, _FINE**2, _GRAIN**2]
    table = torch.rand(n, sum(sizes), generator=torch.Generator().manual_seed(seed))
    numbers, *rest = table.split(sizes, 1)
    stray, line_pressure, hatch_pressure, grain = (2 * part - 1 for part in rest)
    columns = iter(numbers.unbind(1))

    def between(low: float, high: float) -> Tensor:
        return low + (high - low) * next(columns)

    return Hands(
        paper=between(0.86, 0.98),
        darkness=between(0.72, 0.96),
        line=between(0.020, 0.042),
        jitter=between(0.012, 0.036),
        spacing=between(0.075, 0.105),
        slant=between(-0.9, 0.9),
        stray=stray.reshape(n, 4, _COARSE, _COARSE),
        line_pressure=line_pressure.reshape(n, _MEDIUM, _MEDIUM),
        hatch_pressure=hatch_pressure.reshape(n, _FINE, _FINE),
        grain=grain.reshape(n, _GRAIN, _GRAIN),
    )


def draw_sketches(faces: Faces, hands: Hands, size: int = 64) -> Tensor:
    """Draw each face with its hand: (N, 1, size, size) float32 in [-1, 1], on the device that both lie on.

    Raises ValueError unless there are as many hands as faces.
    """
    if len(faces) != len(hands):
        raise ValueError(f"{len(faces)} faces need as many hands, not {len(hands)}")
    chunks = [
        _Sheet(faces.rows(rows), hands.rows(rows), size).draw()
        for rows in (slice(start, start + 16) for start in range(0, len(faces), 16))
    ]
    return torch.cat(chunks) if chunks else faces.skin.new_zeros(0, 1, size, size)


def random_pairs(
    n: int, seed: int = 0, *, size: int = 64, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor, Tensor]:
    """`n` photographs with their sketches and yes/no attributes.

    Photographs (n, 3, size, size) and sketches (n, 1, size, size) float32 in [-1, 1]; attributes
    (n, 6) of 0.0 and 1.0, columns as in `dgm.faces.BINARY`. The photographs and attributes are those
    of `dgm.faces.random_faces` for the same seed.
    """
    faces = sample_faces(n, seed).to(device)
    hands = sample_hands(n, seed).to(device)
    return draw_faces(faces, size), draw_sketches(faces, hands, size), faces.binary


def load_pairs(
    split: Split = "train",
    n: int | None = None,
    *,
    size: int = 64,
    device: torch.device | str = "cpu",
) -> tuple[Tensor, Tensor, Tensor]:
    """The course's photo-sketch pairs, as `random_pairs` gives them: the first `n` of 3,000 train or 500 test pairs.

    No face is in both splits. Raises ValueError for another split or a number that it does not have.
    """
    if split not in N_PAIRS:
        raise ValueError(f"split must be 'train' or 'test', not {split!r}")
    n = N_PAIRS[split] if n is None else n
    if not 0 < n <= N_PAIRS[split]:
        raise ValueError(f"n must lie in 1..{N_PAIRS[split]} for the {split} pairs, not {n}")
    return random_pairs(n, _SEEDS[split], size=size, device=device)


def sketches_of(split: Split, n: int, *, hands_seed: int | None = None) -> tuple[Tensor, Tensor]:
    """Sketches (n, 1, 64, 64) and attributes (n, 6) of the first `n` pairs of a split, without their photographs.

    hands_seed: of other hands than those of the pairs, which draw the same faces. Half the time of
    `load_pairs`.
    """
    seed = _SEEDS[split]
    faces = sample_faces(n, seed)
    hands = sample_hands(n, seed if hands_seed is None else hands_seed)
    return draw_sketches(faces, hands), faces.binary


def _field(points: Tensor, size: int) -> Tensor:
    """A smooth random field (N, C, size, size) through random numbers (N, C, points, points)."""
    return F.interpolate(points, size=(size, size), mode="bicubic", align_corners=True)


class _Sheet(FaceShapes):
    """One batch of sheets of paper. What lies in front is drawn later and first erases what lies behind it."""

    def __init__(self, faces: Faces, hands: Hands, size: int) -> None:
        self.hands = hands
        stray = hands.jitter[:, None, None, None] * _field(hands.stray, size)
        super().__init__(faces, size, (stray[:, 0], stray[:, 1]))
        self.first_try = FaceShapes(faces, size, (2 * stray[:, 2], 2 * stray[:, 3]))
        self.line_pressure = _field(hands.line_pressure[:, None], size)[:, 0]
        self.hatch_pressure = _field(hands.hatch_pressure[:, None], size)[:, 0]
        self.graphite = torch.zeros_like(self.x)  # 0: bare paper, 1: as dark as the pencil goes
        luminance = faces.skin.new_tensor([0.30, 0.59, 0.11])
        self.hair, self.skin, self.iris, self.shirt, self.cap = (
            1 - (colour * luminance).sum(1)
            for colour in (faces.hair, faces.skin, faces.iris, faces.shirt, faces.cap)
        )

    def draw(self) -> Tensor:
        self._hair_behind()
        self._body()
        self._head()
        self._beard()
        self._mouth()
        self._nose()
        for side in (-1.0, 1.0):
            self._eye(side)
        self._hair_in_front()
        self._hat()
        self._glasses()
        return self._on_paper()

    def _on_paper(self) -> Tensor:
        """The graphite sticks to the grain of the paper, which has a tone and is lit from one side."""
        hands, size = self.hands, self.graphite.shape[-1]
        grain = hands.grain[:, None]
        if size != _GRAIN:
            grain = F.interpolate(grain, size=(size, size), mode="bilinear", antialias=True)
        grain = grain[:, 0]
        lit = per_face(hands.paper) + 0.02 * _field(hands.stray[:, :1], size)[:, 0] + 0.012 * grain
        dark = per_face(hands.darkness) * self.graphite * (0.9 + 0.25 * grain)
        return (lit * (1 - dark.clamp(0, 1))).clamp(0, 1)[:, None] * 2 - 1

    # What a hand can do

    def erase(self, mask: Tensor, where: Tensor | None = None) -> None:
        """Leave bare paper in `mask` (N, H, W), for the faces `where` is 1."""
        self.graphite.mul_(1 - (mask if where is None else mask * per_face(where)))

    def mark(self, strength: Tensor, where: Tensor | None = None) -> None:
        """Rub graphite over what is there, `strength` (N, H, W) in [0, 1]."""
        strength = strength.clamp(0, 1)
        if where is not None:
            strength.mul_(per_face(where))
        self.graphite.addcmul_(1 - self.graphite, strength)

    def line(
        self,
        distance: Tensor,
        weight: float = 1.0,
        *,
        part: Tensor | None = None,
        where: Tensor | None = None,
    ) -> None:
        """Draw along {distance = 0}, where `part` (N, H, W) is 1; weight 1 is the usual line."""
        pressure = 0.85 + 0.4 * self.line_pressure
        half = 0.5 * weight**0.5 * per_face(self.hands.line) * pressure
        strength = self.mask(distance.abs() - half) * (weight * pressure).clamp(0, 1)
        self.mark(strength if part is None else strength * part, where)

    def solid(
        self,
        part: Callable[[FaceShapes], Tensor],
        weight: float = 1.0,
        *,
        below: Tensor | None = None,
        where: Tensor | None = None,
    ) -> Tensor:
        """Erase what lies behind a part, try its outline lightly, then draw it; returns its mask.

        part: gives the signed distance. below: (N, H, W), 0 where no outline is seen.
        """
        distance = part(self)
        mask = self.mask(distance)
        self.erase(mask, where)
        self.line(part(self.first_try), 0.3 * weight, part=below, where=where)
        self.line(distance, weight, part=below, where=where)
        return mask

    def hatch(
        self, mask: Tensor, across: Tensor, tone: Tensor, where: Tensor | None = None
    ) -> None:
        """Fill `mask` with strokes side by side along `across`; tone (N,) in [0, 1]: how dark."""
        spacing = per_face(self.hands.spacing * (1.25 - 0.5 * tone))
        from_stroke = ((across / spacing + 0.3 * self.line_pressure) % 1 - 0.5).abs() * spacing
        thick = spacing * per_face(0.10 + 0.26 * tone)
        pressure = (0.75 + 0.75 * self.hatch_pressure).clamp(0, 1)
        strokes = self.mask(from_stroke - thick) * pressure
        self.mark(mask * strokes * per_face(0.25 + 0.65 * tone), where)
        self.mark(mask * per_face(0.5 * tone.square()), where)

    def _slanted(self) -> Tensor:
        """Across the strokes of a hatching that follows no shape."""
        slant = self.hands.slant
        return per_face(slant.cos()) * self.x + per_face(slant.sin()) * self.y

    def _fan(self, x: float, y: float) -> Tensor:
        """Across strokes that spread from a point above: an angle, as a length half a unit below the point."""
        return 0.5 * torch.atan2(self.x - x, self.y - y)

    def _beyond(self, distance: Tensor, soft: float = 0.05) -> Tensor:
        """From 0 to 1 where `distance` grows from -soft to soft."""
        return (0.5 + 0.5 * distance / soft).clamp(0, 1)

    # The parts of a face, from back to front

    def _hair_behind(self) -> None:
        long = self.faces.has("long_hair")
        short_mask = self.solid(lambda s: s.hair_behind()[0])
        crown = self.hair_behind()[0]
        self.hatch(short_mask, crown, self.hair)
        mask = self.solid(lambda s: s.hair_behind()[1], where=long)
        self.hatch(mask, self.x, self.hair, long)

    def _body(self) -> None:
        neck = self.solid(FaceShapes.neck, 0.8)
        shadow = self.neck() + 2 * (self.y - 0.62).clamp_min(0)  # under the chin
        self.hatch(self.mask(shadow) * neck, self._slanted(), 0.25 + 0.3 * self.skin)
        mask = self.solid(FaceShapes.shoulders)
        self.hatch(
            mask, self._slanted(), 1.2 * (self.shirt - 0.4).clamp(0, 1), (self.shirt > 0.4).float()
        )

    def _head(self) -> None:
        f = self.faces
        for side in (-1.0, 1.0):
            ear = self.solid(partial(FaceShapes.ear, side=side), 0.8)
            inner = self.ellipse(side * (f.width + 0.005), 0.03, 0.035, 0.06)
            self.line(inner, 0.5, part=ear)
        self.outside = self.head()
        mask = self.solid(FaceShapes.head, 1.1)
        self.mark(mask * per_face(0.30 * (self.skin - 0.15).clamp(0, 1)))
        # The side away from the light, hatched the more the stronger the light is.
        away = -per_face(f.light.sign()) * self.x / per_face(f.width)
        shade = mask * self._beyond(away - 0.62, 0.25) * 3 * per_face(f.light.abs())
        self.hatch(shade.clamp(0, 0.8), self._slanted(), 0.2 + 0.4 * self.skin)

    def _beard(self) -> None:
        beard = self.faces.has("beard")
        mask = self.mask(self.beard(self.outside))
        self.hatch(mask, self._fan(0.0, -0.35), self.hair, beard)

    def _mouth(self) -> None:
        f = self.faces
        lips, teeth, meet = self.mouth()
        width = per_face(f.mouth_width)
        self.erase(self.mask(lips - 0.02))  # no beard over the lips
        within = self._beyond(width - self.x.abs(), 0.02)
        self.line(meet, 1.3, part=within * per_face(1 - f.mouth_open))
        self.mark(0.35 * self.mask(lips))
        self.line(meet + 0.055, 0.5, part=self._beyond(0.5 * width - self.x.abs(), 0.03))
        self.erase(self.mask(teeth), f.mouth_open)
        self.line(lips, 1.2, where=f.mouth_open)

    def _nose(self) -> None:
        tip = self.nose_tip()
        self.line(self.nose_bridge() + 0.01, 0.6)
        lower = self._beyond(self.y - per_face(0.07 + 0.55 * self.faces.nose), 0.02)
        self.line(tip, 1.0, part=lower)
        for side in (-1.0, 1.0):
            self.mark(
                0.7
                * self.mask(self.ellipse(0.03 * side, 0.085 + 0.55 * self.faces.nose, 0.014, 0.010))
            )

    def _eye(self, side: float) -> None:
        f = self.faces
        white, iris, pupil = self.eye(side)
        inside = self.mask(white)
        self.erase(inside)
        upper = self._beyond(EYE_LEVEL + 0.01 - self.y, 0.015)
        self.line(white, 0.5)
        self.line(white - 0.008, 1.6, part=upper)
        self.mark(inside * self.mask(iris) * per_face(0.25 + 0.5 * self.iris))
        self.line(iris, 0.8, part=inside)
        self.mark(inside * self.mask(pupil))
        self.erase(
            0.9
            * self.mask(
                self.ellipse(side * f.eye_distance + f.gaze + 0.022, EYE_LEVEL - 0.02, 0.012, 0.012)
            )
        )
        brow = self.mask(self.brow(side) + 0.004)
        self.mark(brow * per_face(0.25 + 0.6 * self.hair) * (0.85 + 0.3 * self.hatch_pressure))

    def _hair_in_front(self) -> None:
        long = self.faces.has("long_hair")
        mask = self.solid(FaceShapes.fringe, 0.8)
        self.hatch(mask, self._fan(0.08, -1.05), self.hair)
        mask = self.solid(FaceShapes.strands, 0.6, where=long)
        self.hatch(mask, self.x, self.hair, long)

    def _hat(self) -> None:
        hat = self.faces.has("hat")
        top = self.solid(lambda s: s.hat()[0], where=hat)
        self.hatch(top, self._fan(0.0, -1.2), 0.85 * self.cap, hat)
        brim = self.solid(lambda s: s.hat()[1], 1.2, where=hat)
        self.hatch(brim, self._slanted(), 0.2 + 0.7 * self.cap, hat)

    def _glasses(self) -> None:
        glasses = self.faces.has("glasses")
        for side in (-1.0, 1.0):
            self.line(self.lens(side), 1.8, where=glasses)
            self.mark(0.9 * self.mask(self.temple(side)), glasses)
        self.mark(0.9 * self.mask(self.nosepiece()), glasses)
