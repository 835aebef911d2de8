"""The text of a JSON file, whatever an editor or git did to it."""

from __future__ import annotations

import json
import re


def as_text(data: bytes) -> str:
    """UTF-8, UTF-16 or UTF-32, with or without a byte order mark, which is left out.

    Raises UnicodeDecodeError for anything else.
    """
    return data.decode(json.detect_encoding(data), "surrogatepass")


def in_conflict(data: bytes) -> bool:
    """Whether git left the marks of a merge conflict in it."""
    return bool(re.search(rb"^\s*\"?<{7} ", data, re.MULTILINE))
