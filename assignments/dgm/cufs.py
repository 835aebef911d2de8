"""The CUHK Face Sketch database (CUFS): photographs and sketches of people, matched by name and aligned by the eyes.

Wang and Tang, "Face photo-sketch synthesis and recognition", PAMI 2009. The database is not part of
the course; its site is http://mmlab.ie.cuhk.edu.hk/archive/facesketch.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from dgm.pictures import Eyes, align, open_picture

_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff")
_LONGEST_DAT = 100_000  # bytes
_EYE_ROWS = {35: (16, 18)}  # rows of the eyes' centres, from 0, among the 35 points of the database


@dataclass(frozen=True)
class CufsPairs:
    """photos (N, 3, size, size) and sketches (N, 1, size, size), float32 in [-1, 1]; names: of the N people, as "f-005-01"."""

    photos: Tensor
    sketches: Tensor
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)


def load_cufs(
    folder: str | Path,
    split: Literal["train", "test", "all"] = "train",
    *,
    eyes: Eyes | None = None,
    size: int = 64,
    device: torch.device | str = "cpu",
) -> CufsPairs:
    """Read the pairs in a folder of the CUFS student data set, with the eyes at `dgm.pictures.EYES`.

    What is assumed of the folder, at any depth and in any case of letters:
    - pictures below a folder with "photo" in its name, `photo/f-005-01.jpg`, are photographs, and
      below one with "sketch" sketches; where both words occur, the deepest folder decides;
    - the sketch of f-005-01 is f-005-01-sz1 or f2-005-01-sz1 (of m-008-01: m2-008-01-sz1);
      f1-005-01 is somebody else;
    - a text file of the picture's name and .dat, below a folder with the same word, has rows
      of x and y: 35 points of which the 17th and 19th are the centres of the eyes, or two or three
      of which the first two are. The database's site has them as "Faducial_Points".

    split: paths with "training" or "testing" in them say it themselves. Otherwise a fixed fifth of
    the people, chosen at random, is for testing. eyes: for pictures that are aligned already, the
    positions in each of them; .dat files are not read then.

    Raises FileNotFoundError for a missing folder, picture or .dat file, ValueError for one that
    cannot be used; both name it.
    """
    if split not in ("train", "test", "all"):
        raise ValueError(f"split must be 'train', 'test' or 'all', not {split!r}")
    root = Path(folder)
    if not root.is_dir():
        raise FileNotFoundError(
            f"there is no folder {root}. CUFS is not part of the course (dgm.cufs says where it is "
            "to be had); dgm.sketches draws pairs that need no file."
        )
    photos, sketches = (_by_name(root, kind, _PICTURES) for kind in ("photo", "sketch"))
    _check_matched(root, photos, sketches)
    names = _chosen(root, photos, split)
    if not names:
        raise ValueError(f"{root} has no pairs for {split!r}")
    planes: list[Tensor] = []
    for kind, files in (("photo", photos), ("sketch", sketches)):
        points = {} if eyes is not None else _by_name(root, kind, (".dat",))
        crops = [_aligned(root, kind, name, files, points, eyes, size) for name in names]
        planes.append(torch.stack(crops).to(device))
    return CufsPairs(planes[0], planes[1], tuple(names))


def _by_name(root: Path, kind: str, suffixes: tuple[str, ...]) -> dict[str, Path]:
    """The files of a kind, by the name of the person."""
    found: dict[str, Path] = {}
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() not in suffixes or _kind_of(root, path) != kind:
            continue
        name = _person(path)
        if name in found:
            raise ValueError(
                f"{path} and {found[name]} are both for the {kind} of {name}. Keep the original and the "
                "cropped pictures in different folders, and load one of them."
            )
        found[name] = path
    return found


def _kind_of(root: Path, path: Path) -> str | None:
    """ "photo" or "sketch", by the deepest folder that says so."""
    for part in reversed(path.relative_to(root).parts[:-1]):
        said = [kind for kind in ("photo", "sketch") if kind in part.lower()]
        if len(said) == 1:
            return said[0]
    return None


def _person(path: Path) -> str:
    """F2-005-01-sz1.jpg and f-005-01.jpg -> f-005-01."""
    name = re.sub(r"-sz\d+$", "", path.stem.lower())
    return re.sub(r"^([fm])2-", r"\1-", name)


def _check_matched(root: Path, photos: dict[str, Path], sketches: dict[str, Path]) -> None:
    if not photos or not sketches:
        missing = "photographs" if not photos else "sketches"
        word = "photo" if not photos else "sketch"
        raise FileNotFoundError(
            f"{root} has no {missing}: no picture below a folder with {word!r} in its name"
        )
    for ours, theirs, partner in ((photos, sketches, "sketch"), (sketches, photos, "photograph")):
        alone = [ours[name] for name in sorted(ours) if name not in theirs]
        if alone:
            more = f" ({len(alone)} such files)" if len(alone) > 1 else ""
            raise FileNotFoundError(
                f"{alone[0]} has no {partner}{more}. Add the {partner} of {_person(alone[0])}, or remove the file."
            )


def _chosen(root: Path, photos: dict[str, Path], split: str) -> list[str]:
    """The people of a split."""
    names = sorted(photos)
    if split == "all":
        return names
    said = {name: _said_split(root, photos[name]) for name in names}
    if all(said.values()):
        return [name for name in names if said[name] == split]
    order = torch.randperm(len(names), generator=torch.Generator().manual_seed(0)).tolist()
    n_test = max(1, len(names) // 5)
    rows = order[:n_test] if split == "test" else order[n_test:]
    return [names[row] for row in sorted(rows)]


def _said_split(root: Path, path: Path) -> str | None:
    folder = path.relative_to(root).parent.as_posix().lower()
    return "train" if "training" in folder else "test" if "testing" in folder else None


def _aligned(
    root: Path,
    kind: str,
    name: str,
    files: dict[str, Path],
    points: dict[str, Path],
    eyes: Eyes | None,
    size: int,
) -> Tensor:
    """One picture (3 or 1, size, size) in [-1, 1]."""
    path = files[name]
    if eyes is None:
        if name not in points:
            raise FileNotFoundError(
                f"{path}: no eye positions. {path.stem}.dat is needed in {root}, below a folder with {kind!r} "
                "in its name; the database's site has it under Faducial_Points. For pictures "
                "that are aligned already, give eyes=((x, y), (x, y))."
            )
        eyes = read_eyes(points[name])
    picture = open_picture(path)
    values = picture.rgb if kind == "photo" else picture.grey
    try:
        crop, _ = align(picture, values, eyes, size=size)
    except ValueError as error:
        source = f" (positions from {points[name]})" if name in points else ""
        raise ValueError(f"{error}{source}") from None
    return 2 * crop - 1


def read_eyes(path: str | Path) -> Eyes:
    """The eyes in a .dat file of points, a row of x and y each.

    Among 35 points, the 17th and 19th; of two or three, the first two. Raises ValueError that names
    the file and the row for anything else.
    """
    path = Path(path)
    if path.stat().st_size > _LONGEST_DAT:
        raise ValueError(f"{path} is too long for a file of points")
    rows: list[tuple[float, float]] = []
    for number, line in enumerate(
        path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
    ):
        if not (fields := line.replace(",", " ").split()):
            continue
        try:
            x, y = map(float, fields)
        except ValueError:
            raise ValueError(
                f"{path}, line {number}: {line[:60]!r} is not a row of x and y"
            ) from None
        rows.append((x, y))
    if len(rows) not in (2, 3, *_EYE_ROWS):
        raise ValueError(f"{path} has {len(rows)} points; 35, or two or three, are needed")
    first, second = _EYE_ROWS.get(len(rows), (0, 1))
    return rows[first], rows[second]
