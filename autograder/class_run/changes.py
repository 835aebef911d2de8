"""Whose score moved when a class was graded again: by how much, and on which check. Kept in
`results/<slug>/changes.jsonl`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.report import Outcome, QuestionResult, Report

CHANGES = "changes.jsonl"


class CheckChange(msgspec.Struct, kw_only=True):
    """One hidden check whose outcome or weight is not what it was. None: the check was not
    there.
    """

    name: str
    title: str
    before: Outcome | None
    after: Outcome | None


class Change(msgspec.Struct, kw_only=True):
    """One score that moved. `question` is empty where the whole submission has no scores any more
    (it is now rejected, say).
    """

    at: datetime
    file: str
    id: str
    name: str
    why: str
    question: str
    before: float | None
    """Points; None while a person had to grade it."""
    after: float | None
    points: float
    checks: list[CheckChange] = []
    was_graded_at: str = ""


def compare(before: Report, after: Report, why: str) -> list[Change]:
    """The scores that moved between two reports on one student. A first grading moves nothing; nor
    does the report on somebody else.
    """
    if before.student.id != after.student.id or not before.questions:
        return []
    now = datetime.now(UTC)

    def change(
        question: str,
        old: float | None,
        new: float | None,
        points: float,
        checks: list[CheckChange],
    ) -> Change:
        who = after.student
        return Change(
            at=now,
            file=after.file,
            id=who.id,
            name=who.name,
            why=why,
            question=question,
            before=old,
            after=new,
            points=points,
            checks=checks,
            was_graded_at=before.graded_at,
        )

    if not after.questions:
        return [change("", before.totals.auto, None, before.totals.auto_max, [])]
    earlier = {question.name: question for question in before.questions}
    later = {question.name: question for question in after.questions}
    moved = []
    for name in {**later, **earlier}:
        old, new = earlier.get(name), later.get(name)
        scores = old.score if old else None, new.score if new else None
        if scores[0] != scores[1]:
            shown = new or old
            assert shown is not None
            moved.append(change(name, *scores, shown.points, _checks(old, new)))
    return moved


def _checks(before: QuestionResult | None, after: QuestionResult | None) -> list[CheckChange]:
    """The checks that moved the score: those with another outcome; where there are none, those with
    another weight.
    """
    earlier = {check.name: check for check in before.checks} if before else {}
    later = {check.name: check for check in after.checks} if after else {}
    outcomes, weights = [], []
    for name, shown in {**earlier, **later}.items():
        old, new = earlier.get(name), later.get(name)
        change = CheckChange(
            name=name,
            title=shown.title,
            before=old.outcome if old else None,
            after=new.outcome if new else None,
        )
        if change.before != change.after:
            outcomes.append(change)
        elif old and new and old.weight != new.weight:
            weights.append(change)
    return outcomes or weights


def append(folder: Path, changes: Iterable[Change]) -> None:
    """Add lines to `folder/changes.jsonl`. Before the report is written: a run killed between the
    two says it twice, never not at all.
    """
    data = b"".join(msgspec.json.encode(change) + b"\n" for change in changes)
    if not data:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with open(
        os.open(folder / CHANGES, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640), "r+b"
    ) as stream:
        whole = stream.read()
        if whole and not whole.endswith(b"\n"):  # the half line of a killed run
            stream.truncate(whole.rfind(b"\n") + 1)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def since(folder: Path, start: datetime) -> list[Change]:
    """The changes in `folder/changes.jsonl` from `start` on, each once, in the order in which they
    came. Half a line is left out.
    """
    try:
        lines = (folder / CHANGES).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    found: dict[tuple[object, ...], Change] = {}
    for line in lines:
        try:
            change = msgspec.json.decode(line, type=Change)
        except msgspec.MsgspecError:
            continue
        if change.at >= start:
            found[
                change.file, change.question, change.was_graded_at, change.before, change.after
            ] = change
    return list(found.values())
