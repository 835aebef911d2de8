"""`audit`: make the notebooks, have them graded, and say what the checks are worth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.audit.grading import Graded, Task, grade_tasks
from autograder.audit.known import Cell, KnownAnswer, check_question, known_answers
from autograder.audit.mutants import Equivalent, Mutant, equivalents, mutants_of
from autograder.audit.results import AuditResult, KnownResult, MutantResult, Stale, add_up, judge
from autograder.course.assignment import Assignment, course_root, load
from autograder.course.model_answers import model_answers
from autograder.course.released import release_notebook
from autograder.errors import CourseError
from autograder.report import QuestionResult

MUTANT_CALL_S = 3.0
"""A mutant that loops forever is caught; there is no need to wait for it as long as for a student.
"""


def audit(
    slug: str,
    question: str | None = None,
    jobs: int = 0,
    repeat: int = 1,
    mutants: bool = False,
    *,
    isolation: str = "auto",
    in_process: bool = False,
    secret: str = "audit",
    root: Path | None = None,
    progress: Callable[[], None] | None = None,
) -> AuditResult:
    """Grade the model solution, the blank release, every known answer and (with `mutants`) every
    mutant of an assignment.

    question: only its known answers and mutants; they are still graded on the whole notebook. jobs:
    processes, 0 for one per core. repeat: how often the solution and the right answers are graded,
    each time with another secret (a right answer after the first time on its own question and those
    that use it: the others are the solution's own). in_process: without a sandbox, and only what an
    answer can affect (in_process.py): fast, for answers that you trust. secret: seeds the inputs
    of the checks; fixed, so that an audit can be run again. progress: called after each notebook;
    its `expect(n)`, where
    there is one, hears their number. Raises UsageError for an unknown assignment, question or
    isolation, CourseError when the assignment, a known answer or equivalent.toml is not in order.
    """
    from autograder.sandbox.isolation import choose

    start = time.perf_counter()
    mode = "none" if in_process else choose(isolation)
    root = root or course_root()
    assignment = load(slug, root)
    check_question(assignment, question)
    for notebook in dict.fromkeys(each.notebook for each in assignment.with_checks()):
        # what was not built is told before any process starts
        release_notebook(root, slug, notebook)
        model_answers(root, slug, notebook)
    secrets = [f"{secret}-{number}" for number in range(repeat)]
    answers = known_answers(root, assignment, question)
    made = _mutants(assignment, root, question) if mutants else []
    listed = equivalents(root, assignment, question) if mutants else []

    plan = _solution_and_blank(assignment, secrets, question if in_process else None)
    for answer in answers:
        plan += _plan_answer(answer, assignment, secrets, in_process)
    plan += [(mutant, _mutant_task(mutant, assignment, secrets[0])) for mutant in made]
    tasks = [task for _, task in plan]
    if in_process:
        from autograder.audit.in_process import grade_in_process

        done: Iterable[tuple[int, Graded]] = grade_in_process(tasks, root, slug)
    else:
        done = grade_tasks(tasks, root, slug, isolation=mode, jobs=jobs)
    graded = _collected(plan, done, progress)

    known = [
        _known(result, graded[id(result)])
        for result in _unique(plan)
        if isinstance(result, KnownResult)
    ]
    reasons = {(entry.question, entry.digest): entry.reason for entry in listed}
    tried = [_tried(mutant, graded[id(mutant)][0], reasons) for mutant in made]
    return AuditResult(
        slug=slug,
        ok=all(result.ok for result in known),
        isolation=mode,
        repeat=repeat,
        seconds=round(time.perf_counter() - start, 1),
        totals=add_up(known, tried),
        known=known,
        mutants=tried,
        stale=_stale(listed, tried),
    )


Plan = list[tuple[KnownResult | Mutant, Task]]
"""What is graded, in order: where the result goes, and the notebook."""


def _solution_and_blank(assignment: Assignment, secrets: list[str], only: str | None) -> Plan:
    """The whole assignment; with `only`, that question of it."""
    code = assignment.with_checks(only)
    asked = (only,) if only else ()
    points = round(sum(question.points for question in code), 4)
    solution = KnownResult(
        kind="solution", name="solution", sentence="The model solution.", points=points
    )
    blank = KnownResult(
        kind="blank", name="blank", sentence="The release, with nothing filled in.", points=points
    )
    plan: Plan = []
    for notebook in dict.fromkeys(question.notebook for question in code):
        plan += [(solution, Task(notebook, secret, only=asked)) for secret in secrets]
        plan.append((blank, Task(notebook, secrets[0], blank=True, only=asked)))
    return plan


def _plan_answer(
    answer: KnownAnswer, assignment: Assignment, secrets: list[str], in_process: bool
) -> Plan:
    """The notebooks in which it replaces a cell, whole; for a right answer then, with the other
    secrets, what depends on it (in process: itself alone).
    """
    own = assignment.questions[answer.question]
    result = KnownResult(
        kind=answer.kind,
        harm=answer.harm,
        name=answer.name,
        sentence=answer.sentence,
        question=answer.question,
        points=own.points,
    )
    replaced = {cell.question for cell in answer.cells}
    depend = tuple(
        each.name
        for each in assignment.with_checks()
        if replaced & {each.name, *(() if in_process else each.uses)}
    )
    plan: Plan = []
    for notebook in dict.fromkeys(
        assignment.questions[cell.question].notebook for cell in answer.cells
    ):
        plan.append((result, Task(notebook, secrets[0], answer.cells)))
        if answer.kind == "right":
            plan += [
                (result, Task(notebook, secret, answer.cells, only=depend))
                for secret in secrets[1:]
            ]
    return plan


def _mutant_task(mutant: Mutant, assignment: Assignment, secret: str) -> Task:
    notebook = assignment.questions[mutant.question].notebook
    return Task(
        notebook,
        secret,
        (Cell(mutant.question, mutant.source),),
        only=(mutant.question,),
        call_s=MUTANT_CALL_S,
    )


def _mutants(assignment: Assignment, root: Path, question: str | None) -> list[Mutant]:
    found = []
    for each in assignment.with_checks(question):
        cells = model_answers(root, assignment.slug, each.notebook)
        if each.name not in cells:
            raise CourseError(f"{each.notebook}.ipynb has no answer cell for {each.name}")
        found += mutants_of(each.name, cells[each.name])
    return found


def _collected(
    plan: Plan, done: Iterable[tuple[int, Graded]], progress: Callable[[], None] | None
) -> dict[int, list[Graded]]:
    """What came of every task, by the identity of what it was for, in the plan's order."""
    if expect := getattr(progress, "expect", None):
        expect(len(plan))
    by_index: dict[int, Graded] = {}
    for index, graded in done:
        by_index[index] = graded
        if progress:
            progress()
    found: dict[int, list[Graded]] = {id(subject): [] for subject, _ in plan}
    for index, (subject, _) in enumerate(plan):
        found[id(subject)].append(by_index[index])
    return found


def _unique(plan: Plan) -> list[KnownResult | Mutant]:
    return list({id(subject): subject for subject, _ in plan}.values())


def _known(result: KnownResult, graded: list[Graded]) -> KnownResult:
    result.seconds = round(sum(run.seconds for run in graded), 2)
    return judge(result, [run.questions for run in graded])


def _tried(mutant: Mutant, graded: Graded, reasons: dict[tuple[str, str], str]) -> MutantResult:
    (question,) = graded.questions
    failed = [check for check in question.checks if check.outcome == "failed"]
    result = MutantResult(
        question=mutant.question,
        operator=mutant.operator,
        line=mutant.line,
        digest=mutant.digest,
        diff=mutant.diff,
        verdict="survived",
        reason=reasons.get((mutant.question, mutant.digest), ""),
        checks=[check.name for check in failed],
        seconds=graded.seconds,
    )
    if question.score is None:
        result.verdict = "undecided"
    elif question.score < question.points:
        result.verdict, result.lost = "caught", round(question.points - question.score, 4)
        result.timeout = _only_timeouts(question)
    elif result.reason:
        result.verdict = "equivalent"
    return result


def _only_timeouts(question: QuestionResult) -> bool:
    from autograder.checks.judge import NOT_RUN

    return all(
        check.lost_worker or check.message == NOT_RUN
        for check in question.checks
        if check.outcome == "failed"
    )


def _stale(listed: list[Equivalent], tried: list[MutantResult]) -> list[Stale]:
    verdicts = {(mutant.question, mutant.digest): mutant.verdict for mutant in tried}
    found = []
    for entry in listed:
        verdict = verdicts.get((entry.question, entry.digest))
        if verdict is None:
            found.append(
                Stale(
                    question=entry.question,
                    digest=entry.digest,
                    problem="no mutant is like this any more: take it out",
                )
            )
        elif verdict != "equivalent":
            found.append(
                Stale(
                    question=entry.question,
                    digest=entry.digest,
                    problem=f"listed as equivalent, but {verdict}: take it out",
                )
            )
    return found
