"""An HTML table (pandas, astropy, ...) as rows of text, without whatever else is in the HTML."""

from __future__ import annotations

import re
from html import unescape

from autograder.publish.pdf.typst_text import string, visible

MAX_CHARS = 400_000
MAX_ROWS = 60
MAX_COLUMNS = 16
MAX_CELL_CHARS = 200


_TAG = re.compile(r"(/?)([A-Za-z][A-Za-z0-9]*)")
_COLSPAN = re.compile(r"colspan\s*=\s*[\"']?(\d{1,3})\b", re.IGNORECASE)


class _Rows:
    """Reads HTML once from left to right, in linear time whatever it is: Python's own parser
    searches the rest anew at each tag or comment that never ends.
    """

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.n_tables = 0
        self._text: list[str] | None = None
        self._spans = 1
        self._until = ""
        """What ends a comment, a script or a style sheet that is being skipped."""

    def feed(self, html: str) -> None:
        first, *pieces = html.split("<")
        self._data(first)
        for piece in pieces:
            if self._until:
                self._skipped(piece)
            elif piece.startswith("!--"):
                self._until = "-->"
                self._skipped(piece[3:])
            elif match := _TAG.match(piece):
                inside, _, text = piece[match.end() :].partition(">")
                (self._end if match[1] else self._start)(match[2].lower(), inside)
                self._data(text)
            elif piece.startswith(("!", "?", "/")):
                self._data(piece.partition(">")[2])
            else:
                self._data(f"<{piece}")
        self.close_cell()

    def _skipped(self, piece: str) -> None:
        if self._until == "-->":
            _, found, text = piece.partition("-->")
        else:
            found, text = self._until if piece.lower().startswith(self._until) else "", ""
        if found:
            self._until = ""
            self._data(text)

    def _start(self, tag: str, inside: str) -> None:
        if tag in ("style", "script"):
            self._until = f"/{tag}"
        elif tag == "table":
            self.n_tables += 1
        elif tag == "tr" and self.n_tables == 1:
            self.close_cell()
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.close_cell()
            told = _COLSPAN.search(inside[:500])
            self._spans = min(int(told[1]), 50) if told else 1
            self._text = []
        elif tag == "br":
            self._data(" ")

    def _end(self, tag: str, inside: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.close_cell()

    def _data(self, text: str) -> None:
        if self._text is not None and not self._until:
            self._text.append(text)

    def close_cell(self) -> None:
        if self._text is not None and self.rows:
            text = unescape("".join(self._text))
            self.rows[-1] += [" ".join(text.split()), *[""] * (self._spans - 1)]
        self._text = None


def rows_of(html: str) -> list[list[str]]:
    """The rows of the only table in the HTML, all of one length; empty where there is none, or
    another number, or one that is wider than a page shows.
    """
    if len(html) > MAX_CHARS or "<table" not in html:
        return []
    parser = _Rows()
    parser.feed(html)
    rows = [row for row in parser.rows if row]
    if parser.n_tables != 1 or not rows:
        return []
    width = max(map(len, rows))
    if width > MAX_COLUMNS:
        return []
    return [row + [""] * (width - len(row)) for row in rows]


def table_call(html: str) -> str:
    """A Typst call with the table; empty where `rows_of` has none."""
    rows = rows_of(html)
    if not rows:
        return ""
    left_out = len(rows) - MAX_ROWS
    if left_out > 0:
        rows = [*rows[: MAX_ROWS - 10], ["⋮"] * len(rows[0]), *rows[-9:]]
    widest = sum(max(len(row[n]) for row in rows) for n in range(len(rows[0])))
    size = 8 if widest <= 90 else 7 if widest <= 110 else 6
    cells = ", ".join(_cell(text, n == 0) for n, row in enumerate(rows) for text in row)
    return f"#table_rows({len(rows[0])}, {size}pt, {cells});"


def _cell(text: str, heading: bool) -> str:
    shown = visible(text[:MAX_CELL_CHARS]) + ("…" if len(text) > MAX_CELL_CHARS else "")
    shown = re.sub(r"(\S{18})(?=\S)", "\\1\u200b", shown)
    return f"strong({string(shown)})" if heading else f"[#{string(shown)}]"
