"""Which of a student's attempts counts: the newest, by time or by number, never by letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from autograder.course.assignment import Assignment

_KINDS = ["graded", "ungraded", "blank", "rejected"]
CLOCKS = {
    "platform": "the learning platform's time",
    "manifest": "the manifest's time",
    "timestamp.txt": "timestamp.txt",
    "roster": "the roster's time",
}


@dataclass(frozen=True)
class Rival:
    """One attempt, as far as it decides which one counts."""

    folder: str
    """Its folder in `results/<slug>`, in which attempts of the same file name differ."""
    sha256: str
    number: tuple[int, ...]
    time: datetime | None
    """When it was handed in (UTC), by what is known of this very file."""
    source: str
    kind: Literal["graded", "ungraded", "blank", "rejected"]
    """ungraded: our side failed before any question had a result. blank: of a part, without any
    answer.
    """
    clock: tuple[str, str] = ("", "")
    """A learning platform, and its time without a zone; it orders the files of that platform."""
    marked_late: bool = False
    """The learning platform says that it is late."""


@dataclass(frozen=True)
class Choice:
    """The attempt that counts, why, and why each other one (by its folder) does not."""

    counts: Rival
    why: str
    others: dict[str, str]
    doubtful: bool = False
    """Nothing tells which of several is the newest: a person has to say."""


def choose(rivals: list[Rival], assignment: Assignment, due: datetime | None = None) -> Choice:
    """The attempt that counts, whatever the order of `rivals`. due: the student's own due date.

    What has no result never displaces what has one, nor does a part without any answer one with
    answers. A late attempt does not displace one that is
    not late, unless the course says so; an attempt whose time is unknown is not late. Among the
    rest the newest counts: by time where it is known for all of them, else by number.
    """
    best_kind = min((rival.kind for rival in rivals), key=_KINDS.index)
    pool = [rival for rival in rivals if rival.kind == best_kind]
    others = {rival.folder: _no_result(rival) for rival in rivals if rival.kind != best_kind}
    n_usable = len(pool)
    in_time = [rival for rival in pool if not is_late(rival, assignment, due)]
    if in_time and len(in_time) < len(pool) and not assignment.late_attempts_count:
        why = "late, and another is not"
        others |= {rival.folder: why for rival in pool if rival not in in_time}
        pool = in_time
    by_time = all(rival.time for rival in pool)
    if not by_time and _one_clock(pool):
        by_time = True
        pool = [replace(rival, time=_naive(rival.clock[1]), source="platform") for rival in pool]
    ordered = sorted(pool, key=lambda rival: _order(rival, by_time), reverse=True)
    best, rest = ordered[0], ordered[1:]
    others |= {rival.folder: _older(rival, best) for rival in rest}
    doubtful = bool(rest) and _equal(best, rest[0], by_time)
    late_ones = len(pool) < n_usable
    why = _why(best, rest, by_time, doubtful, len(rivals), late_ones)
    (counts,) = (rival for rival in rivals if rival.folder == best.folder)
    return Choice(counts, why, others, doubtful)


def is_late(rival: Rival, assignment: Assignment, due: datetime | None = None) -> bool:
    """By its time, or by the platform's mark, which is worth more than the clock of a student's
    computer but knows nothing of extensions. due: the student's own due date.
    """
    due = due or assignment.due
    if seconds_late(rival.time, due) > 0:
        return True
    known = rival.time is not None and (rival.source != "manifest" or due != assignment.due)
    return rival.marked_late and not known


def seconds_late(time: datetime | None, due: datetime | None) -> float:
    """Seconds after the due date; 0 when the time or the due date is unknown."""
    if time is None or due is None:
        return 0.0
    return max(0.0, (time - due).total_seconds())


def _one_clock(rivals: list[Rival]) -> bool:
    """Do all come from one platform, with its time?"""
    return len({rival.clock[0] for rival in rivals}) == 1 and all(
        rival.clock[1] for rival in rivals
    )


def _naive(text: str) -> datetime:
    """A time of unknown zone, good for comparing with others of the same zone."""
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def _order(rival: Rival, by_time: bool) -> tuple[object, ...]:
    time = rival.time.timestamp() if by_time and rival.time else 0.0
    return time, rival.number, _natural(rival.folder), rival.folder


def _natural(name: str) -> list[tuple[int, str]]:
    """A name for sorting, in which 2 comes before 10."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+|[0-9]+", name)
    return [(int(part), "") if part.isdecimal() and len(part) < 19 else (0, part) for part in parts]


def _equal(left: Rival, right: Rival, by_time: bool) -> bool:
    same = (not by_time or left.time == right.time) and left.number == right.number
    return same and left.sha256 != right.sha256


def _older(rival: Rival, best: Rival) -> str:
    same = rival.sha256 and rival.sha256 == best.sha256
    return "the same file" if same else f"older than {best.folder}"


def _no_result(rival: Rival) -> str:
    told = {"rejected": "rejected", "blank": "no answer in it"}
    return told.get(rival.kind, "not graded: our side failed")


def _why(
    best: Rival, rest: list[Rival], by_time: bool, doubtful: bool, n_rivals: int, late_ones: bool
) -> str:
    if n_rivals == 1:
        return "the only one"
    if doubtful:
        return "the last by name (neither time nor number shows which is the newest)"
    if not rest:
        return "the only one that is not late" if late_ones else "the only one with a result"
    if by_time and best.time != rest[0].time:
        sources = {rival.source for rival in (best, *rest)}
        clock = CLOCKS[best.source] if len(sources) == 1 else "hand-in time"
        return f"the newest by {clock}"
    if best.number == rest[0].number:
        return "the same file twice"
    number = " ".join(map(str, best.number))
    return f"the highest number in its name ({number})"
