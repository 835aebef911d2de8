"""`submission.json`, as collect_submission.sh writes it."""

from __future__ import annotations

from typing import Any

import msgspec
from dgm.handin.text_encoding import as_text

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
    part: Any = None
    """The part that was handed in, of an assignment with parts."""
    group: list[Any] = []
    """The other members of a group, each with `id` and `name`."""


def decode_manifest(data: bytes) -> Manifest:
    """The manifest in any of the encodings in which editors save it; numbers become text.

    Raises msgspec.MsgspecError, UnicodeDecodeError or RecursionError.
    """
    loaded = msgspec.json.decode(as_text(data).encode("utf-8", "replace"))
    if isinstance(loaded, dict):
        for field in ("id", "name", "slug"):
            if isinstance(value := loaded.get(field), int) and not isinstance(value, bool):
                loaded[field] = str(value)
    return msgspec.convert(loaded, Manifest)
