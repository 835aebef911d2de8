"""`submission.json`, as collect_submission.sh writes it."""

from __future__ import annotations

from typing import Any

import msgspec

MANIFEST = "submission.json"


class FileEntry(msgspec.Struct):
    sha256: str = ""


class Manifest(msgspec.Struct):
    """The part of `submission.json` (written by collect_submission.sh) that the grader reads."""

    schema: int
    slug: str = ""
    name: str = ""
    id: str = ""
    collaborators: str | None = None
    declaration: bool | None = None
    created: Any = None
    """When the archive was made: text that hand_in_time can read, or anything else."""
    files: dict[str, FileEntry] = {}
