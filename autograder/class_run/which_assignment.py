"""Which assignment a file hands in: by its name, else by the manifest in it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from autograder.course.assignment import slugs
from autograder.errors import AutograderError
from autograder.intake.archive import Budget, IntakeLimits, UntrustedZip
from autograder.intake.file_names import readings
from autograder.intake.find import read_file
from autograder.intake.manifest import MANIFEST
from autograder.intake.untrusted_text import shown

LIMITS = IntakeLimits(members=500)
"""For a look into an archive of unknown assignment. One with more entries needs manual review."""


UNKNOWN = "unknown"
"""Stands for the assignment of a file that does not tell it."""


class _Slug(msgspec.Struct):
    slug: str = ""


def slug_of(file: str | Path, root: Path) -> str:
    """The only assignment there is, the one that the name ends with, or that of the manifest.

    What browsers and platforms add to a name (`Some_One_vae-1 (2).zip`) does not count. The file is
    opened only where its name does not tell. Raises AutograderError when nothing tells.
    """
    file, known = Path(file), slugs(root)
    if len(known) == 1:
        return known[0]
    if by_name := _by_name(file.name, known):
        return by_name
    if (told := _by_manifest(file)) in known:
        return told
    raise AutograderError(
        f"{shown(file.name)}: its assignment is unknown. Pass --assignment with one of "
        f"{', '.join(known)}"
    )


def _by_name(file: str, known: list[str]) -> str:
    for reading in readings(file):
        stem = reading.stem.lower()
        matches = [slug for slug in known if stem.endswith(f"_{slug}") or stem == slug]
        if len(matches) == 1:
            return matches[0]
    return ""


def _by_manifest(file: Path) -> str:
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
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Slug).slug
    except (AutograderError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
