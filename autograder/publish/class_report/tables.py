"""The class report as CSV files, for spreadsheets and other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.publish.class_report.content import ClassReport
from autograder.publish.csv_files import Value, csv_text

QUESTIONS = [
    *("assignment", "question", "title", "notebook", "kind", "points", "bonus", "answered"),
    *("blank", "scored", "waiting", "mean", "difficulty", "full_share", "discrimination"),
    *("discrimination_undefined", "median_seconds", "most_seconds"),
]
CHECKS = [
    *("assignment", "question", "check", "title", "spoils", "judged", "failed", "share_failed"),
    *("misconception", "misconception_students"),
]
MISCONCEPTIONS = [
    *("assignment", "question", "id", "name", "known_wrong_answers", "sentence", "sure"),
    *("similarity", "share", "fits_as_well"),
]


def csv_texts(report: ClassReport) -> dict[str, str]:
    """By the name of the table: `questions`, `checks`, `misconceptions`."""
    return {
        "questions": csv_text(QUESTIONS, _questions(report)),
        "checks": csv_text(CHECKS, _checks(report)),
        "misconceptions": csv_text(MISCONCEPTIONS, _misconceptions(report)),
    }


def _questions(report: ClassReport) -> Iterator[Sequence[Value]]:
    for one in report.questions:
        seconds = one.seconds
        yield [
            *(report.slug, one.name, one.title, one.notebook, one.kind, one.points, one.bonus),
            *(one.n_answered, one.n_blank, one.n_scored, one.n_waiting),
            *(one.mean, one.difficulty, one.full_share),
            *(one.discrimination.value, one.discrimination.why),
            *((seconds.median, seconds.most) if seconds else (None, None)),
        ]


def _checks(report: ClassReport) -> Iterator[Sequence[Value]]:
    likely = {(one.question, one.check.name): one for one in report.failing}
    for question in report.questions:
        for check in question.checks:
            found = likely.get((question.name, check.name))
            yield [
                *(report.slug, question.name, check.name, check.title, check.spoils),
                *(check.n, check.n_failed, check.share if check.n else None),
                *((found.misconception, found.n_misconception) if found else ("", 0)),
            ]


def _misconceptions(report: ClassReport) -> Iterator[Sequence[Value]]:
    for question in report.misconceptions:
        for group in question.groups:
            for one in group.students:
                student = one.student.standing.student
                yield [
                    *(report.slug, question.name, student.id, student.name),
                    " ".join(answer.name for answer in group.answers),
                    " / ".join(answer.sentence for answer in group.answers),
                    *(one.match.sure, one.match.similarity, one.match.share, one.match.n_alike),
                ]
