"""An HTML table (pandas, astropy, ...) as rows of text, without whatever else is in the HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from autograder.publish.pdf.typst_text import string, visible

MAX_CHARS = 400_000
MAX_ROWS = 60
MAX_COLUMNS = 16
MAX_CELL_CHARS = 200


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.n_tables = 0
        self._text: list[str] | None = None
        self._spans = 1
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script"):
            self._skip += 1
        elif tag == "table":
            self.n_tables += 1
        elif tag == "tr" and self.n_tables == 1:
            self.close_cell()
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.close_cell()
            told = dict(attrs).get("colspan") or "1"
            self._spans = min(int(told), 50) if told.isdecimal() and len(told) < 4 else 1
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._skip = max(0, self._skip - 1)
        elif tag in ("td", "th", "tr", "table"):
            self.close_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._skip:
            self._text.append(data)

    def close_cell(self) -> None:
        if self._text is not None and self.rows:
            self.rows[-1] += [" ".join("".join(self._text).split()), *[""] * (self._spans - 1)]
        self._text = None


def rows_of(html: str) -> list[list[str]]:
    """The rows of the only table in the HTML, all of one length; empty where there is none, or
    another number.
    """
    if len(html) > MAX_CHARS or "<table" not in html:
        return []
    parser = _Rows()
    try:
        parser.feed(html)
        parser.close()
    except (ValueError, AssertionError, RecursionError):
        return []
    parser.close_cell()
    rows = [row for row in parser.rows if row]
    if parser.n_tables != 1 or not rows:
        return []
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def table_call(html: str) -> str:
    """A Typst call with the table; empty where it is not one, or wider than a page shows."""
    rows = rows_of(html)
    if not rows or len(rows[0]) > MAX_COLUMNS:
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
