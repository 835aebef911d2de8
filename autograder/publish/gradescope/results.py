"""A report as Gradescope's results.json. Nothing that is for staff is in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autograder.course.assignment import Assignment
from autograder.grading.visible import PASS
from autograder.intake.untrusted_text import clean
from autograder.publish.told import not_counted, told
from autograder.report import QuestionResult, Report

MAX_LINE_CHARS = 1000
MAX_LINES = 40


def results_of(
    report: Report, verdicts: Mapping[str, str], assignment: Assignment, seconds: float
) -> dict[str, Any]:
    """The content of results.json.

    verdicts: by question, what its visible checks say. The score is of code and quality questions,
    bonus included. The visible checks have no points and show at once; the hidden ones, with the
    score, when the course says so. A rejected file has score 0 and the reason.
    """
    auto = [question for question in report.questions if question.autograded]
    tests = [*_visible(auto, verdicts), *(_hidden(one, assignment) for one in auto)]
    results: dict[str, Any] = {
        "score": _number(report.totals.auto + report.totals.bonus),
        "execution_time": round(seconds),
        "output": "\n".join(_output(report)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    if assignment.gradescope.leaderboard:
        results["leaderboard"] = [
            {"name": one.title, "value": _number(one.quality.value), "order": _order(one)}
            for one in auto
            if one.quality is not None and one.quality.value is not None
        ]
    return results


def for_staff(report: Report) -> list[str]:
    """What goes to stdout, which only staff see: identity, isolation, what went wrong on our
    side.
    """
    student, sender = report.student, report.sender
    lines = [f"{report.status}: {student.id} {student.name}".rstrip()]
    if report.message:
        lines.append(report.message)
    if student.contradictions and sender:
        lines.append(
            f"The manifest names {student.claimed_id or 'nobody'}, but Gradescope says that "
            f"{sender.name or sender.email or 'somebody else'} uploaded it. The score goes to "
            "Gradescope's user"
        )
    if student.group or (sender and sender.group):
        group = sender.group if sender and sender.group else student.group
        lines.append(f"Group: {', '.join(one.email or one.name or one.id for one in group)}")
    lines.append(f"Isolation of student code: {report.isolation or 'no code was run'}")
    if report.isolation.startswith("Landlock"):
        lines.append(
            "This container has no user namespaces, so a weaker isolation was used "
            "(docs/gradescope.md)"
        )
    return [clean(line, MAX_LINE_CHARS) for line in [*lines, *report.staff_notes]]


def _output(report: Report) -> list[str]:
    lines = [report.message, *report.notes]
    n_ungraded = sum(one.outcome == "ungraded" for one in report.questions)
    if n_ungraded:
        lines.append(f"{n_ungraded} questions need manual review by staff: their score is open.")
    if any(one.outcome == "manual" for one in report.questions):
        lines.append("Written answers and experiments are marked by people, and are not in here.")
    return [clean(line, MAX_LINE_CHARS) for line in lines if line][:MAX_LINES]


def _visible(questions: list[QuestionResult], verdicts: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{one.title}: visible checks",
            "status": "passed" if verdicts[one.name] == PASS else "failed",
            "output": clean(verdicts[one.name], MAX_LINE_CHARS),
            "visibility": "visible",
        }
        for one in questions
        if one.name in verdicts
    ]


def _hidden(question: QuestionResult, assignment: Assignment) -> dict[str, Any]:
    lines = told(question)
    if question.blank and question.kind != "quality":
        lines = ["No answer."]
    if not question.counts:
        lines = [
            *(
                not_counted(choice, blank=question.blank)
                for choice in assignment.choices
                if question.name in choice.questions
            ),
            *lines,
        ]
    full = question.score is not None and question.score >= question.points
    test = {
        "name": f"{question.title} ({question.name})" + (", bonus" if question.bonus else ""),
        "score": _number(question.score or 0.0),
        "max_score": _number(question.points),
        "status": "passed" if full else "failed",
        "output": "\n".join(clean(line, MAX_LINE_CHARS) for line in lines[:MAX_LINES]),
        "visibility": assignment.gradescope.hidden,
    }
    if question.outcome == "ungraded":
        test["output"] = "This question needs manual review by staff: its score is open."
    return test


def _order(question: QuestionResult) -> str:
    """Which value is the better one, by the thresholds."""
    assert question.quality is not None
    return "asc" if question.quality.full < question.quality.half else "desc"


def _number(value: float) -> float:
    return round(value, 6) if math.isfinite(value) else 0.0
