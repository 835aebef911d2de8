"""What an attack deserves, what came of it, and whether that is well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from autograder.report import Report
from tests.hostile.attack import HONEST, Attack
from tests.hostile.course import LIMITS
from tests.hostile.student_code import WON

STAFF_FIELDS = frozenset({"staff", "staff_notes", "suite_sha256", "isolation"})
"""What no student may see of a report (docs/report-schema.md)."""

SLOWEST_S = LIMITS["submission_s"] + 60.0
"""More time than its own limit, and the start of a sandbox, give no attack: beyond that it keeps
the grader itself busy.
"""


@dataclass
class Verdict:
    """One attack (or honest neighbour). `problems` is empty when all is well; `came` says in words
    what came of it.
    """

    name: str
    family: str
    gain: str
    deserved: str
    came: str = ""
    seconds: float = 0.0
    cost_s: float = 0.0
    """Seconds of its neighbours (neighbours.py)."""
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def visible(value: Any) -> Any:
    """A report, as plain data, without what only staff may see."""
    if isinstance(value, dict):
        return {key: visible(item) for key, item in value.items() if key not in STAFF_FIELDS}
    return [visible(item) for item in value] if isinstance(value, list) else value


def judge(attack: Attack, report: Report | None) -> Verdict:
    """Is the score what the honest part deserves, and does the report call out nothing that was
    gained?
    """
    verdict = Verdict(attack.name, attack.family, attack.gain, _deserved(attack, report))
    if report is None:
        verdict.problems.append("there is no report")
        return verdict
    verdict.came, verdict.seconds = _came(report), report.seconds
    if report.seconds > SLOWEST_S:
        verdict.problems.append(f"the grader was busy with it for {report.seconds:.0f} s")
    if report.status != attack.outcome:
        verdict.problems.append(
            f"the report says {report.status}: {report.message} {'; '.join(report.staff_notes)}"[
                :300
            ]
        )
    for question in report.questions:
        if not question.autograded or attack.outcome == "rejected":
            continue
        if attack.outcome == "ungraded" and question.outcome == "ungraded":
            continue
        honest = question.name in HONEST
        least = question.points if honest and question.name not in attack.spoilt else 0.0
        most = question.points if honest else 0.0
        if question.score is None or not least <= question.score <= most:
            verdict.problems.append(
                f"{question.name} has {question.score} points instead of {least:g}"
                + (f" to {most:g}" if most > least else "")
            )
    if attack.outcome == "rejected" and (report.totals.auto or report.totals.bonus):
        verdict.problems.append("a rejected submission has points")
    text = msgspec.json.encode(visible(msgspec.to_builtins(report))).decode()
    if WON in text:
        verdict.problems.append(
            "it reached " + text.split(WON, 1)[1].split('"')[0].replace(WON, ", ")[:200]
        )
    return verdict


def judge_neighbour(name: str, report: Report | None) -> Verdict:
    """An honest neighbour has full marks, whoever was graded before it."""
    verdict = Verdict(name, "neighbour", "nothing: all answers are right", "all points")
    if report is None:
        verdict.problems.append("there is no report")
        return verdict
    verdict.came, verdict.seconds = _came(report), report.seconds
    lost = [
        f"{question.name} {question.score}"
        for question in report.questions
        if question.kind == "code" and question.score != question.points
    ]
    if report.status != "graded" or lost or not report.questions:
        verdict.problems.append(
            f"{report.status} {report.message} {'; '.join(report.staff_notes)[:200]} lost: "
            f"{', '.join(lost)}"[:400]
        )
    return verdict


def canaries_in(data: bytes, canaries: dict[str, str]) -> list[str]:
    """Which canaries stand in what a student can see."""
    return [kind for kind, canary in canaries.items() if canary.encode() in data]


def _deserved(attack: Attack, report: Report | None) -> str:
    if attack.outcome == "rejected":
        return "rejected"
    points = {question.name: question.points for question in report.questions} if report else {}
    most = sum(points.get(name, 0.0) for name in HONEST)
    least = most - sum(points.get(name, 0.0) for name in attack.spoilt)
    return f"{most:g}" if least == most else f"{least:g} to {most:g}"


def _came(report: Report) -> str:
    if report.status == "rejected":
        return f"rejected: {report.message}"
    said = [
        check.message for question in report.questions for check in question.checks if check.message
    ] + report.notes
    said = [message for message in said if message != "there is no answer yet"] or [""]
    return f"{report.totals.auto:g}: {report.message or said[0]}"
