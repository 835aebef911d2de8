"""What an audit finds, as plain data for JSON: one entry for each answer and each mutant that was
graded, and the totals.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from autograder.audit.known import Harm
from autograder.checks.aspects import KEPT
from autograder.publish.told import told
from autograder.report import QuestionResult

SCHEMA = 2
Kind = Literal["solution", "blank", "wrong", "right"]


class Told(msgspec.Struct, kw_only=True):
    """One check that did not pass: what a student reads of it (`title`, `message`), and what only
    staff may (`staff`).
    """

    question: str
    check: str
    title: str
    message: str = ""
    staff: str = ""


class KnownResult(msgspec.Struct, kw_only=True):
    """A notebook whose worth is known: the model solution, the blank release, or the solution with
    one wrong or right answer in it.
    """

    kind: Kind
    name: str
    sentence: str
    question: str = ""
    """Whose answer was replaced; empty for the solution and the blank release, which stand for all
    code questions.
    """
    harm: Harm = ""
    """Of a wrong answer, how bad its mistake is. What it keeps at most: `aspects.KEPT`."""
    points: float
    lost: float = 0.0
    """Points lost on its own question (on all of them, without one). Of several runs, the worst."""
    collateral: dict[str, float] = {}
    """Points lost on other questions, by question; in the solution and the blank release, those
    lost on each.
    """
    undecided: list[str] = []
    """Questions that our side could not grade."""
    gained: dict[str, float] = {}
    """Points that the blank release got, by question."""
    runs: int = 1
    share: float = 1.0
    """Of the points of its own question, what it kept."""
    verdict: str = ""
    """caught, kept or empty-handed when all is well; else survived, keeps too much, collateral,
    loses, gains or undecided.
    """
    ok: bool = False
    told: list[Told] = []
    read: list[str] = []
    """What a student reads of its own question, a line each."""
    notes: list[str] = []
    seconds: float = 0.0


class MutantResult(msgspec.Struct, kw_only=True):
    """One mutant of a model solution: what was changed, and whether a check noticed."""

    question: str
    operator: str
    line: int
    digest: str
    diff: str
    verdict: Literal["caught", "survived", "equivalent", "undecided"]
    reason: str = ""
    """Why it is listed as equivalent; a listed mutant that is caught all the same is a mistake in
    the list.
    """
    lost: float = 0.0
    timeout: bool = False
    """Nothing but time limits caught it."""
    checks: list[str] = []
    seconds: float = 0.0


class Stale(msgspec.Struct, kw_only=True):
    """An entry of equivalent.toml that does not hold: no mutant is like it any more, or the checks
    catch that mutant.
    """

    question: str
    digest: str
    problem: str


class Totals(msgspec.Struct, kw_only=True):
    """Counts over one assignment; shares are in 0..1, None where there is nothing to count."""

    wrong: int = 0
    wrong_caught: int = 0
    wrong_share: float | None = None
    within_limits: int = 0
    """Wrong answers that keep no more than a mistake of their kind may."""
    spoils: int = 0
    spoils_kept: float | None = None
    """The mean share of the points that answers keep whose mistake spoils something."""
    corner: int = 0
    corner_kept: float | None = None
    right: int = 0
    right_kept: int = 0
    right_share: float | None = None
    collateral: float = 0.0
    """Points that wrong answers cost on questions that are not theirs."""
    mutants: int = 0
    mutants_equivalent: int = 0
    mutants_caught: int = 0
    mutants_share: float | None = None
    """Caught, of those that are not equivalent."""


class AuditResult(msgspec.Struct, kw_only=True):
    """The audit of one assignment. `ok` is what the exit status says; surviving mutants and stale
    entries do not change it.
    """

    schema: int = SCHEMA
    slug: str
    ok: bool
    isolation: str
    repeat: int
    seconds: float
    totals: Totals
    known: list[KnownResult]
    mutants: list[MutantResult] = []
    stale: list[Stale] = []


def judge(result: KnownResult, runs: list[list[QuestionResult]]) -> KnownResult:
    """Fill in what was lost where, over all runs of one notebook, and whether that is what its kind
    deserves.
    """
    losses: dict[str, float] = {}
    for question in (question for run in runs for question in run):
        if question.score is None:
            result.undecided = sorted({*result.undecided, question.name})
        elif question.score < question.points:
            losses[question.name] = max(
                losses.get(question.name, 0.0), round(question.points - question.score, 4)
            )
        if result.kind == "blank" and question.score:
            result.gained[question.name] = question.score
    result.runs = len(runs)
    result.told = _told(runs)
    result.read = _read(result, runs)
    result.notes = list(
        dict.fromkeys(note for run in runs for question in run for note in question.notes)
    )
    if result.question:
        result.lost = losses.pop(result.question, 0.0)
    else:
        result.lost = round(sum(losses.values()), 4)
    result.collateral = losses
    result.share = round(1 - result.lost / result.points, 4) if result.points else 1.0
    result.verdict, result.ok = _verdict(result)
    return result


def _verdict(result: KnownResult) -> tuple[str, bool]:
    if result.undecided:
        return "undecided", False
    if result.kind == "blank":
        return ("empty-handed", True) if result.lost == result.points else ("gains", False)
    if result.kind == "wrong":
        if not result.lost:
            return "survived", False
        if result.collateral:
            return "collateral", False
        return ("caught", True) if _within_limit(result) else ("keeps too much", False)
    return ("loses", False) if result.lost or result.collateral else ("kept", True)


def _within_limit(result: KnownResult) -> bool:
    """Whether a wrong answer keeps no more than a mistake like it may; shares are rounded."""
    return result.share <= KEPT.get(result.harm, 1.0) + 1e-4


def _read(result: KnownResult, runs: list[list[QuestionResult]]) -> list[str]:
    """What a student reads in the first run that lost points on the answer's own question."""
    for question in (question for run in runs for question in run):
        lost = question.score is not None and question.score < question.points
        if question.name == result.question and lost:
            return told(question)
    return []


