"""The similar pairs of an assignment: from a graded class or from files, with earlier years."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.class_run.class_results import CLASS
from autograder.course.assignment import Assignment, load
from autograder.errors import UsageError
from autograder.intake.untrusted_text import clean, shown
from autograder.similarity.common_ground import CommonGround, common_ground
from autograder.similarity.graded import graded_folder, graded_works
from autograder.similarity.handed_in import handed_in_works
from autograder.similarity.pairs import Compared, Pair, Shared, compare
from autograder.similarity.works import Works, question_names

TOP = 20
MIN_SCORE = -1.0
MAX_SCORE = 9.0
"""No class shows how rare it is what happens once in more than a thousand million."""
MIN_SHARE = 0.02
"""Of a pair's score: questions that add less are only counted."""
LOOK = (
    "Alike is no proof. A person has to read both answers and hear both students before anybody "
    "draws a conclusion."
)


@dataclass
class Similar:
    """The pairs of an assignment that are most alike, and all that is needed to show them."""

    assignment: Assignment
    compared: Compared
    ground: CommonGround
    pairs: list[Pair]
    """Those to show, the most alike first."""
    notes: list[str] = field(default_factory=list)
    """Sentences on what was not compared."""


def score_of(pair: Pair) -> float | None:
    """How far a pair is from what chance does: 0 where one such pair is expected in the class, 1
    where 0.1 are, 3 where 0.001 are. None where the class is too small to tell.
    """
    if math.isinf(pair.by_chance):
        return None
    return min(MAX_SCORE, round(-math.log10(max(pair.by_chance, 1e-300)), 1)) + 0.0


def mostly_in(pair: Pair) -> list[Shared]:
    """The questions in which a pair is alike, without those that add nearly nothing."""
    return [one for one in pair.shared if one.nats >= MIN_SHARE * pair.nats]


def in_words(pair: Pair) -> str:
    """How many such pairs are expected by chance: `about 3`, `1 in 200 classes`."""
    score = score_of(pair)
    if score is None:
        return "unknown"
    if pair.by_chance >= 0.7:
        return f"about {pair.by_chance:.0f}"
    if score > 6:
        return "less than 1 in a million classes"
    return f"1 in {_round(1 / pair.by_chance):,} classes"


def _round(number: float) -> int:
    """Two digits that count."""
    digits = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return int(round(number / digits) * digits)


def find_similar(
    slug: str,
    root: Path,
    *,
    paths: Sequence[Path] = (),
    out: Path = Path(),
    earlier: Sequence[Path] = (),
    top: int = TOP,
    min_score: float = MIN_SCORE,
    progress: Callable[[], None] | None = None,
    expect: Callable[[int], None] | None = None,
) -> Similar:
    """Compare a class.

    paths: submissions as they came in; without any, the class that was graded into `out`. earlier:
    folders of earlier years, graded or as they came in, compared with this year's alone. top,
    min_score: which pairs are kept. Raises UsageError when there is nothing to compare, as
    `find` and `load` do; CourseError when the assignment was not built.
    """
    assignment = load(slug, root)
    ground = common_ground(assignment, root)
    found = _this_year(assignment, root, paths, out, progress, expect)
    if len(found.works) + len(earlier) < 2:
        raise UsageError(
            f"{slug}: there are fewer than two submissions to compare"
            + (f" ({found.notes[0]})" if found.notes else "")
        )
    for folder in earlier:
        older = _earlier_year(assignment, root, folder, progress, expect)
        found.works += older.works
        found.notes += [f"{shown(folder.name)}: {note}" for note in older.notes]
    compared = compare(found.works, list(question_names(assignment)), ground, keep=max(top, 1))
    kept = []
    for pair in compared.pairs[:top]:
        score = score_of(pair)
        if score is None or score >= min_score:
            kept.append(pair)
    return Similar(assignment, compared, ground, kept, found.notes)


def _this_year(
    assignment: Assignment,
    root: Path,
    paths: Sequence[Path],
    out: Path,
    progress: Callable[[], None] | None,
    expect: Callable[[int], None] | None,
) -> Works:
    if paths:
        if len(paths) == 1 and (folder := graded_folder(paths[0], assignment.slug)):
            return graded_works(folder, assignment, progress=progress, expect=expect)
        return handed_in_works(paths, assignment, root, progress=progress, expect=expect)
    folder = graded_folder(out, assignment.slug)
    if folder is None:
        raise UsageError(
            f"{shown(out / 'results' / assignment.slug)} has no {CLASS}: run `autograder grade ... "
            f"--out {shown(out)}` first, name the folder that it wrote to with --out, or name "
            "files or folders of submissions"
        )
    return graded_works(folder, assignment, progress=progress, expect=expect)


def _earlier_year(
    assignment: Assignment,
    root: Path,
    folder: Path,
    progress: Callable[[], None] | None,
    expect: Callable[[int], None] | None,
) -> Works:
    if not folder.exists():
        raise UsageError(f"--earlier {shown(folder)}: there is no such folder")
    year = clean(folder.resolve().name, 40) or "earlier"
    if graded := graded_folder(folder, assignment.slug):
        return graded_works(graded, assignment, year=year, progress=progress, expect=expect)
    return handed_in_works([folder], assignment, root, year=year, progress=progress, expect=expect)
