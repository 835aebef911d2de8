"""The Typst file around the fragments: first page, headers, a page for each section, bookmarks."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from autograder.intake.untrusted_text import clean
from autograder.publish.pdf.document import Document, Section
from autograder.publish.pdf.typst_text import string

MAX_LISTED = 45
"""Sections in the list on the first page: more would not fit on it, and it is one page always."""
MAX_NOTES = 12

_TOP = """#import "/page.typ": *
#set document(title: TITLE)
#set page(paper: "a4", margin: (top: 22mm, bottom: 16mm, x: 18mm), header-ascent: 35%,
  header: context {
    set text(size: 8pt, fill: colour_grey)
    grid(columns: (1fr, auto), column-gutter: 8pt, HEADER,
      [page #counter(page).display() of #counter(page).final().first()])
    line(length: 100%, stroke: 0.4pt + luma(200))
  })
#set text(font: text_fonts, size: 10pt, lang: "en", hyphenate: false)
#set par(justify: false, leading: 0.6em)
#set heading(outlined: false, bookmarked: false)
#show heading: it => text_heading(it)
#show heading.where(bookmarked: true): it => section_heading(it)
#show figure: set block(breakable: true)
#show table: set text(size: 0.9em)
#show link: set text(fill: colour_blue)
#set table(stroke: 0.4pt + luma(190), inset: 4pt)
"""


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


def main_file(document: Document, placed: list[Placed], troubled: Set[int]) -> str:
    """The whole file. troubled: the fragments whose page the page map names."""
    who = clean(document.student_name, 80)
    student_id = clean(document.student_id, 64)
    top = page_setup(document.title, document.student_name, document.student_id)
    parts = [top, _first_page(document, placed, who, student_id)]
    parts += [_section(number, one, troubled) for number, one in enumerate(placed)]
    parts += [_in_full(number, one) for number, one in enumerate(placed) if one.cut]
    parts.append('#page_mark("document", "end")')
    return "\n".join(parts)


def page_setup(title: str, student_name: str, student_id: str) -> str:
    """What a file begins with: paper, fonts, and headers with whose it is and what."""
    who = (clean(student_name, 80), clean(student_id, 64))
    shown = " · ".join(filter(None, who)) or "no name"
    title = clean(title, 150)
    header = f"[#{string(shown)} #h(1fr) #{string(title)} #h(1fr)]"
    return _TOP.replace("TITLE", string(f"{title} · {shown}")).replace("HEADER", header)


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


def _section(number: int, placed: Placed, troubled: Set[int]) -> str:
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
        body.append(f'#include "/f/{fragment}.typ"')
        if placed.fixed:
            body.append(f'#page_mark({key}, "{fragment}")')
    if placed.cut:
        body.append(
            f"#warning_box[The answer is longer than its pages. It is shown in full "
            f"on page #context counter(page).at(<full{number}>).first().]"
        )
    lines += [f"#[\n#set text(size: {10 * placed.size:.1f}pt)", "\n\n".join(body), "]"]
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


def _in_full(number: int, placed: Placed) -> str:
    title = string(f"In full: {clean(placed.section.title, 150)}")
    includes = "\n\n".join(f'#include "/f/{fragment}.typ"' for fragment in placed.fragments)
    return (
        f'#pagebreak()\n#page_mark({string(placed.key + " in full")}, "start")\n'
        f"#heading(level: 1, outlined: true, bookmarked: true, {title}) <full{number}>\n{includes}"
    )
