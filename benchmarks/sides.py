"""The two sides of the comparison: `autograder grade`, and plain `nbgrader autograde`, on the same
zips, each under the supervisor.
"""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from autograder.course.assignment import Assignment, load
from benchmarks.accounting import Usage, measure
from benchmarks.make_class import HandIn

Scores = dict[str, dict[str, float | None]]
"""By student id and code question; None: not decided, or not in the gradebook."""
SECRET = "benchmark"
"""Seeds the inputs of the hidden checks: the same on both sides."""
RUN_TRAINING = (
    '\nc.Execute.skip_cells_with_tag = "skip-execution"  # the default of nbclient: '
    "cells tagged `train` run\n"
)


@dataclass(frozen=True)
class Outcome:
    """One side's run over one batch."""

    n: int
    usage: Usage
    scores: Scores
    seconds: dict[str, float] = field(default_factory=dict)
    """By student id: wall time of one submission, where the side tells."""
    graded_at: dict[str, str] = field(default_factory=dict)

    @property
    def median_s(self) -> float | None:
        return median(self.seconds.values()) if self.seconds else None


class SideFailed(Exception):
    """A side did not run to its end; the sentence names the command, its exit status and its last
    words.
    """


def environment(root: Path, **more: str) -> dict[str, str]:
    """What both sides run with: this Python's commands first, the same course and secret, one
    thread for torch.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    ours = {
        "PATH": path,
        "AUTOGRADER_COURSE": str(root),
        "AUTOGRADER_SECRET": SECRET,
        "OMP_NUM_THREADS": "1",
        "NO_COLOR": "1",
    }
    return {**os.environ, **ours, **more}


def scored_questions(assignment: Assignment) -> list[str]:
    """Questions whose score both sides tell; plain nbgrader gives no points for a bonus
    question.
    """
    return [
        question.name
        for question in assignment.questions.values()
        if question.autograded and not question.bonus
    ]


def run_autograder(
    hand_ins: Sequence[HandIn],
    work: Path,
    root: Path,
    slug: str,
    jobs: int,
    *,
    scheduler: str = "",
    **more: str,
) -> Outcome:
    """`autograder grade` on the zips, here or on the workers of a Dask scheduler; `more` goes into
    its environment. A second call with the same `work` finds the first one's results.
    """
    import msgspec

    from autograder.report import Report

    work.mkdir(parents=True, exist_ok=True)
    listed, log = work / "reports.json", work / "stderr.txt"
    zips = [str(one.file) for one in hand_ins]
    line = [
        str(Path(sys.executable).parent / "autograder"),
        "grade",
        *zips,
        "--assignment",
        slug,
        "--out",
        str(work / "out"),
    ]
    usage = measure(
        [*line, *(["--scheduler", scheduler] if scheduler else ["--jobs", str(jobs)]), "--json"],
        cwd=work,
        env=environment(root, **more),
        stdout=listed,
        stderr=log,
    )
    if usage.returncode not in (0, 3):  # 3: something waits for a person
        raise SideFailed(
            f"autograder grade ended with {usage.returncode}; {log}: {_last_words(log)}"
        )
    reports = msgspec.json.decode(listed.read_bytes(), type=list[Report])
    names = scored_questions(load(slug, root))
    scores = {
        report.student.id: {q.name: q.score for q in report.questions if q.name in names}
        for report in reports
    }
    seconds = {report.student.id: report.seconds for report in reports}
    return Outcome(
        len(zips),
        usage,
        scores,
        seconds,
        {report.student.id: report.graded_at for report in reports},
    )


@contextmanager
def two_workers(folder: Path) -> Iterator[str]:
    """The address of a Dask scheduler on this machine with two workers, one thread each, that keep
    their files in `folder`.
    """
    from distributed import LocalCluster

    folder.mkdir()
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        local_directory=str(folder),
        silence_logs=50,
    ) as cluster:
        yield cluster.scheduler_address


def make_nbgrader_course(folder: Path, root: Path, slug: str, *, training: bool) -> None:
    """A course directory of plain nbgrader: configuration, source, release, and a gradebook that
    knows the assignment.

    training: cells tagged `train` are run, as nbgrader does unless told otherwise; the course's own
    configuration skips them.
    """
    import nbformat

    from autograder.release.generate import generate

    folder.mkdir(parents=True)
    config = (root / "nbgrader_config.py").read_text(encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(
        config + (RUN_TRAINING if training else ""), encoding="utf-8"
    )
    for stage in ("source", "release"):
        shutil.copytree(root / stage / slug, folder / stage / slug)
    sources = {
        name: nbformat.read(root / "source" / slug / f"{name}.ipynb", as_version=4)
        for name in load(slug, root).notebooks
    }
    generate(slug, sources, db_url=f"sqlite:///{folder / 'gradebook.db'}")


def run_nbgrader(
    hand_ins: Sequence[HandIn], course: Path, root: Path, slug: str, *, training: bool
) -> Outcome:
    """`nbgrader autograde` on the same submissions, in one command; unpacking them is not
    counted.
    """
    make_nbgrader_course(course, root, slug, training=training)
    for one in hand_ins:
        _unpack(one.file, course / "submitted" / one.id / slug)
    log = course / "stderr.txt"
    more = {"DGM_FAST": "1"} if training else {}
    line = [sys.executable, "-m", "nbgrader", "autograde", slug]
    usage = measure(
        line, cwd=course, env=environment(root, **more), stdout=course / "stdout.txt", stderr=log
    )
    scores = nbgrader_scores(course / "gradebook.db", [one.id for one in hand_ins], root, slug)
    if usage.returncode != 0 and not any(
        score is not None for per in scores.values() for score in per.values()
    ):
        raise SideFailed(
            f"nbgrader autograde ended with {usage.returncode}; {log}: {_last_words(log)}"
        )
    return Outcome(len(hand_ins), usage, scores)


def nbgrader_scores(gradebook: Path, ids: Sequence[str], root: Path, slug: str) -> Scores:
    from nbgrader.api import Gradebook, MissingEntry

    assignment = load(slug, root)
    found: Scores = {}
    with Gradebook(f"sqlite:///{gradebook}") as book:
        for student in ids:
            found[student] = {}
            for name in scored_questions(assignment):
                try:
                    score: Any = book.find_grade(
                        f"test_{name}", assignment.questions[name].notebook, slug, student
                    ).auto_score
                except MissingEntry:
                    score = None
                found[student][name] = None if score is None else float(score)
    return found


def _unpack(file: Path, folder: Path) -> None:
    """Our own zips, so their names are known to be harmless."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.startswith("artifacts/") or name.endswith(".ipynb"):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:].strip() if log.is_file() else ""


@dataclass(frozen=True)
class Disagreement:
    student: str
    question: str
    ours: float | None
    theirs: float | None
    expected: str
    """Why the two may differ here (the submission hangs, nbgrader lost it); empty when they must
    not.
    """


def compare(ours: Scores, theirs: Scores, hand_ins: Sequence[HandIn]) -> list[Disagreement]:
    """Every question and student with another score on the other side."""
    found = []
    for one in hand_ins:
        mine, other = ours.get(one.id, {}), theirs.get(one.id, {})
        lost = bool(other) and all(score is None for score in other.values())
        reason = (
            "nbgrader did not grade the submission"
            if lost
            else f"endless loop in {one.endless}"
            if one.endless
            else ""
        )
        for question in sorted(mine.keys() | other.keys()):
            left, right = mine.get(question), other.get(question)
            same = left == right or (
                left is not None and right is not None and abs(left - right) < 1e-4
            )
            if not same:
                found.append(Disagreement(one.id, question, left, right, reason))
    return found
