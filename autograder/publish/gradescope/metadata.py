"""`submission_metadata.json`: who uploaded a submission to Gradescope, with whom, when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.intake.gradescope_metadata import first_members
from autograder.intake.hand_in_time import iso, parse_time
from autograder.intake.untrusted_text import clean
from autograder.report import Member, Sender

MAX_CHARS = 200


def read_sender(file: Path, name: str) -> Sender:
    """The sender, as much as can be read: a file that is missing or odd stops no grading.

    name: of the file that was handed in. The first user stands for the group.
    """
    try:
        told = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        told = {}
    told = told if isinstance(told, dict) else {}
    people = [
        Member(id=_text(one.get("sid")), name=_text(one.get("name")), email=_text(one.get("email")))
        for one in first_members(told.get("users"))
        if isinstance(one, dict)
    ]
    first = people[0] if people else Member()
    return Sender(
        platform="gradescope",
        file=name,
        name=first.name,
        id=first.id,
        email=first.email,
        account=first.email or first.id,
        time=_time(told.get("created_at")),
        group=people if len(people) > 1 else [],
    )


def _text(value: Any) -> str:
    return clean(str(value), MAX_CHARS) if isinstance(value, str | int) else ""


def _time(value: Any) -> str:
    """`2018-07-01T14:22:32.365935-07:00` in UTC; empty if it cannot be read."""
    if not isinstance(value, str):
        return ""
    time = parse_time(value)
    return iso(time.replace(microsecond=0)) if time else ""
