"""`submission.json`, as collect_submission.sh writes it."""

from __future__ import annotations

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
    files: dict[str, FileEntry] = {}
