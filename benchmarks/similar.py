"""How well `autograder similar` finds copies: classes of students who work alone, in which some
copied, and where those pairs stand in the list.

    python benchmarks/similar.py --students 40
    python benchmarks/similar.py --students 40 --verbatim
    python benchmarks/similar.py --students 40 --written
    python benchmarks/similar.py --right

Each student draws an answer to every question, independently, from the known right and wrong ones,
and writes it in a style of their own (`benchmarks/hands.py`). With --verbatim they write it as it
is. Then students who draw the same are alike to the letter by construction, and no tool could tell
them from copies. A planted pair copies one question, three, or all of them, in one of six
disguises.

With --written the class answers the theory questions of `vae` as well (`benchmarks/written.py`),
and what is copied are these answers: one, two, or all of them, in one of five disguises, besides
code that each wrote alone.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.audit.known import KnownAnswer, known_answers
from autograder.course.assignment import Assignment, course_root, load
from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.course.released import release_notebook
from autograder.similarity.common_ground import common_ground
from autograder.similarity.fingerprints import of_code
from autograder.similarity.handed_in import handed_in_works
from autograder.similarity.pairs import Compared, compare
from autograder.similarity.weights import weigh
from autograder.similarity.works import question_names
from benchmarks.hands import DISGUISES, has_loop, restyled
from benchmarks.names import name_of
from benchmarks.written import DISGUISES as WRITTEN_DISGUISES
from benchmarks.written import FACTS, written

SHARE_RIGHT = 0.75
SHARE_ANSWERED = 0.93
SCOPES = {"one question": 1, "three questions": 3, "all questions": 0}
WRITTEN_SCOPES = {"one answer": 1, "two answers": 2, "all answers": 0}
OWN = (
    "x = torch.randn({0}, {1})\nx.shape, x.mean()",
    "print(torch.__version__)",
    "for k in ({0}, {1}, {2}):\n    print(k, torch.logsumexp(torch.randn(k, {0}), dim=0).mean())",
    "a = torch.tensor([{0}.0, {1}.0], requires_grad=True)\n(a**{2}).sum().backward()\na.grad",
    "%matplotlib inline",
    "import numpy as np\nnp.random.seed({2})\nprint(np.random.randn({0}, {1}).std())",
)


@dataclass(frozen=True)
class Planted:
    """A pair that copied."""

    source: int
    copier: int
    disguise: str
    scope: str
    questions: tuple[str, ...]
    known_wrong: int
    """How many of the questions have a wrong answer."""


@dataclass
class Student:
    """Answers by question, own cells."""

    answers: dict[str, str]
    wrong: set[str] = field(default_factory=set)
    own: list[str] = field(default_factory=list)


def draw_class(
    assignment: Assignment,
    root: Path,
    n: int,
    seed: int,
    scopes: list[str],
    *,
    verbatim: bool = False,
    with_written: bool = False,
) -> tuple[list[Student], list[Planted]]:
    """A class, with a planted pair for each disguise and scope: the copier is the student after.
    with_written: they answer the theory questions as well, and copy these only.
    """
    known: dict[str, dict[str, list[KnownAnswer]]] = {}
    for answer in known_answers(root, assignment):
        known.setdefault(answer.question, {}).setdefault(answer.kind, []).append(answer)
    students = [_student(known, random.Random(f"{seed}/{number}"), verbatim) for number in range(n)]
    rng = random.Random(f"{seed}/plant")
    if with_written:
        for number, student in enumerate(students):
            _write(student, random.Random(f"{seed}/{number}/written"))
    disguises = WRITTEN_DISGUISES if with_written else DISGUISES
    kinds = [(disguise, scope) for scope in scopes for disguise in disguises]
    places = rng.sample(range(n // 2), len(kinds))
    plant = _plant_written if with_written else _plant
    planted = [
        plant(students, 2 * place, disguise, scope, rng)
        for place, (disguise, scope) in zip(places, kinds, strict=True)
    ]
    return students, planted


def _student(
    known: dict[str, dict[str, list[KnownAnswer]]], rng: random.Random, verbatim: bool
) -> Student:
    made = Student({})
    for question, kinds in known.items():
        if rng.random() > SHARE_ANSWERED:
            continue
        kind = "right" if rng.random() < SHARE_RIGHT and kinds.get("right") else "wrong"
        answer = rng.choice(kinds[kind])
        source = next(one.source for one in answer.cells if one.question == question)
        made.answers[question] = source if verbatim else restyled(source, rng)
        if kind == "wrong":
            made.wrong.add(question)
    numbers = [rng.randint(2, 9) for _ in range(3)]
    made.own = [one.format(*numbers) for one in rng.sample(OWN, rng.randint(0, 3))]
    return made


def _plant(
    students: list[Student], source: int, disguise: str, scope: str, rng: random.Random
) -> Planted:
    mine, other = students[source], students[source + 1]
    questions = sorted(mine.answers)
    if disguise == "other loops":
        with_loops = [one for one in questions if has_loop(mine.answers[one])]
        rng.shuffle(questions)
        questions = with_loops + [one for one in questions if one not in with_loops]
    else:
        rng.shuffle(questions)
    chosen = questions[: SCOPES[scope] or len(questions)]
    if not SCOPES[scope]:
        other.answers = {}
    for question in chosen:
        other.answers[question] = DISGUISES[disguise](mine.answers[question], rng)
    wrong = sum(one in mine.wrong for one in chosen)
    return Planted(source, source + 1, disguise, scope, tuple(chosen), wrong)


def _write(student: Student, rng: random.Random) -> None:
    """Answers to the theory questions, most of them."""
    for question in FACTS:
        if rng.random() < SHARE_ANSWERED:
            student.answers[question] = written(question, rng)


def _plant_written(
    students: list[Student], source: int, disguise: str, scope: str, rng: random.Random
) -> Planted:
    mine, other = students[source].answers, students[source + 1].answers
    questions = [question for question in FACTS if question in mine]
    rng.shuffle(questions)
    chosen = questions[: WRITTEN_SCOPES[scope] or len(questions)]
    for question in chosen:
        own = other.get(question) or written(question, rng)
        other[question] = WRITTEN_DISGUISES[disguise](mine[question], own, rng)
    return Planted(source, source + 1, disguise, scope, tuple(chosen), 0)


def write_class(students: list[Student], assignment: Assignment, root: Path, folder: Path) -> None:
    """The zips of a class, without manifest: the student is known by the file's name."""
    releases = {
        name: release_notebook(root, assignment.slug, name) for name in assignment.notebooks
    }
    for number, student in enumerate(students):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, release in releases.items():
                made = {
                    **release,
                    "cells": list(_cells(release, student, name == assignment.notebooks[0])),
                }
                archive.writestr(f"{name}.ipynb", json.dumps(made))
        name = name_of(number).file_part
        (folder / f"{name}_{assignment.slug}.zip").write_bytes(buffer.getvalue())


