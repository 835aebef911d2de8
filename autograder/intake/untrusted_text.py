"""Text that a stranger wrote (names, paths, ids), made safe to print, to store and to use as a file
name.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

SAFE_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\Z")
"""What may be a student's id: never a path, never hidden, never read as a command-line option."""

EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,100}\Z")
"""An e-mail address that somebody gives for an id."""

# format characters that Persian, Hindi and emoji need; the rest (bidi overrides, ...) only deceive
_JOINERS = "\u200c\u200d"
MAX_MARKS = 8
"""In a row on one letter, joiners and tags included: no script needs more. Thousands cover the
lines around them, and setting them takes time that grows with the square of their number.
"""


def utf8(text: str) -> str:
    """`text` with lone surrogates replaced by "?", so that it can be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")


def clean(text: str, max_chars: int) -> str:
    """One line of printable text: control characters, bidi overrides and surrogates go, blanks
    collapse, at most `max_chars`.
    """
    text = unicodedata.normalize("NFC", text[: 4 * max_chars])
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or char in _JOINERS or unicodedata.category(char)[0] != "C"
    )
    line = " ".join(few_marks("".join(kept)).split())
    return line if len(line) <= max_chars else line[: max_chars - 1].rstrip() + "…"


def few_marks(text: str) -> str:
    """`text` without the marks beyond MAX_MARKS in a row."""
    if text.isascii():
        return text
    kept, n_marks = [], 0
    for char in text:
        is_mark = char > "\u02ff" and unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf")
        n_marks = n_marks + 1 if is_mark else 0
        if n_marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def shown(name: str | Path) -> str:
    """A file's name or path for a terminal or a message: one line, nothing that moves the
    cursor.
    """
    return clean(str(name), 1000)


def printable(text: str) -> str:
    """Lines for a terminal: each as it is, without control characters other than its tabs."""
    lines = ("\t".join(_visible(part) for part in line.split("\t")) for line in text.split("\n"))
    return "\n".join(lines)


def _visible(text: str) -> str:
    return few_marks(
        "".join(char for char in text if char in _JOINERS or unicodedata.category(char)[0] != "C")
    )


def safe_id(text: str) -> str:
    """An id that fits SAFE_ID: `text` without accents, other characters as "_"; a short digest
    keeps ids apart where letters were lost.
    """
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", utf8(text))
        if not unicodedata.combining(char)
    )
    made = re.sub(r"[^A-Za-z0-9._-]+", "_", re.sub(r"\s+", "_", plain)).lstrip(".-")[:64]
    lossless = made == re.sub(r"\s+", "_", plain)
    if lossless and SAFE_ID.match(made):
        return made
    digest = hashlib.sha256(utf8(text).encode()).hexdigest()[:8]
    return f"{made[:48].strip('_.-') or 'student'}-{digest}"


def listing(names: list[str], shown: int = 5) -> str:
    """`a, b, c and 4 more`, each cleaned."""
    text = ", ".join(clean(name, 80) for name in names[:shown])
    return text if len(names) <= shown else f"{text} and {len(names) - shown} more"


def in_words(n_bytes: int) -> str:
    """A size for a sentence: `812 bytes`, `3.4 MB`."""
    return f"{n_bytes} bytes" if n_bytes < 10_000 else f"{n_bytes / 2**20:.1f} MB"
