"""The pairs side by side, as one HTML page for staff that opens from disk: no script, nothing
requested, what students wrote as text alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.intake.untrusted_text import clean, printable
from autograder.publish.html_page import render_page
from autograder.similarity.find import LOOK, Similar, in_words, mostly_in
from autograder.similarity.fingerprints import text_lines
from autograder.similarity.pairs import Pair, Question, Shared
from autograder.similarity.tables import Row, rows
from autograder.similarity.works import Piece, Work, question_names

HERE = Path(__file__).resolve().parent
MAX_QUESTIONS = 8
MAX_LINES, MAX_COLUMNS, MAX_PIECES = 160, 300, 10
RARE = 3
"""A part that at most this many have is marked as rare."""


@dataclass(frozen=True)
class Line:
    """One line of an answer. mark: `rare` (only a few of the class have it), `shared`, `given` (it
    is in the release) or empty.
    """

    number: int
    text: str
    mark: str


@dataclass(frozen=True)
class Side:
    """One student's part of a question: the cells in which something is shared."""

    cells: list[list[Line]]
    cut: bool
    result: str
    """What the checks said, in words; empty: unknown."""


@dataclass(frozen=True)
class Shown:
    """One question of a pair."""

    name: str
    title: str
    share: float
    same_failures: bool
    same_form: bool
    """The whole answers differ in names, order and layout at most."""
    left: Side
    right: Side


@dataclass(frozen=True)
class ShownPair:
    """One pair."""

    row: Row
    chance: str
    questions: list[Shown]
    n_more: int


def write_html(similar: Similar, file: Path) -> None:
    """Write the page, readable for its owner alone: it names people."""
    write_atomically(file, page(similar).encode("utf-8", "replace"), 0o600)


def page(similar: Similar) -> str:
    """The page as HTML."""
    compared = similar.compared
    pairs = [
        _pair(similar, row, pair) for row, pair in zip(rows(similar), similar.pairs, strict=True)
    ]
    years = sorted({one.year for one in compared.works if one.year})
    return render_page(
        HERE,
        {
            "title": similar.assignment.title,
            "slug": similar.assignment.slug,
            "look": LOOK,
            "n_works": sum(not one.year for one in compared.works),
            "n_pairs": compared.n_pairs,
            "years": years,
            "pairs": pairs,
            "notes": [clean(note, 400) for note in similar.notes],
        },
    )


def _pair(similar: Similar, row: Row, pair: Pair) -> ShownPair:
    titles = question_names(similar.assignment)
    told = mostly_in(pair)[:MAX_QUESTIONS]
    shown = [_question(similar, pair, one, titles[one.question]) for one in told]
    return ShownPair(row, in_words(pair), shown, len(pair.shared) - len(told))


def _question(similar: Similar, pair: Pair, shared: Shared, title: str) -> Shown:
    question = similar.compared.questions[shared.question]
    first, second = (question.answers[question.place[one]] for one in (pair.first, pair.second))
    weighty = {one for one in first.digests & second.digests if one in question.weights.parts}
    few = _few(question, weighty)
    sides = [
        _side(similar, similar.compared.works[one], shared.question, weighty, few)
        for one in (pair.first, pair.second)
    ]
    share = shared.nats / pair.nats if pair.nats else 0.0
    same = first.whole == second.whole != 0
    return Shown(shared.question, title, share, shared.same_failures, same, sides[0], sides[1])


def _few(question: Question, digests: set[int]) -> set[int]:
    """Those of the parts that only a few answers have."""
    counts = Counter(one for answer in question.answers for one in answer.digests & digests)
    return {one for one in digests if counts[one] <= RARE}


def _side(similar: Similar, work: Work, question: str, weighty: set[int], few: set[int]) -> Side:
    pieces = [one for one in work.pieces if one.question == question]
    touched = [one for one in pieces if one.fingerprint().digests & weighty]
    cells = [_lines(one, weighty, few, similar.ground.given_lines) for one in touched]
    cut = len(cells) > MAX_PIECES or any(len(one) > MAX_LINES for one in cells)
    result = work.results.get(question)
    told = "" if result is None else f"{result.share:.0%} of the points"
    if result and result.failed:
        told += f", failed: {', '.join(result.failed[:8])}"
    return Side([one[:MAX_LINES] for one in cells[:MAX_PIECES]], cut, told)


def _lines(piece: Piece, weighty: set[int], few: set[int], given: frozenset[str]) -> list[Line]:
    """The lines of a cell, each with the strongest mark of the shared parts that cover it."""
    texts: Sequence[str] = (
        piece.source.split("\n") if piece.kind == "code" else text_lines(piece.source)
    )
    marks = dict[int, str]()
    parts = [one for one in piece.fingerprint().parts if one.digest in weighty]
    for part in sorted(parts, key=lambda one: one.digest in few):
        for number in range(part.lines[0], part.lines[1] + 1):
            marks[number] = "rare" if part.digest in few else "shared"
    made = []
    for number, text in enumerate(texts[: MAX_LINES + 1], start=1):
        mark = "given" if text.strip() in given else marks.get(number, "")
        made.append(Line(number, printable(text[:MAX_COLUMNS]), mark if text.strip() else ""))
    return made
