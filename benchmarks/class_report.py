"""The class report of a large class that is made up: its time, its size, and something to look at.

    python benchmarks/class_report.py vae --students 200 --out build/class_report

Each answer is right, blank, wrong like a known wrong answer (some far more often than others), or
fails checks at random. Needs `autograder audit vae --patterns`. Nothing is run.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.audit.failures import Failure
from autograder.audit.patterns import Patterns, read_patterns
from autograder.checks.judge import score
from autograder.checks.suite import HiddenCheck, suite, use_suites_of
from autograder.class_run.class_results import settle_class, write_class
from autograder.class_run.results_folder import REPORT
from autograder.course.assignment import Assignment, Question, course_root, load
from autograder.errors import UsageError
from autograder.intake.roster import Person, Roster
from autograder.publish.class_report.write import write_class_report
from autograder.report import Check, QuestionResult, Report, Student, add_up, to_json

NAMES = ("Ada", "Ben", "Çağla", "Dov דב", "Esi", "Fārūq", "Gia", "<script>alert(1)</script>", "Ito")
SHARES = {"right": 0.55, "blank": 0.1, "wrong": 0.3, "random": 0.05}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("slug")
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("build/class_report"))
    parser.add_argument("--seed", type=int, default=19)
    asked = parser.parse_args()
    root = course_root()
    folder = asked.out / "results" / asked.slug
    make_class(root, load(asked.slug, root), asked.students, folder, random.Random(asked.seed))
    start, cpu = time.perf_counter(), time.process_time()
    report, files = write_class_report(folder, root, asked.out / f"{asked.slug}.html")
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    named = sum(one.n_named for one in report.misconceptions)
    lost = sum(one.n_lost for one in report.misconceptions)
    size_mb = files[0].stat().st_size / 1e6
    print(f"{asked.students} students: {seconds:.1f} s, {cpu:.1f} CPU s, {size_mb:.2f} MB")
    print(f"answers that lost points: {lost}; a misconception is named for {named}")


def make_class(
    root: Path, assignment: Assignment, n_students: int, folder: Path, draw: random.Random
) -> None:
    """Write reports and class.json. Some are rejected, and one in fifty has handed nothing in."""
    use_suites_of(root)
    patterns = read_patterns(root, assignment.slug)
    if not patterns.questions:
        raise UsageError(f"run `autograder audit {assignment.slug} --patterns` first")
    reports, people = {}, []
    for number in range(n_students):
        name = f"{draw.choice(NAMES)} {number}"
        people.append(Person(id=f"s{number:03}", name=name))
        if number % 50 == 49:
            continue
        reports[f"s{number:03}"] = _report(people[-1], assignment, patterns, draw)
    for label, report in reports.items():
        write_atomically(folder / label / REPORT, to_json(report))
    write_class(settle_class(reports, assignment, Roster(people)), folder)


def _report(
    person: Person, assignment: Assignment, patterns: Patterns, draw: random.Random
) -> Report:
    who = Student(id=person.id, name=person.name, claimed_id=person.id)
    report = Report(
        assignment=assignment.slug,
        file=f"{person.id}_{assignment.slug}.zip",
        sha256=f"{draw.getrandbits(256):064x}",
        status="rejected" if draw.random() < 0.02 else "graded",
        student=who,
        seconds=round(draw.lognormvariate(1, 0.4), 2),
        graded_at="2026-12-16T08:00:00+00:00",
    )
    if report.status == "rejected":
        report.message = "The archive is damaged or cut off."
        return report
    strength = draw.gauss(0, 1)
    report.questions = [
        _question(question, assignment.slug, patterns, draw, strength)
        for question in assignment.questions.values()
    ]
    report.totals = add_up(report.questions)
    return report


def _question(
    question: Question, slug: str, patterns: Patterns, draw: random.Random, strength: float
) -> QuestionResult:
    more = {"right": 3} if strength > 0 else {}
    weights = [share * more.get(key, 1) for key, share in SHARES.items()]
    (kind,) = draw.choices(list(SHARES), weights)
    result = QuestionResult(
        name=question.name,
        title=question.title,
        notebook=question.notebook,
        kind=question.kind,
        points=question.points,
        bonus=question.bonus,
        found="grade_id",
        blank=kind == "blank",
    )
    if not question.has_checks:
        if question.autograded:
            result.score, result.outcome = (question.points if kind == "right" else 0.0), "graded"
        return result
    checks = suite(slug, question.name)
    failed = _failed(kind, question, checks, patterns, draw)
    result.checks = [_check(one, failed) for one in checks]
    result.score, result.outcome = score(question, result.checks), "graded"
    return result


def _failed(
    kind: str,
    question: Question,
    checks: Sequence[HiddenCheck],
    patterns: Patterns,
    draw: random.Random,
) -> dict[str, Failure]:
    if kind == "right":
        return {}
    if kind == "blank":
        return {one.name: Failure("raised NotImplementedError") for one in checks}
    if kind == "random":
        return {one.name: Failure("off by #", (draw.random(),)) for one in draw.sample(checks, 2)}
    answers = patterns.questions[question.name].answers
    place = min(int(draw.expovariate(0.4)), len(answers) - 1)
    return answers[place].failed


def _check(check: HiddenCheck, failed: dict[str, Failure]) -> Check:
    failure = failed.get(check.name)
    text = ""
    if failure:
        text = failure.way
        for number in failure.numbers:
            text = text.replace("#", f"{number:.3g}", 1)
        if text.startswith("raised "):
            text = f"StudentError: {text.removeprefix('raised ')}"
    return Check(
        name=check.name,
        title=check.title,
        weight=check.weight,
        aspect=check.aspect,
        spoils=check.spoils,
        outcome="failed" if failure else "passed",
        staff=text,
        seconds=0.01,
    )


if __name__ == "__main__":
    main()