def _told(runs: list[list[QuestionResult]]) -> list[Told]:
    """Each check that did not pass, once, as it was put in the first run where it did not."""
    seen: dict[tuple[str, str], Told] = {}
    for question in (question for run in runs for question in run):
        for check in question.checks:
            if check.outcome != "passed":
                told = Told(
                    question=question.name,
                    check=check.name,
                    title=check.title,
                    message=check.message,
                    staff=check.staff,
                )
                seen.setdefault((question.name, check.name), told)
    return list(seen.values())


def add_up(known: list[KnownResult], mutants: list[MutantResult]) -> Totals:
    wrong = [result for result in known if result.kind == "wrong"]
    shares = {
        harm: [result.share for result in wrong if result.harm == harm]
        for harm in ("spoils", "corner")
    }
    right = [result for result in known if result.kind == "right"]
    totals = Totals(
        wrong=len(wrong),
        wrong_caught=sum(result.lost > 0 and not result.undecided for result in wrong),
        within_limits=sum(result.lost > 0 and _within_limit(result) for result in wrong),
        spoils=len(shares["spoils"]),
        spoils_kept=_mean(shares["spoils"]),
        corner=len(shares["corner"]),
        corner_kept=_mean(shares["corner"]),
        right=len(right),
        right_kept=sum(result.ok for result in right),
        collateral=round(sum(sum(result.collateral.values()) for result in wrong), 4),
        mutants=len(mutants),
        mutants_equivalent=sum(mutant.verdict == "equivalent" for mutant in mutants),
        mutants_caught=sum(mutant.verdict == "caught" for mutant in mutants),
    )
    totals.wrong_share = _share(totals.wrong_caught, totals.wrong)
    totals.right_share = _share(totals.right_kept, totals.right)
    totals.mutants_share = _share(totals.mutants_caught, totals.mutants - totals.mutants_equivalent)
    return totals


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
