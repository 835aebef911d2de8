"""Text as Typst takes it: strings, and lines that fit the page. Nothing here is markup, so nothing
that a stranger wrote can act.
"""

from __future__ import annotations

import re
import unicodedata

from autograder.intake.untrusted_text import few_marks

COLUMNS = 96
"""Of text in a fixed-width font between the margins."""
LINES_A_BLOCK = 60

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]")
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_OURS = {0xE000, 0xE001}
"""What markdown.lua marks its places with."""
_SHOWN = {code: f"⟨U+{code:04X}⟩" for code in _BIDI | _OURS}
_CONTROL = {code: None for code in [*range(9), *range(11, 32), *range(0x7F, 0xA0)]}
_REPLACED = {**_CONTROL, **_SHOWN, 0x2028: "\n", 0x2029: "\n", 0xFEFF: None}


def visible(text: str) -> str:
    """The text without control characters but tabs and line ends; overrides of the direction of
    writing, which make text look like another, are shown by their number. Of many marks on one
    letter the first few are left.
    """
    return few_marks(text.encode("utf-8", "replace").decode("utf-8").translate(_REPLACED))


def terminal_text(text: str) -> str:
    """What a terminal would show: no escape sequences, of a progress bar the last state."""
    plain = _ANSI.sub("", text.replace("\r\n", "\n"))
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in plain.split("\n"))
    return visible("\n".join(lines))


def string(text: str) -> str:
    """A Typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\t", "\\t").replace("\r", "\\r") + '"'


def wrapped(text: str, columns: int = COLUMNS) -> list[str]:
    """The lines of a text, each at most `columns` wide (East Asian letters count twice); what
    continues a long line begins with `↪`.
    """
    return [piece for line in text.expandtabs(4).split("\n") for piece in _pieces(line, columns)]


def _pieces(line: str, columns: int) -> list[str]:
    if len(line) <= columns // 2 or (line.isascii() and len(line) <= columns):
        return [line]
    pieces, begin, width = list[str](), 0, columns
    while (full := begin + _n_that_fit(line, begin, width)) < len(line):
        blank = line.rfind(" ", begin, full) + 1
        cut = blank if blank > begin + width // 2 else full
        pieces.append(line[begin:cut])
        begin, width = cut, columns - 2
    pieces.append(line[begin:])
    return [pieces[0], *(f"↪ {piece}" for piece in pieces[1:])]


def _n_that_fit(line: str, begin: int, width: int) -> int:
    """How many characters from `begin` on are at most `width` wide together."""
    if line.isascii():
        return min(width, len(line) - begin)
    used = 0
    for place in range(begin, len(line)):
        used += 2 if unicodedata.east_asian_width(line[place]) in "WF" else 1
        if used > width:
            return place - begin
    return len(line) - begin


def limited(lines: list[str], most: int) -> list[str]:
    """At most `most` lines: the beginning and the end, and between them how many are left out."""
    if len(lines) <= most:
        return lines
    head, tail = most * 2 // 3, most // 3
    note = f"[{len(lines) - head - tail} lines are left out]"
    return [*lines[:head], note, *lines[len(lines) - tail :]]


def raw_blocks(lines: list[str], function: str, language: str = "") -> list[str]:
    """Calls of a function of page.typ for each LINES_A_BLOCK lines; in one piece where a language
    colours them.
    """
    size = len(lines) or 1 if language else LINES_A_BLOCK
    return [
        f"#{function}({string(chr(10).join(lines[start : start + size]))}"
        + (f", language: {string(language)});" if language else ");")
        for start in range(0, len(lines) or 1, size)
    ]
