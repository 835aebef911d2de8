"""Which assignment a file hands in: by its name, else by the manifest in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from dgm.handin.text_encoding import as_text

from autograder.course.assignment import load, slugs
from autograder.errors import AutograderError, CourseError
from autograder.intake.archive import Budget, IntakeLimits, UntrustedZip
from autograder.intake.file_names import readings
from autograder.intake.find import read_file
from autograder.intake.found_file import FoundFile, as_found
from autograder.intake.manifest import MANIFEST
from autograder.intake.untrusted_text import shown

LIMITS = IntakeLimits(members=500)
"""For a look into an archive of unknown assignment. One with more entries needs manual review."""


UNKNOWN = "unknown"
"""Stands for the assignment of a file that does not tell it."""


class _Slug(msgspec.Struct):
    slug: str = ""


def slug_of(file: str | Path | FoundFile, root: Path) -> str:
    """`told_slug` without where it comes from."""
    return told_slug(file, root)[0]


def told_slug(file: str | Path | FoundFile, root: Path) -> tuple[str, str]:
    """The only assignment there is, the one that the name ends with, or that of the manifest.

    What browsers and platforms add to a name (`Some_One_vae-1 (2).zip`) does not count. The file is
    opened only where its name does not tell. With it, where it comes from, in words. Raises
    AutograderError when nothing tells.
    """
    found, known = as_found(Path(file) if isinstance(file, str) else file), slugs(root)
    if len(known) == 1:
        return known[0], "the only one"
    endings = name_endings(root)
    for name in dict.fromkeys([found.own_name, found.name]):
        if by_name := slug_by_name(name, endings):
            return by_name, "file name"
    if (told := _by_manifest(found)) in known:
        return told, "manifest"
    raise AutograderError(
        f"{shown(found.name)}: its assignment is unknown. Pass --assignment with one of "
        f"{', '.join(known)}"
    )


def name_endings(root: Path) -> dict[str, str]:
    """How the names of this course's archives end (`gan`, and `gan_losses` where it has a part
    `losses`), each with its assignment.
    """
    found: dict[str, str] = {}
    for slug in slugs(root):
        changed = (root / "assignments" / slug / "assignment.toml").stat().st_mtime_ns
        found |= {slug: slug}
        found |= {f"{slug}_{part}": slug for part in _part_names(slug, root, changed)}
    return found


@lru_cache(maxsize=64)
def _part_names(slug: str, root: Path, _changed: int) -> tuple[str, ...]:
    """Read once for a class: its every file asks. An assignment that is not in order has none here:
    grading it says what is wrong.
    """
    try:
        return tuple(load(slug, root).parts)
    except CourseError:
        return ()


def slug_by_name(file: str, endings: Mapping[str, str]) -> str:
    """The assignment with whose ending a file's name ends, whatever was added to it; empty if there
    is none. endings: as `name_endings` has them.
    """
    for reading in readings(file):
        stem = reading.stem.lower()
        matches = {slug for end, slug in endings.items() if f"_{stem}".endswith(f"_{end}")}
        if len(matches) == 1:
            return matches.pop()
    return ""


def _by_manifest(file: FoundFile) -> str:
    """The slug in the archive's manifest, at the top or in one folder; empty when it has none.

    Within the limits of intake: no more is unpacked than a manifest may have.
    """
    try:
        archive = UntrustedZip(read_file(file, LIMITS), Budget(LIMITS))
        found = [path for path in archive.paths if path.rpartition("/")[2] == MANIFEST]
        found = [path for path in found if path.count("/") <= 1]
        if len(found) != 1:
            return ""
        data = archive.read(found[0], LIMITS.manifest_bytes)
        return msgspec.json.decode(as_text(data).encode("utf-8", "replace"), type=_Slug).slug
    except (AutograderError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
