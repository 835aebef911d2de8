"""The text of a JSON file, whatever an editor did to its encoding."""

from __future__ import annotations

import json


def as_text(data: bytes) -> str:
    """UTF-8, UTF-16 or UTF-32, with or without a byte order mark, which is left out.

    Raises UnicodeDecodeError for anything else.
    """
    return data.decode(json.detect_encoding(data), "surrogatepass")
