"""A student's feedback as a PDF: what the HTML page says, in the same order.

Every text becomes a Typst string, so nothing that a student or a member of staff wrote is markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.publish.feedback_pages.content import VISIBLE_ONLY, Feedback, QuestionFeedback
from autograder.publish.pdf.frame import page_end, page_setup
from autograder.publish.pdf.page_map import PageMap
from autograder.publish.pdf.typeset import MAIN, Made, compiler
from autograder.publish.pdf.typst_text import string, visible

PARAGRAPH = "\n\n"
SHORT_CHARS = 800
"""A question with less text is on one page."""
_LONG_WORD = re.compile(r"\S{12}(?=\S)")


def typeset_feedback(page: Feedback, folder: Path) -> Made:
    """Typeset in an empty folder, which is all that Typst may read."""
    typst = compiler(folder)
    (folder / MAIN).write_text(feedback_file(page), encoding="utf-8")
    pdf = bytes(typst.compile(str(folder / MAIN)))  # type: ignore[arg-type]
    (end,) = json.loads(typst.query("<mark>", field="value"))
    page_map = PageMap(
        assignment=page.slug,
        student_id=page.student_id,
        student_name=page.student_name,
        file=dict(page.facts).get("File", ""),
        pages=end["page"],
        typeset="full",
    )
    return Made(pdf, page_map)


def feedback_file(page: Feedback) -> str:
    """The Typst file."""
    parts = [page_setup(f"{page.title}: feedback", page.student_name, page.student_id)]
    parts += _head(page)
    parts += _listed("About your submission", page.notes, "list")
    parts += _listed("Look at this first", page.first, "enum")
    if page.notebooks and not page.visible_only:
        parts += [_heading("Points"), *map(_text, page.choices), _table(page)]
    number = 0
    for notebook, questions in page.notebooks.items():
        parts.append(_heading(f"{notebook}.ipynb"))
        for question in questions:
            parts.append(_question(question, number))
            number += 1
    end = page_end(f"{page.title}: feedback", page.student_name, page.student_id)
    return PARAGRAPH.join([*parts, end])


def _text(text: str) -> str:
    """A text as content. A word that is longer than a line may be broken anywhere."""
    return f"#{string(_LONG_WORD.sub(lambda run: run[0] + chr(0x200B), visible(text)))};"


def _head(page: Feedback) -> Iterator[str]:
    yield f'#text(size: 17pt, weight: "bold")[{_text(page.title)}]'
    yield f"{_text(page.student_name)} #h(4pt) #text(fill: colour_grey)[{_text(page.student_id)}]"
    if page.total:
        yield f'#text(size: 15pt, weight: "bold")[{_text(f"{page.total} points")}]'
    if page.visible_only:
        yield f"#remark_text[{_text(VISIBLE_ONLY)}]"
    facts = [*page.sums, *page.facts]
    rows = "".join(f"[#text(fill: colour_grey)[{_text(a)}]], [{_text(b)}],\n" for a, b in facts)
    yield (
        "#table(columns: (auto, 1fr), stroke: none, inset: (x: 0pt, y: 3pt), "
        f"column-gutter: 12pt,\n{rows})"
    )


def _heading(title: str) -> str:
    return f"#heading(level: 1, outlined: true, bookmarked: true)[{_text(title)}]"


def _listed(title: str, lines: Sequence[str], function: str) -> list[str]:
    return [_heading(title), _items(lines, function)] if lines else []


def _items(lines: Iterable[str], function: str = "list") -> str:
    return f"#{function}({', '.join(f'[{_text(line)}]' for line in lines)})"


def _table(page: Feedback) -> str:
    rows, number = "", 0
    for notebook, questions in page.notebooks.items():
        rows += f"table.cell(colspan: 2)[*{_text(f'{notebook}.ipynb')}*],\n"
        for one in questions:
            title = f"#link(<question-{number}>)[{_text(one.title)}]"
            rows += f"[{title}], [{_text(one.with_remarks)}],\n"
            number += 1
    return (
        "#table(columns: (1fr, auto), inset: (x: 4pt, y: 2.5pt), "
        "stroke: (x, y) => (bottom: 0.4pt + luma(210)),\n"
        f"table.header([*Question*], [*Points*]),\n{rows})"
    )


def _question(question: QuestionFeedback, number: int) -> str:
    heading = (
        f"#heading(level: 2, outlined: true)[{_text(question.title)} #h(4pt) "
        f'#text(size: 8.5pt, weight: "regular", fill: colour_grey)[{_text(question.name)}]] '
        f"<question-{number}>"
    )
    inside = []
    if question.points:
        inside.append(_text(question.with_remarks))
    if question.note:
        inside.append(_text(question.note))
    if question.failed:
        inside.append("*Not yet*")
    if question.lines:
        inside.append(_items(question.lines))
    if question.comment:
        inside.append(f"*Comment*\n\n#comment_box[{_text(question.comment)}]")
    if not inside:
        return heading
    colour = "colour_red" if question.lost > 0 else "luma(190)"
    made = PARAGRAPH.join([heading, f"#side_bar({colour}, none)[\n{PARAGRAPH.join(inside)}\n]"])
    length = len(question.comment) + sum(map(len, question.lines))
    return f"#block(breakable: false)[\n{made}\n]" if length < SHORT_CHARS else made
