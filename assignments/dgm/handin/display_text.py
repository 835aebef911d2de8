"""How names, sizes and lists appear in a message."""

from __future__ import annotations

import unicodedata

JOINERS = "\u200c\u200d"
"""Format characters that Persian, Hindi and emoji need; the others only deceive."""


def one_line(text: str) -> str:
    """One line without control characters, undecodable bytes and marks that reverse text."""
    kept = (
        letter
        for letter in text
        if letter.isspace()
        or letter in JOINERS
        or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )
    return " ".join("".join(kept).split())


def listing(names: list[str], shown: int = 8) -> str:
    """`a, b, c and 4 more`."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def size(n_bytes: int) -> str:
    """A size in KB, from 1 MB on in MB."""
    return f"{n_bytes / 2**20:.1f} MB" if n_bytes >= 2**20 else f"{-(-n_bytes // 1024)} KB"
