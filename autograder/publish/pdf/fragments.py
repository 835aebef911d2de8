"""A cell's pieces in Typst, each with what stands there where it cannot be typeset."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from dgm.handin.cell_rules import joined, without_marker

from autograder.publish.pdf.document import Cell
from autograder.publish.pdf.html_table import table_call
from autograder.publish.pdf.markdown import Pandoc, Typeset
from autograder.publish.pdf.pictures import Pictures
from autograder.publish.pdf.typst_text import (
    limited,
    raw_blocks,
    string,
    terminal_text,
    visible,
    wrapped,
)

MAX_CODE_LINES = 1500
MAX_OUTPUT_LINES = 150
MAX_OUTPUT_CHARS = 200_000
MAX_TEXT_LINES = 400
MAX_OUTPUTS = 60
MAX_ALL_LINES = 12_000
"""Of a document, by the student."""
MAX_ALL_CHARS = 256 * 1024
PANDOC_S = 20.0
"""Of a document's texts by the student that are typeset, and what reading them may take: the rest
stands as it was typed.
"""
STUDENTS, COURSES = "student", "course"
"""Folders of fragments."""


@dataclass
class Fragment:
    """A piece of a cell. `bodies`: Typst markup, from the best to the one that never fails.

    typeset: where the piece is Markdown, what a formula that does not compile can be taken out of.
    why: what is not as it should be; for the first page and the page map. by_student: the text is a
    student's, and not the course's, which the next document has as well.
    """

    cell: Cell
    bodies: list[str]
    what: str
    typeset: Typeset | None = field(default=None, repr=False)
    pictures: list[str] = field(default_factory=list, repr=False)
    bad: frozenset[int] = frozenset()
    why: str = ""
    by_student: bool = True

    @property
    def body(self) -> str:
        return self.bodies[0]

    @property
    def file(self) -> str:
        """Its path for Typst, by its content: what the next document has as well, Typst has typeset
        already.
        """
        folder = STUDENTS if self.by_student else COURSES
        return f"/{folder}/{hashlib.sha256(self.body.encode()).hexdigest()}.typ"

    def with_formulas_as_typed(self, bad: frozenset[int]) -> str:
        """The Markdown again, with these formulas as they were typed."""
        if self.typeset is None:
            raise ValueError("this fragment is not Markdown")
        made = iter(self.pictures)
        return _boxed(self.typeset.text(lambda *_: next(made, ""), bad), self.cell)


@dataclass
class FragmentMaker:
    """Makes the fragments of a document's cells.

    careful: nothing of the student's is typeset: text stands as it was typed, without SVG. That is
    for a document that could not be typeset in time. own: see Document.
    """

    pandoc: Pandoc
    pictures: Pictures
    careful: bool = False
    own: bool = False
    lines_left: int = MAX_ALL_LINES
    chars_left: int = MAX_ALL_CHARS
    seconds_left: float = PANDOC_S

    def prepare(self, cells: Iterable[Cell]) -> None:
        """Have pandoc read the texts of a document's cells at once: the course's, which stay, and
        apart from them the student's.
        """
        courses, students = list[str](), list[str]()
        left = 0 if self.careful else self.chars_left
        for cell in cells:
            if cell.cell_type == "markdown" and (source := without_marker(cell.source)).strip():
                if not self._theirs(cell):
                    courses.append(source)
                elif len(source) <= left:
                    students.append(source)
                    left -= len(source)
        self.pandoc.prepare(courses, students)

    def fragments(self, cell: Cell) -> list[Fragment]:
        if cell.cell_type == "markdown":
            source = without_marker(cell.source)
            made = self._markdown(cell, source, cell.attachments, self._theirs(cell))
        elif cell.cell_type == "outputs":
            made = []
        else:
            made = self._code(cell)
        for one in made:
            one.by_student = self._theirs(cell)
        return made + list(self._outputs(cell))

    def _theirs(self, cell: Cell) -> bool:
        """Whether the text of a cell is a student's."""
        return self.own or cell.by_student

    def _code(self, cell: Cell) -> list[Fragment]:
        source = cell.source.strip("\n")
        if not source.strip():
            return []
        lines = wrapped(visible(_ends(source)))
        lines = self._some(lines) if self._theirs(cell) else lines
        lines = limited(lines, MAX_CODE_LINES)
        function = "code_of_student" if cell.by_student else "code_of_course"
        plain = cell.cell_type != "code" or (self._theirs(cell) and _hard_to_colour(source))
        coloured = raw_blocks(lines, function, "" if plain else "python")
        body = "\n".join(coloured)
        return [Fragment(cell, [body, "\n".join(raw_blocks(lines, function))], "code")]

    def _some(self, lines: list[str], most: int = MAX_CODE_LINES) -> list[str]:
        """What of the student's lines the document still shows."""
        shown = limited(lines, max(3, min(most, self.lines_left)))
        self.lines_left -= len(shown)
        return shown

    def _markdown(
        self, cell: Cell, source: str, attachments: dict[Any, Any], by_student: bool
    ) -> list[Fragment]:
        if not source.strip():
            return []
        lines = limited(wrapped(visible(_ends(source)), 92), MAX_TEXT_LINES)
        if by_student:
            lines = self._some(lines, MAX_TEXT_LINES)
        typed = "\n".join(raw_blocks(lines, "as_typed"))
        if by_student and self.careful:
            return [
                Fragment(
                    cell, [_boxed(typed, cell)], "text", why="the whole document took too long"
                )
            ]
        made = self._read(source) if by_student else self.pandoc.typeset(source, keep=True)
        if made.error:
            return [Fragment(cell, [_boxed(typed, cell)], "text", why=made.error)]
        shown: list[str] = []

        def picture(name: str, alt: str) -> str:
            shown.append(self._picture(name, alt, attachments))
            return shown[-1]

        bad = frozenset(made.untypeset())
        body = _boxed(made.text(picture, bad), cell)
        why = f"{formulas(len(bad))} cannot be read by pandoc" if bad else ""
        return [Fragment(cell, [body, _boxed(typed, cell)], "text", made, shown, bad, why)]

    def _read(self, source: str) -> Typeset:
        """A student's text, while the document has not had too much of it."""
        if len(source) > self.chars_left:
            return Typeset(error=f"{MAX_ALL_CHARS} characters of a document are typeset")
        if self.seconds_left <= 0:
            return Typeset(error="reading the texts before it took too long")
        began = time.monotonic()
        made = self.pandoc.typeset(source)
        self.seconds_left -= time.monotonic() - began
        self.chars_left -= len(source)
        return made

    def _picture(self, source: str, alt: str, attachments: dict[Any, Any]) -> str:
        name = source.removeprefix("attachment:")
        if name != source:
            bundle = attachments.get(name)
            call = self.pictures.call(bundle, alt, small=True) if isinstance(bundle, dict) else ""
            problem = self.pictures.problem if isinstance(bundle, dict) else "it is not attached"
        elif source.startswith("data:"):
            call, problem = self.pictures.of_data_uri(source, alt), self.pictures.problem
            source = source[:30] + "…"
        else:
            call, problem = "", "it is not in the notebook"
        if call:
            return call
        text = f"[picture {source[:200]}: {problem or 'of a kind that is not shown'}]"
        return f"#formula_as_typed({string(visible(text))});"

    def _outputs(self, cell: Cell) -> Iterator[Fragment]:
        outputs = list(_merged(cell.outputs))
        for output in outputs[:MAX_OUTPUTS]:
            yield from self._output(cell, output)
        if len(outputs) > MAX_OUTPUTS:
            note = f"[{len(outputs) - MAX_OUTPUTS} more outputs are not shown]"
            yield Fragment(cell, [_remark(note)], "output")

    def _output(self, cell: Cell, output: dict[str, Any]) -> Iterator[Fragment]:
        kind = output.get("output_type")
        if kind == "stream":
            yield from self._text(cell, joined(output.get("text")) or "", "printed_text")
        elif kind == "error":
            lines = output.get("traceback")
            told = (
                [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
            )
            text = "\n".join(told) or f"{output.get('ename')}: {output.get('evalue')}"
            yield from self._text(cell, text, "error_text")
        elif isinstance(data := output.get("data"), dict):
            yield from self._data(cell, data)

    def _data(self, cell: Cell, data: dict[Any, Any]) -> Iterator[Fragment]:
        plain = joined(data.get("text/plain"))
        if call := self.pictures.call(data, f"Output of the cell {cell.name}"):
            instead = _remark("[a picture that cannot be shown: it is damaged]")
            yield Fragment(cell, [call, instead], "picture")
            return
        problem = self.pictures.problem
        if problem:
            note = _remark(f"[a picture that cannot be shown: {problem}]")
            yield Fragment(cell, [note], "picture", why=problem)
        html, latex = joined(data.get("text/html")), joined(data.get("text/latex"))
        markdown = joined(data.get("text/markdown"))
        if html and (table := table_call(html)):
            lines = limited(wrapped(terminal_text(_ends(plain or "")), 108), MAX_OUTPUT_LINES)
            yield Fragment(cell, [table, "\n".join(raw_blocks(lines, "printed_text"))], "table")
        elif (latex or markdown) and not self.careful:
            source = str(markdown or latex)
            if latex and not markdown and "$" not in source and "\\begin" not in source:
                source = f"$${source}$$"
            yield from self._markdown(cell, source, {}, True)
        elif plain is not None:
            yield from self._text(cell, plain, "printed_text")
        elif not problem:
            yield Fragment(cell, [_remark("[an output of a kind that is not shown]")], "output")

    def _text(self, cell: Cell, text: str, function: str) -> Iterator[Fragment]:
        if not text.strip():
            return
        lines = wrapped(terminal_text(_ends(text)).rstrip("\n"), 108)
        lines = limited(lines, max(3, min(MAX_OUTPUT_LINES, self.lines_left)))
        self.lines_left -= len(lines)
        for block in raw_blocks(lines, function):
            yield Fragment(cell, [block], "output")


def _ends(text: str) -> str:
    """A text, the middle of a very long one left out."""
    if len(text) <= MAX_OUTPUT_CHARS:
        return text
    half = MAX_OUTPUT_CHARS // 2
    note = f"\n[{len(text) - 2 * half} characters are left out]\n"
    return text[:half] + note + text[-half:]


def _boxed(body: str, cell: Cell) -> str:
    """A student's text has a bar at its side."""
    return f"#answer_box[\n{body}\n]" if cell.by_student else body


def _hard_to_colour(source: str) -> bool:
    return len(source) > 60_000 or max(map(len, source.split("\n"))) > 4000


def formulas(n: int) -> str:
    return "1 formula" if n == 1 else f"{n} formulas"


def _remark(text: str) -> str:
    return f"#remark_text({string(visible(text))});"


def _merged(outputs: list[Any]) -> Iterator[dict[str, Any]]:
    """The outputs, pieces of one stream in a row put together."""

    def of(output: Any) -> str | None:
        if not isinstance(output, dict) or output.get("output_type") != "stream":
            return None
        return "stderr" if output.get("name") == "stderr" else "stdout"

    for stream, group in groupby(outputs, key=of):
        if stream is None:
            yield from (output for output in group if isinstance(output, dict))
        else:
            text = "".join(joined(output.get("text")) or "" for output in group)
            yield {"output_type": "stream", "name": stream, "text": text}
