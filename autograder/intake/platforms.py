"""Learning platforms by the names that they give to files and folders in a bulk download.

| platform | name |
| --- | --- |
| Canvas | `lovelaceada_LATE_12345_67890_Ada_Lovelace_vae.zip` |
| Moodle | `Ada Lovelace_123_assignsubmission_file/X.zip`, or `..._file_X.zip` |
| Blackboard | `Assignment 1_al1815_attempt_2026-12-01-13-45-10_X.zip` |
| Brightspace | `12345-67890 - Ada Lovelace - Dec 1, 2026 1103 PM - X.zip`, or a folder |
| Gradescope | `submission_1/`, next to a `submission_metadata.yml` (gradescope.py) |

A platform knows who uploaded a file, so its word counts more than the student's own. The outermost
name decides: what is inside of it a student could have named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import get_args

import msgspec

from autograder.intake.untrusted_text import SAFE_ID, clean
from autograder.report import Platform, Sender

PLATFORMS: tuple[Platform, ...] = get_args(Platform)
MAX_CHARS = 300
"""Longer names are no platform's: the file systems of this world end at 255."""

_CANVAS = re.compile(
    r"(?P<name>[^\W_A-Z][^_A-Z]*)_(?P<late>LATE_)?(?P<account>\d{1,12})_\d{1,12}_(?P<file>.+)"
)
_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<account>\d{1,12})_assignsubmission_(?P<kind>file|onlinetext)"
    r"(?:_(?P<file>.*))?"
)
_BLACKBOARD = re.compile(
    r"(?P<account>.+_(?P<id>[^_]+))_attempt_"
    r"(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_(?P<file>.+)|(?P<text>\.txt))"
)
_BRIGHTSPACE = re.compile(
    r"(?P<account>\d{1,12})-\d{1,12} - (?P<name>.+?) - "
    r"(?P<time>[A-Z][a-z]{2,8} \d{1,2}, \d{4} \d{1,2}:?\d\d [AP]M)(?: - (?P<file>.+))?"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def sender_of(name: str, only: Platform | None = None) -> Sender | None:
    """Who uploaded a file (or a whole folder), by its own name; None if no platform names it so.

    The `file` of a folder's sender is empty. only: the one platform to think of.
    """
    if len(name) > MAX_CHARS:
        return None
    for platform, read in _READERS.items():
        if only in (None, platform) and (sender := read(name)):
            return sender
    return None


def is_text_of_platform(name: str) -> bool:
    """Is it what a platform writes about a submission (a comment, an online text), and none?"""
    moodle = _MOODLE.fullmatch(name)
    blackboard = _BLACKBOARD.fullmatch(name)
    return bool(
        (moodle and moodle["kind"] == "onlinetext") or (blackboard and blackboard["text"])
    ) or name in ("index.html", "submission_metadata.yml")


def _canvas(name: str) -> Sender | None:
    if not (found := _CANVAS.fullmatch(name)):
        return None
    return Sender(
        platform="canvas",
        file=found["file"],
        name=clean(found["name"], 100),
        account=found["account"],
        late=bool(found["late"]),
    )


def _moodle(name: str) -> Sender | None:
    if not (found := _MOODLE.fullmatch(name)) or found["kind"] != "file":
        return None
    person = clean(found["name"], 100)
    return Sender(
        platform="moodle",
        file=found["file"] or "",
        # of an anonymous assignment everybody is a `Participant`
        name="" if person in ("Participant", "Teilnehmer/in", "Participante") else person,
        account=found["account"],
    )


def _blackboard(name: str) -> Sender | None:
    if not (found := _BLACKBOARD.fullmatch(name)) or found["text"]:
        return None
    return Sender(
        platform="blackboard",
        file=found["file"],
        id=found["id"] if SAFE_ID.match(found["id"]) else "",
        # with the assignment's name, since a user name may have `_` in it
        account=clean(found["account"], 200),
        time=_time(found["time"], "%Y-%m-%d-%H-%M-%S"),
    )


def named_by_text(sender: Sender, text: str) -> Sender:
    """Blackboard's sender with name and user name from the first line of the `.txt` next to it.

    The lines that follow may be the student's: only `Name: Ada Lovelace (al1815)` is read.
    """
    found = re.match(r"\ufeff?Name: (.{1,100}?) \(([^()\n]{1,64})\)\s*\n", text)
    if not found or not sender.account.endswith(f"_{found[2]}"):
        return sender
    student_id = found[2] if SAFE_ID.match(found[2]) else sender.id
    return msgspec.structs.replace(sender, name=clean(found[1], 100), id=student_id)


def _brightspace(name: str) -> Sender | None:
    if not (found := _BRIGHTSPACE.fullmatch(name)):
        return None
    month, rest = found["time"].replace(":", "").split(" ", 1)
    day, year, clock, half = rest.replace(",", "").split(" ")
    number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else 0
    return Sender(
        platform="brightspace",
        file=found["file"] or "",
        name=clean(found["name"], 100),
        account=found["account"],
        time=_time(f"{year}-{number}-{day} {clock.zfill(4)} {half}", "%Y-%m-%d %I%M %p"),
    )


def _time(text: str, form: str) -> str:
    """A time without a zone as `2026-12-01T13:45:10`; empty if there is no such time."""
    try:
        return datetime.strptime(text, form).isoformat()
    except ValueError:
        return ""


_READERS: dict[Platform, Callable[[str], Sender | None]] = {
    "moodle": _moodle,
    "blackboard": _blackboard,
    "brightspace": _brightspace,
    "canvas": _canvas,
}
