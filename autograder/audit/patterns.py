"""Which checks each known wrong answer fails, and how: made once and kept in a file, since it takes
minutes for an assignment. The class report compares what students fail with it.

The answers are graded with the course's secret, as students are, and in this process: they are the
course's own. A question is graded again only when its checks or its known answers have changed.
The file is for staff: it holds what reports hold for staff.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from autograder.atomic_write import write_atomically
from autograder.audit.failures import Failure, failures_of
from autograder.audit.known import FILE, KnownAnswer, check_question, known_answers
from autograder.course.assignment import Assignment, load, suites_folder
from autograder.course.secret import course_secret
from autograder.errors import AutograderError
from autograder.grading.digests import digests
from autograder.report import QuestionResult

SCHEMA = 1
FOLDER = Path("build") / "patterns"


class AnswerPattern(msgspec.Struct, kw_only=True):
    """What one known wrong answer fails."""

    name: str
    share: float
    """Of the question's points, what it keeps."""
    failed: dict[str, Failure]


class QuestionPatterns(msgspec.Struct, kw_only=True):
    """All known wrong answers of a question. `key`: of the checks and answers that it is made
    from.
    """

    key: str
    answers: list[AnswerPattern]


class Patterns(msgspec.Struct, kw_only=True):
    """Of one assignment, by question."""

    schema: int = SCHEMA
    slug: str
    questions: dict[str, QuestionPatterns] = {}


def pattern_file(root: Path, slug: str) -> Path:
    return root / FOLDER / f"{slug}.json"


def read_patterns(root: Path, slug: str) -> Patterns:
    """The patterns that are kept; none where there is no file, or one of another schema.

    Raises AutograderError that names the file when it cannot be read.
    """
    file = pattern_file(root, slug)
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Patterns)
    except FileNotFoundError:
        return Patterns(slug=slug)
    except (OSError, msgspec.MsgspecError) as error:
        raise AutograderError(
            f"{file} cannot be read ({error}). Remove it, and run `autograder audit {slug} "
            "--patterns`"
        ) from error
    return found if found.schema == SCHEMA and found.slug == slug else Patterns(slug=slug)


def pattern_keys(root: Path, assignment: Assignment) -> dict[str, str]:
    """By question with known wrong answers, the key that up-to-date patterns have."""
    own = digests(assignment.slug, root).questions
    asked = {one.question for one in known_answers(root, assignment) if one.kind == "wrong"}
    folder = suites_folder(root) / assignment.slug
    return {
        name: hashlib.sha256(own[name].encode() + (folder / name / FILE).read_bytes()).hexdigest()
        for name in assignment.questions
        if name in asked
    }


def make_patterns(
    slug: str,
    root: Path,
    question: str | None = None,
    *,
    progress: Callable[[], None] | None = None,
    expect: Callable[[int], None] | None = None,
) -> tuple[Path, int]:
    """Grade the known wrong answers whose patterns are missing or out of date; the file, and how
    many were graded. What is done is kept when it is stopped.

    Raises UsageError for an unknown assignment or question, CourseError when a known answer is not
    in order.
    """
    assignment = load(slug, root)
    check_question(assignment, question)
    file, kept = pattern_file(root, slug), read_patterns(root, slug)
    keys = pattern_keys(root, assignment)
    wrong: dict[str, list[KnownAnswer]] = {}
    for answer in known_answers(root, assignment, question):
        if answer.kind == "wrong" and not _up_to_date(kept, keys, answer.question):
            wrong.setdefault(answer.question, []).append(answer)
    total = sum(map(len, wrong.values()))
    if expect:
        expect(total)
    results = _graded(root, assignment, [one for answers in wrong.values() for one in answers])
    kept.questions = {name: one for name, one in kept.questions.items() if name in keys}
    for name, answers in wrong.items():
        found = []
        for answer in answers:
            found.append(_pattern(answer, next(results)))
            if progress:
                progress()
        kept.questions[name] = QuestionPatterns(key=keys[name], answers=found)
        write_atomically(file, msgspec.json.format(msgspec.json.encode(kept), indent=1))
    return file, total


def _up_to_date(kept: Patterns, keys: Mapping[str, str], question: str) -> bool:
    found = kept.questions.get(question)
    return found is not None and found.key == keys[question]


def _graded(
    root: Path, assignment: Assignment, answers: list[KnownAnswer]
) -> Iterator[QuestionResult]:
    """What comes of each on its own question, one after the other."""
    from autograder.audit.grading import Task
    from autograder.audit.in_process import grade_in_process

    secret = course_secret(root)
    tasks = [
        Task(assignment.questions[one.question].notebook, secret, one.cells, only=(one.question,))
        for one in answers
    ]
    for _, graded in grade_in_process(tasks, root, assignment.slug):
        (result,) = graded.questions
        yield result


def _pattern(answer: KnownAnswer, result: QuestionResult) -> AnswerPattern:
    score = result.score or 0.0
    return AnswerPattern(
        name=answer.name,
        share=round(score / result.points, 4) if result.points else 0.0,
        failed=failures_of(result.checks),
    )
