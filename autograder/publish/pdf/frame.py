"""The Typst file around the fragments: first page, headers, a page for each section, bookmarks."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from autograder.intake.untrusted_text import clean
from autograder.publish.pdf.document import Document, Section
from autograder.publish.pdf.typst_text import string

MAX_LISTED = 45
"""Sections in the list on the first page: more would not fit on it, and it is one page always."""
MAX_NOTES = 12

_TOP = """#import "/page.typ": *
#show: every_page
#running_head(WHO, TITLE)
"""
"""What depends on the student is no style: Typst keeps what it has laid out for the next document,
as long as content and styles are the same, down to their places in files. So all set and show
rules are in page.typ, which every document shares.
"""
_END = """#page_mark("document", "end")
#set document(title: TITLE)
"""
"""At the end, where it is no style of anything."""


@dataclass
class Placed:
    """A section with its fragments, and how it comes to its fixed number of pages."""

    section: Section
    fragments: list[int]
    size: float = 1.0
    extra: int = 0
    """Blank pages after it."""
    cut: bool = False
    """Only `shown` fits; the whole is at the end of the document."""
    shown: list[int] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.shown = list(self.fragments)

    @property
    def fixed(self) -> int:
        return self.section.pages

    @property
    def key(self) -> str:
        return f"section {self.section.name}"


def main_file(
    document: Document, placed: list[Placed], files: Sequence[str], troubled: Set[int]
) -> str:
    """The whole file. files: the path of each fragment; troubled: the fragments whose page the page
    map names.
    """
    who = clean(document.student_name, 80)
    student_id = clean(document.student_id, 64)
    top = page_setup(document.title, document.student_name, document.student_id)
    parts = [top, _first_page(document, placed, who, student_id)]
    parts += [_section(number, one, files, troubled) for number, one in enumerate(placed)]
    parts += [_in_full(number, one, files) for number, one in enumerate(placed) if one.cut]
    parts.append(page_end(document.title, document.student_name, document.student_id))
    return "\n".join(parts)


def page_setup(title: str, student_name: str, student_id: str) -> str:
    """What a file begins with: paper, fonts, and headers with whose it is and what."""
    shown = string(_whose(student_name, student_id))
    return _TOP.replace("WHO", shown).replace("TITLE", string(clean(title, 150)))


def page_end(title: str, student_name: str, student_id: str) -> str:
    """What a file ends with: the mark on the last page, and the title that a viewer shows."""
    shown = _whose(student_name, student_id)
    return _END.replace("TITLE", string(f"{clean(title, 150)} · {shown}"))


def _whose(student_name: str, student_id: str) -> str:
    who = (clean(student_name, 80), clean(student_id, 64))
    return " · ".join(filter(None, who)) or "no name"


def _first_page(document: Document, placed: list[Placed], who: str, student_id: str) -> str:
    facts = [
        ("Name", who),
        ("Id", student_id),
        ("File", clean(document.file, 120)),
        ("Handed in", clean(document.handed_in, 60)),
    ]
    rows = "".join(
        f"[#text(fill: colour_grey, {string(label)})], [#{string(value)}],\n"
        for label, value in facts
        if value
    )
    lines = [
        f'#text(size: 17pt, weight: "bold", {string(clean(document.title, 150))})',
        f"#table(columns: 2, stroke: none, inset: (x: 0pt, y: 3pt), column-gutter: 12pt,\n{rows})",
    ]
    notes = document.notes[:MAX_NOTES]
    if notes:
        told = "".join(f"- #{string(clean(note, 400))}\n" for note in notes)
        more = len(document.notes) - len(notes)
        lines.append(f"#warning_box[\n{told}{f'- {more} more' if more else ''}\n]")
    listed = placed[:MAX_LISTED]
    entries = "".join(_entry(number, one) for number, one in enumerate(listed))
    if entries:
        lines.append(
            "#set text(size: 8.5pt)\n#table(columns: (1fr, auto, auto, auto), stroke: none, "
            "inset: (x: 4pt, y: 2.2pt), align: (left, right, left, right),\n"
            f"[*Question*], [*Points*], [], [*Page*],\n{entries})"
        )
        if len(placed) > len(listed):
            lines.append(f"#remark_text[{len(placed) - len(listed)} more: see the bookmarks.]")
    return "#[\n" + "\n".join(lines) + "\n]\n"


def _entry(number: int, placed: Placed) -> str:
    section = placed.section
    question = section.question
    points = f"{question.points:g}{' (bonus)' if question.bonus else ''}" if question else ""
    state = (
        "no answer"
        if section.blank
        else ("to mark" if question and not question.autograded else "")
    )
    indent = "#h(8pt)" if section.level > 1 else ""
    return (
        f"[{indent}#link(<s{number}>, {string(clean(section.title, 90))})], [{points}], "
        f"[#text(fill: colour_grey, {string(state)})], "
        f"[#context counter(page).at(<s{number}>).first()],\n"
    )


def _section(number: int, placed: Placed, files: Sequence[str], troubled: Set[int]) -> str:
    section = placed.section
    key = string(placed.key)
    lines = [
        "#pagebreak()",
        f'#page_mark({key}, "start")',
        f"#heading(level: {section.level}, outlined: true, bookmarked: true, {_title(section)})"
        f" <s{number}>",
    ]
    if section.blank:
        lines.append("#warning_box[No answer was handed in for this question.]")
    body = []
    for fragment in placed.shown:
        if fragment in troubled:
            body.append(f'#page_mark("fragment {fragment}", "typed")')
        body.append(f'#include "{files[fragment]}"')
        if placed.fixed:
            body.append(f'#page_mark({key}, "{fragment}")')
    if placed.cut:
        body.append(
            f"#warning_box[The answer is longer than its pages. It is shown in full "
            f"on page #context counter(page).at(<full{number}>).first().]"
        )
    lines += [f"#text_size({10 * placed.size:.1f}pt)[", "\n\n".join(body), "]"]
    lines.append(f'#page_mark({key}, "end")')
    lines += ["#pagebreak()\n#remark_text[This page is blank.]"] * placed.extra
    return "\n".join(lines)


def _title(section: Section) -> str:
    question = section.question
    title = clean(section.title, 150)
    if question is None:
        return string(title)
    bonus = ", bonus" if question.bonus else ""
    noun = "point" if question.points == 1 else "points"
    return string(f"{title} ({question.points:g} {noun}{bonus})")


def _in_full(number: int, placed: Placed, files: Sequence[str]) -> str:
    title = string(f"In full: {clean(placed.section.title, 150)}")
    includes = "\n\n".join(f'#include "{files[fragment]}"' for fragment in placed.fragments)
    return (
        f'#pagebreak()\n#page_mark({string(placed.key + " in full")}, "start")\n'
        f"#heading(level: 1, outlined: true, bookmarked: true, {title}) <full{number}>\n{includes}"
    )
