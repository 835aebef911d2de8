"""A class whose answers are known, graded, and what its class report makes of them.

    python benchmarks/planted_mistakes.py vae --students 60 --out build/planted

Every student has an ability, every question a difficulty: together they give the chance of a right
answer (the model solution or a known right one), weak students leave more blank. Wrong answers are
a known wrong one, some of them far more often than others, or, one in four, a mistake of their own:
a mutant of the model solution. All are graded by the hidden checks with the course's secret, each
different answer once; then the class report is written, and compared with what was planted. A
mutant may behave like a known wrong answer, so naming one for it need not be wrong.

Needs `autograder audit SLUG --patterns`.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.audit.grading import Task, grade_tasks
from autograder.audit.known import Cell, KnownAnswer, known_answers
from autograder.audit.mutants import mutants_of
from autograder.audit.patterns import read_patterns
from autograder.audit.run import MUTANT_CALL_S
from autograder.class_run.class_results import settle_class, write_class
from autograder.class_run.results_folder import REPORT
from autograder.course.assignment import Assignment, Question, course_root, load
from autograder.course.model_answers import model_answers
from autograder.course.secret import course_secret
from autograder.errors import UsageError
from autograder.intake.roster import Person, Roster
from autograder.publish.class_report.content import ClassReport
from autograder.publish.class_report.write import write_class_report
from autograder.report import QuestionResult, Report, Student, add_up, to_json
from benchmarks.names import name_of

OWN_MISTAKES = 0.25
"""Of the wrong answers, those that are no known one."""
OWN = "own mistake"
SOLUTION = "solution"


@dataclass(frozen=True)
class Planted:
    """An answer to one question. `name`: of a known wrong answer; else OWN, SOLUTION or of a known
    right one; empty: blank.
    """

    question: str
    name: str = ""
    cells: tuple[Cell, ...] = ()
    wrong: bool = False


Class = dict[str, dict[str, Planted]]
"""By student and question."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("slug")
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/planted"))
    asked = parser.parse_args()
    root = course_root()
    assignment = load(asked.slug, root)
    if not read_patterns(root, asked.slug).questions:
        raise UsageError(f"run `autograder audit {asked.slug} --patterns` first")
    planted = draw_class(root, assignment, asked.students, asked.seed)
    results = grade(root, assignment, planted)
    folder = asked.out / "results" / asked.slug
    write_reports(assignment, planted, results, folder)
    report, files = write_class_report(folder, root, asked.out / f"{asked.slug}.html")
    print(f"{files[0]}: {asked.students} students, {len(results)} different answers")
    tell(planted, results, report)


def draw_class(root: Path, assignment: Assignment, n: int, seed: int) -> Class:
    rng = random.Random(seed)
    questions = [one for one in assignment.questions.values() if one.kind == "code"]
    known: dict[str, list[KnownAnswer]] = defaultdict(list)
    for one in known_answers(root, assignment):
        known[one.question].append(one)
    for answers in known.values():
        rng.shuffle(answers)
    difficulty = {one.name: rng.gauss(-1, 0.6) for one in questions}
    own = {one.name: _own_mistakes(root, assignment, one) for one in questions}
    made: Class = {}
    for number in range(n):
        ability = rng.gauss(0, 1)
        made[f"s{number + 1:03}"] = {
            one.name: _answer(one.name, ability - difficulty[one.name], known, own[one.name], rng)
            for one in questions
        }
    return made


def _own_mistakes(root: Path, assignment: Assignment, question: Question) -> list[str]:
    solution = model_answers(root, assignment.slug, question.notebook)[question.name]
    return [one.source for one in mutants_of(question.name, solution)]


def _answer(
    question: str,
    ease: float,
    known: dict[str, list[KnownAnswer]],
    own: Sequence[str],
    rng: random.Random,
) -> Planted:
    if rng.random() < _chance(-ease - 1.5):
        return Planted(question)
    kind = "right" if rng.random() < _chance(1.2 * ease) else "wrong"
    if kind == "wrong" and own and rng.random() < OWN_MISTAKES:
        return Planted(question, OWN, (Cell(question, rng.choice(own)),), wrong=True)
    answers = [one for one in known[question] if one.kind == kind]
    if (kind == "right" and rng.random() < 0.5) or not answers:
        return Planted(question, SOLUTION)
    weights = [1 / place for place in range(1, len(answers) + 1)]
    (chosen,) = rng.choices(answers, weights)
    return Planted(question, shown_name(chosen), chosen.cells, kind == "wrong")