def _cells(release: Any, student: Student, own: bool) -> Iterator[dict[str, Any]]:
    for cell in release.cells:
        name = grade_id_of(cell)
        if kind_of(cell) in ("answer", "analysis") and name in student.answers:
            marker = "".join(cell["source"]).split("\n")[0]
            yield {**cell, "source": f"{marker}\n{student.answers[name]}"}
        else:
            yield dict(cell)
    for number, source in enumerate(student.own if own else []):
        blank = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        yield {**blank, "id": f"own-{number}", "source": source}


Place = tuple[str, int, float]
"""A planted pair: its scope, how many pairs that worked alone stand above it, what is expected by
chance."""


def measure(args: argparse.Namespace, n: int, scopes: list[str], seed: int) -> list[Place]:
    """One class: where its planted pairs stand."""
    root = course_root()
    assignment = load(args.assignment, root)
    students, planted = draw_class(
        assignment, root, n, seed, scopes, verbatim=args.verbatim, with_written=args.written
    )
    with tempfile.TemporaryDirectory() as temporary:
        work = args.keep or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        write_class(students, assignment, root, work)
        start, cpu = time.perf_counter(), time.process_time()
        ground = common_ground(assignment, root)
        found = handed_in_works([work], assignment, root)
        read_s = time.perf_counter() - start
        compared = compare(found.works, list(question_names(assignment)), ground, keep=2000)
        wall_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu
    assert len(found.works) == n, found.notes
    print(
        f"\n{n} students, seed {seed}, {'verbatim' if args.verbatim else 'own styles'}: "
        f"{wall_s:.0f} s ({read_s:.0f} s of reading), {cpu_s:.0f} CPU s, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )
    return _print_planted(compared, planted)


def _print_planted(compared: Compared, planted: list[Planted]) -> list[Place]:
    numbers = {name_of(number).file_part: number for number in range(3000)}
    rank: dict[frozenset[int], int] = {}
    for place, pair in enumerate(compared.pairs):
        files = [compared.works[one].file.rpartition("_")[0] for one in (pair.first, pair.second)]
        rank[frozenset(numbers[one] for one in files)] = place
    copied = {frozenset((one.source, one.copier)) for one in planted}
    alone = [key not in copied for key in sorted(rank, key=rank.__getitem__)]
    places: list[Place] = []
    print(f"{'scope':16} {'disguise':12} wrong  rank  alone above  by chance  nats")
    for one in planted:
        place = rank.get(frozenset((one.source, one.copier)))
        if place is None:
            print(f"{one.scope:16} {one.disguise:12} {one.known_wrong:5}  not in the list")
            places.append((one.scope, len(alone), math.inf))
            continue
        pair = compared.pairs[place]
        places.append((one.scope, sum(alone[:place]), pair.by_chance))
        print(
            f"{one.scope:16} {one.disguise:12} {one.known_wrong:5} {place + 1:5} "
            f"{sum(alone[:place]):12} {pair.by_chance:10.2g} {pair.nats:5.1f}"
        )
    for most in (0.01, 0.1, 1):
        below = [
            key not in copied
            for key, place in rank.items()
            if compared.pairs[place].by_chance < most
        ]
        print(f"expected by chance below {most}: {len(below)} pairs, {sum(below)} of them alone")
    return places


def summary(places: list[Place], n_classes: int) -> None:
    """Over all classes, by scope."""
    print(f"\n{n_classes} classes together")
    for scope in (*SCOPES, *WRITTEN_SCOPES):
        mine = [one for one in places if one[0] == scope]
        above = sorted(one[1] for one in mine)
        below = [sum(one[2] < most for one in mine) for most in (1, 0.1)]
        if mine:
            print(
                f"{scope}: {sum(one == 0 for one in above)} of {len(mine)} above every pair alone, "
                f"median {above[len(above) // 2]} above, most {above[-1]}; expected by chance "
                f"below 1: {below[0]}, below 0.1: {below[1]}"
            )


def right_answers(slug: str) -> None:
    """The known right answers of each question, written independently, as a class of their own, in
    which one more is the disguised copy of one of them: is that pair the most alike?
    """
    root = course_root()
    assignment = load(slug, root)
    by_question: dict[str, list[str]] = {}
    for one in known_answers(root, assignment):
        if one.kind == "right":
            source = next(each.source for each in one.cells if each.question == one.question)
            by_question.setdefault(one.question, []).append(source)
    first, tries, alone, copied = 0, 0, [], []
    for question, sources in by_question.items():
        for at, source in enumerate(sources):
            copy = DISGUISES["all at once"](source, random.Random(f"{question}/{at}"))
            answers = [of_code(one) for one in (*sources, copy)]
            weights = weigh(answers)
            pairs = {
                (i, j): weights.says(answers[i], answers[j])
                for j in range(len(answers))
                for i in range(j)
            }
            planted = pairs.pop((at, len(sources)))
            others = [value for (_, j), value in pairs.items() if j < len(sources)]
            tries += 1
            first += planted > max(others, default=0.0)
            alone += others
            copied.append(planted)
    alone.sort()
    copied.sort()
    print(
        f"{slug}: {tries} right answers of {len(by_question)} questions, each with a disguised "
        f"copy: the copy is the most alike in {first}. Nats of pairs that are independent: median "
        f"{alone[len(alone) // 2]:.2f}, 99% below {alone[int(0.99 * len(alone))]:.2f}; of copies: "
        f"median {copied[len(copied) // 2]:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--assignment", default="vae")
    parser.add_argument("--verbatim", action="store_true", help="known answers as they are")
    parser.add_argument("--written", action="store_true", help="copies of written answers")
    parser.add_argument("--right", action="store_true", help="known right answers alone")
    parser.add_argument("--keep", type=Path, help="leave the zips here (one class)")
    parser.add_argument("--seeds", type=int, default=1, help="classes")
    args = parser.parse_args()
    if args.right:
        right_answers(args.assignment)
        return
    places, n_classes = [], 0
    for seed in range(args.seeds):
        every = list(WRITTEN_SCOPES if args.written else SCOPES)
        for scopes in [[one] for one in every] if args.students < 100 else [every]:
            places += measure(args, args.students, scopes, seed)
            n_classes += 1
    summary(places, n_classes)


if __name__ == "__main__":
    sys.exit(main())
