"""The pairs as a table for a terminal, as a CSV file, and as rows for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.atomic_write import write_atomically
from autograder.intake.untrusted_text import clean
from autograder.publish.csv_files import csv_text
from autograder.similarity.find import LOOK, Similar, in_words, mostly_in, score_of
from autograder.similarity.pairs import Pair

if TYPE_CHECKING:
    from rich.table import Table

MAX_QUESTIONS, MAX_CHARS = 4, 200


class Row(msgspec.Struct, kw_only=True):
    """One pair, for programs. Names of people and files are untrusted text, cut and cleaned."""

    rank: int
    score: float | None
    """Minus the decimal logarithm of `by_chance`, at most 9; None: the class is too small."""
    by_chance: float | None
    """How many pairs of this class are expected to be as alike by chance."""
    nats: float
    """How much is shared and how rare it is."""
    first: str
    first_file: str
    second: str
    second_file: str
    earlier: str = ""
    """The folder of the earlier year that `second` is from."""
    questions: dict[str, float] = {}
    """By question, its share of `nats`, the largest first; what adds nearly nothing is left out."""
    same_failures: list[str] = []
    """Questions in which both failed the same checks."""


def rows(similar: Similar) -> list[Row]:
    """The pairs, the most alike first."""
    return [_row(similar, number, pair) for number, pair in enumerate(similar.pairs, start=1)]


def _row(similar: Similar, rank: int, pair: Pair) -> Row:
    first, second = (similar.compared.works[one] for one in (pair.first, pair.second))
    score = score_of(pair)
    return Row(
        rank=rank,
        score=score,
        by_chance=None if score is None else pair.by_chance,
        nats=round(pair.nats, 2),
        first=clean(first.label, MAX_CHARS),
        first_file=clean(first.file, MAX_CHARS),
        second=clean(second.label, MAX_CHARS),
        second_file=clean(second.file, MAX_CHARS),
        earlier=clean(second.year, MAX_CHARS),
        questions={one.question: round(one.nats / pair.nats, 3) for one in mostly_in(pair)},
        same_failures=[one.question for one in mostly_in(pair) if one.same_failures],
    )


def table(similar: Similar) -> Table:
    """The table that `autograder similar` prints."""
    from rich.table import Table
    from rich.text import Text

    made = Table(
        title=f"{similar.assignment.slug}: pairs that are more alike than others",
        title_justify="left",
        caption=LOOK,
        caption_justify="left",
    )
    made.add_column("", justify="right")
    made.add_column("score", justify="right")
    made.add_column("expected by chance")
    for name in ("student", "and", "mostly in"):
        made.add_column(name, overflow="fold")
    for row, pair in zip(rows(similar), similar.pairs, strict=True):
        second = f"{row.second} ({row.earlier})" if row.earlier else row.second
        made.add_row(
            str(row.rank),
            "" if row.score is None else f"{row.score:.1f}",
            in_words(pair),
            Text(_who(row.first, row.first_file)),
            Text(_who(second, row.second_file)),
            Text(_questions(row)),
        )
    return made


def _who(label: str, file: str) -> str:
    return clean(f"{label}: {file}", 2 * MAX_CHARS)


def _questions(row: Row) -> str:
    told = [
        f"{name} {share:.0%}{' (same failed checks)' if name in row.same_failures else ''}"
        for name, share in list(row.questions.items())[:MAX_QUESTIONS]
    ]
    more = len(row.questions) - MAX_QUESTIONS
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def write_csv(similar: Similar, file: Path) -> None:
    """A row for each pair; text can never become a formula. The sentence that a person has to look
    is in every row, since a file is passed on without what stood around it.
    """
    names = [name for name in Row.__struct_fields__ if name not in ("questions", "same_failures")]
    values = []
    for row in rows(similar):
        questions = " ".join(f"{name}:{share}" for name, share in row.questions.items())
        last = [questions, " ".join(row.same_failures), LOOK]
        values.append([*(getattr(row, name) for name in names), *last])
    text = csv_text([*names, "questions", "same_failures", "note"], values)
    write_atomically(file, text.encode())