def shown_name(answer: KnownAnswer) -> str:
    """As the report names it."""
    return answer.name.removeprefix(f"{answer.question}__")


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def grade(root: Path, assignment: Assignment, planted: Class) -> dict[Planted, QuestionResult]:
    """Each different answer once."""
    different = list(dict.fromkeys(one for each in planted.values() for one in each.values()))
    secret = course_secret(root)
    tasks = [
        Task(
            assignment.questions[one.question].notebook,
            secret,
            one.cells,
            blank=not one.name,
            only=(one.question,),
            call_s=MUTANT_CALL_S,
        )
        for one in different
    ]
    graded: dict[Planted, QuestionResult] = {}
    for index, done in grade_tasks(tasks, root, assignment.slug, isolation="auto", jobs=1):
        (result,) = done.questions
        result.blank = not different[index].name
        graded[different[index]] = result
    return graded


def write_reports(
    assignment: Assignment,
    planted: Class,
    results: dict[Planted, QuestionResult],
    folder: Path,
) -> None:
    reports, people = {}, []
    for number, (student, answers) in enumerate(planted.items()):
        name = name_of(number).full
        people.append(Person(id=student, name=name))
        report = Report(
            assignment=assignment.slug,
            file=f"{name_of(number).file_part}_{assignment.slug}.zip",
            sha256=f"{number:064x}",
            status="graded",
            student=Student(id=student, name=name, claimed_id=student),
            graded_at="2026-12-16T08:00:00+00:00",
            questions=[results[one] for one in answers.values()],
        )
        report.totals = add_up(report.questions)
        reports[student] = report
        write_atomically(folder / student / REPORT, to_json(report))
    write_class(settle_class(reports, assignment, Roster(people)), folder)


def tell(planted: Class, results: dict[Planted, QuestionResult], report: ClassReport) -> None:
    """Compare what the report names with what was planted."""
    named: dict[tuple[str, str], tuple[list[str], str]] = {}
    for question in report.misconceptions:
        for group in question.named:
            names = [answer.name for answer in group.answers]
            for one in group.students:
                named[one.student.standing.student.id, question.name] = names, one.match.sure
    lost = {
        (student, question): one
        for student, answers in planted.items()
        for question, one in answers.items()
        if one.name and one.wrong and _lost(results[one])
    }
    theirs = [key for key, one in lost.items() if one.name != OWN]
    own = [key for key, one in lost.items() if one.name == OWN]
    told = [(lost[key].name, named.get(key, ([], "unknown"))) for key in theirs]
    n = len(told)
    print(f"known wrong answers planted, points lost: {n}")
    print(f"  the planted one is named, alone: {_share(sum(a == [t] for t, (a, _) in told), n)}")
    print(f"  among the named: {_share(sum(t in a for t, (a, _) in told), n)}")
    print(f"  another one is named: {_share(sum(bool(a) and t not in a for t, (a, _) in told), n)}")
    for sure in ("very likely", "likely", "possible", "unknown"):
        mine = [truth in names for truth, (names, how) in told if how == sure]
        print(
            f"  {sure}: {len(mine)}, the planted one among the named {_share(sum(mine), len(mine))}"
        )
    sure_of_own = Counter(named.get(key, ([], "unknown"))[1] for key in own)
    print(f"mistakes of their own, points lost: {len(own)}; named: {dict(sure_of_own)}")
    agree, of = _most_common(lost, report)
    print(
        f"questions whose most frequent mistake is the one that was planted most: {agree} of {of}"
    )


def _lost(result: QuestionResult) -> bool:
    return result.score is not None and result.score < result.points


def _most_common(lost: dict[tuple[str, str], Planted], report: ClassReport) -> tuple[int, int]:
    """Over the questions in which a known wrong answer was given by two students or more."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, question), one in lost.items():
        if one.name != OWN:
            counts[question][one.name] += 1
    agree = of = 0
    for question in report.misconceptions:
        most = max(counts[question.name].values(), default=0)
        if most < 2 or not question.named:
            continue
        largest = max(question.named, key=lambda group: len(group.students))
        names = {answer.name for answer in largest.answers}
        of += 1
        agree += any(n == most and name in names for name, n in counts[question.name].items())
    return agree, of


def _share(n: int, of: int) -> str:
    return f"{n} of {of} ({n / of:.1%})" if of else "of none"


if __name__ == "__main__":
    main()
