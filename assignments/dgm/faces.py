"""Procedural 64x64 faces with known attributes: a data set without a file, drawn on any device from a table of numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from dgm.face_shapes import FaceShapes, per_face

BINARY = ("smiling", "glasses", "beard", "hat", "long_hair", "dark_hair")
"""The yes/no attributes, in the order of the columns of `Faces.binary`."""

_SKIN = torch.tensor(
    [
        [0.98, 0.86, 0.76],
        [0.95, 0.77, 0.63],
        [0.84, 0.63, 0.46],
        [0.66, 0.45, 0.31],
        [0.45, 0.29, 0.20],
    ]
)
_LIGHT_HAIR = torch.tensor(
    [[0.93, 0.80, 0.47], [0.80, 0.55, 0.28], [0.72, 0.32, 0.15], [0.72, 0.71, 0.70]]
)
_DARK_HAIR = torch.tensor(
    [[0.08, 0.07, 0.07], [0.20, 0.13, 0.09], [0.33, 0.20, 0.12], [0.25, 0.10, 0.08]]
)
_IRIS = torch.tensor(
    [[0.30, 0.18, 0.08], [0.20, 0.42, 0.65], [0.25, 0.48, 0.30], [0.40, 0.42, 0.44]]
)
_CLOTH = torch.tensor(
    [
        [0.75, 0.20, 0.22],
        [0.17, 0.33, 0.60],
        [0.20, 0.48, 0.32],
        [0.93, 0.90, 0.84],
        [0.25, 0.25, 0.28],
        [0.85, 0.60, 0.18],
    ]
)
_BACKGROUND = torch.tensor(
    [
        [0.70, 0.80, 0.90],
        [0.86, 0.80, 0.70],
        [0.62, 0.72, 0.62],
        [0.80, 0.70, 0.78],
        [0.50, 0.56, 0.64],
    ]
)


@dataclass(frozen=True)
class Faces:
    """Attributes of N faces. Lengths are in units of half the image; x runs right, y down, the image spans [-1, 1].

    binary: (N, 6) of 0 and 1, see BINARY. Colours: (N, 3) in [0, 1]. Everything else: (N,).
    """

    binary: Tensor
    skin: Tensor
    hair: Tensor
    iris: Tensor
    shirt: Tensor
    cap: Tensor
    background: Tensor
    x: Tensor
    y: Tensor
    tilt: Tensor
    width: Tensor
    height: Tensor
    eye_distance: Tensor
    eye_size: Tensor
    gaze: Tensor
    brow_slant: Tensor
    nose: Tensor
    mouth_width: Tensor
    smile: Tensor
    mouth_open: Tensor
    hair_volume: Tensor
    light: Tensor

    def __len__(self) -> int:
        return len(self.binary)

    def to(self, device: torch.device | str) -> Faces:
        return Faces(**{item.name: getattr(self, item.name).to(device) for item in fields(self)})

    def rows(self, index: slice | Tensor) -> Faces:
        return Faces(**{item.name: getattr(self, item.name)[index] for item in fields(self)})

    def has(self, name: str) -> Tensor:
        """(N,) of 0.0 and 1.0: which faces have a binary attribute."""
        return self.binary[:, BINARY.index(name)]


_N_UNIFORM = 64  # random numbers in a face's row: more than are used, so that a later attribute leaves the others as they are


def sample_faces(n: int, seed: int = 0) -> Faces:
    """Draw the attributes of `n` faces, on the CPU: the same for the same seed everywhere, and face i does not depend on n."""
    table = torch.rand(
        n, _N_UNIFORM, generator=torch.Generator().manual_seed(seed), dtype=torch.float64
    ).float()
    columns = iter(table.unbind(1))

    def between(low: float, high: float) -> Tensor:
        return low + (high - low) * next(columns)

    def one_of(palette: Tensor) -> Tensor:
        base = palette[(next(columns) * len(palette)).long()]
        return (base + torch.stack([between(-0.05, 0.05) for _ in range(3)], 1)).clamp(0, 1)

    binary = torch.stack(
        [(next(columns) < share).float() for share in (0.5, 0.3, 0.25, 0.2, 0.4, 0.55)], 1
    )
    smiling, long_hair, dark = binary[:, 0], binary[:, 4], binary[:, 5:]
    binary[:, 2] *= 1 - long_hair  # a beard and long hair together cover most of a 64x64 face
    position = next(columns) * (
        len(_SKIN) - 1
    )  # skin lies anywhere between two neighbours of the palette
    lower = position.long().clamp_max(len(_SKIN) - 2)
    skin = torch.lerp(_SKIN[lower], _SKIN[lower + 1], (position - lower)[:, None])
    light_hair, dark_hair = one_of(_LIGHT_HAIR), one_of(_DARK_HAIR)
    return Faces(
        binary=binary,
        skin=skin,
        hair=torch.lerp(light_hair, dark_hair, dark),
        iris=one_of(_IRIS),
        shirt=one_of(_CLOTH),
        cap=one_of(_CLOTH),
        background=one_of(_BACKGROUND),
        x=between(-0.08, 0.08),
        y=between(-0.04, 0.08),
        tilt=between(-0.12, 0.12),
        width=between(0.40, 0.50),
        height=between(0.54, 0.64),
        eye_distance=between(0.165, 0.215),
        eye_size=between(0.075, 0.095),
        gaze=between(-0.025, 0.025),
        brow_slant=between(-0.25, 0.25),
        nose=between(0.13, 0.20),
        mouth_width=between(0.15, 0.21) + 0.03 * smiling,
        smile=torch.lerp(between(-0.03, 0.01), between(0.07, 0.12), smiling),
        mouth_open=smiling * between(0.0, 1.0).round(),
        hair_volume=between(0.06, 0.14),
        light=between(-0.25, 0.25),
    )


def aligned(faces: Faces) -> Faces:
    """The same faces upright and in the middle of the picture, as photographs are that were aligned by the eyes (`dgm.pictures`)."""
    middle = {"x": 0.0, "y": 0.02, "tilt": 0.0}  # what sample_faces draws on average
    return replace(
        faces, **{name: torch.full_like(faces.x, value) for name, value in middle.items()}
    )


def draw_faces(faces: Faces, size: int = 64) -> Tensor:
    """Paint faces: (N, 3, size, size) float32 in [-1, 1], on the device that the attributes lie on."""
    chunks = [
        _Canvas(faces.rows(slice(start, start + 32)), size).paint()  # small enough for the cache
        for start in range(0, len(faces), 32)
    ]
    return torch.cat(chunks) if chunks else faces.skin.new_zeros(0, 3, size, size)


def random_faces(
    n: int, seed: int = 0, *, size: int = 64, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """`n` faces and their yes/no attributes: (n, 3, size, size) in [-1, 1] and (n, 6) of 0.0 and 1.0, columns as in BINARY."""
    faces = sample_faces(n, seed).to(device)
    return draw_faces(faces, size), faces.binary


def backdrop(size: int, colour: Tensor | None = None) -> Tensor:
    """What is behind the faces, brighter above: (3, size, size) in [0, 1].

    colour: (3,) in [0, 1]; None: the mean over all faces.
    """
    colour = _BACKGROUND.mean(0) if colour is None else colour
    y = (torch.arange(size, device=colour.device, dtype=torch.float32) + 0.5) * 2 / size - 1
    shade = (1.08 - 0.18 * (y + 1) / 2)[:, None].expand(-1, size)
    return (colour[:, None, None] * shade).clamp(0, 1)


class _Canvas(FaceShapes):
    """One batch of pictures; each part of a face is a soft-edged mask, painted over what lies below."""

    def __init__(self, faces: Faces, size: int) -> None:
        super().__init__(faces, size)
        self.image = faces.background[:, :, None, None] * (
            1.08 - 0.18 * (self.y_screen[:, None] + 1) / 2
        )

    def paint(self) -> Tensor:
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
        return self.image.clamp(0, 1) * 2 - 1

    def over(
        self, mask: Tensor, colour: Tensor, where: Tensor | None = None, opacity: float = 1.0
    ) -> None:
        """Paint `colour` (N, 3), or (N, 3, H, W), through `mask` (N, H, W), for the faces `where` is 1."""
        alpha = opacity * mask[:, None]
        if where is not None:
            alpha = alpha * where[:, None, None, None]
        self.image = torch.lerp(
            self.image, colour if colour.ndim == 4 else colour[:, :, None, None], alpha
        )

    def _shade(self, colour: Tensor) -> Tensor:
        """Light from one side."""
        across = (self.x / per_face(self.faces.width)).clamp(-1.2, 1.2)
        return (
            colour[:, :, None, None] * (1 + per_face(self.faces.light) * across)[:, None]
        ).clamp(0, 1)

    def _hair_behind(self) -> None:
        f = self.faces
        short, long = self.hair_behind()
        self.over(self.mask(short), self._shade(f.hair))
        self.over(self.mask(long), self._shade(0.85 * f.hair), f.has("long_hair"))

    def _body(self) -> None:
        f = self.faces
        self.over(self.mask(self.neck()), 0.80 * f.skin)
        self.over(self.mask(self.shoulders()), f.shirt)

    def _head(self) -> None:
        f = self.faces
        for side in (-1.0, 1.0):
            self.over(self.mask(self.ear(side)), self._shade(0.92 * f.skin))
        self.outline = self.head()
        self.over(self.mask(self.outline), self._shade(f.skin))
        for side in (-1.0, 1.0):
            cheek = torch.exp(
                -(
                    ((self.x - per_face(side * 0.55 * f.width)) / 0.10).square()
                    + ((self.y - 0.17) / 0.08).square()
                )
            )
            self.over(cheek, f.skin * f.skin.new_tensor([1.0, 0.72, 0.70]), opacity=0.45)

    def _beard(self) -> None:
        f = self.faces
        self.over(
            self.mask(self.beard(self.outline)), self._shade(0.9 * f.hair), f.has("beard"), 0.9
        )

    def _mouth(self) -> None:
        f = self.faces
        lips, teeth, _ = self.mouth()
        self.over(self.mask(lips), f.skin * f.skin.new_tensor([0.78, 0.42, 0.42]))
        self.over(self.mask(teeth), torch.ones_like(f.skin) * 0.97, f.mouth_open)

    def _nose(self) -> None:
        f = self.faces
        self.over(self.mask(self.nose_bridge()), 0.82 * f.skin, opacity=0.7)
        self.over(self.mask(self.nose_tip()), 0.74 * f.skin, opacity=0.8)

    def _eye(self, side: float) -> None:
        f = self.faces
        white, iris, pupil = self.eye(side)
        self.over(self.mask(white - 0.018), 0.45 * f.skin)
        self.over(self.mask(white), torch.ones_like(f.skin) * 0.96)
        inside = self.mask(white)
        self.over(self.mask(iris) * inside, f.iris)
        self.over(self.mask(pupil) * inside, torch.zeros_like(f.skin))
        self.over(self.mask(self.brow(side)), 0.7 * f.hair)

    def _hair_in_front(self) -> None:
        f = self.faces
        self.over(self.mask(self.fringe()), self._shade(f.hair))
        self.over(self.mask(self.strands()), self._shade(f.hair), f.has("long_hair"))

    def _hat(self) -> None:
        f = self.faces
        top, brim = self.hat()
        self.over(self.mask(top), self._shade(f.cap), f.has("hat"))
        self.over(self.mask(brim), 0.7 * f.cap, f.has("hat"))

    def _glasses(self) -> None:
        f = self.faces
        frame = torch.full_like(f.skin, 0.10)
        for side in (-1.0, 1.0):
            rim = self.lens(side)
            self.over(self.mask(rim), torch.ones_like(f.skin), f.has("glasses"), opacity=0.15)
            self.over(self.mask(rim.abs() - 0.018), frame, f.has("glasses"))
            self.over(self.mask(self.temple(side)), frame, f.has("glasses"))
        self.over(self.mask(self.nosepiece()), frame, f.has("glasses"))
