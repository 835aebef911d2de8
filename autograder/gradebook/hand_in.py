"""`submitted/<student>/<slug>/timestamp.txt`: when it was handed in, for nbgrader and formgrader.

formgrader compares it with the database: no file and no time there are equal, too. Its parser takes
`+0100` for 100 seconds and an unknown zone for UTC, so it only gets to see UTC.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.gradebook.memory import Memory, recall
from autograder.intake.hand_in_time import parse_time
from autograder.intake.roster import key
from autograder.intake.untrusted_text import clean

FILE = "timestamp.txt"
AS_GIVEN = "timestamp_as_given.txt"
"""What somebody wrote, where it had to make way: it stays for people."""


def times_of_others(out: Path, slug: str) -> dict[str, datetime]:
    """By `roster.key` of the student's folder, the times that others than we put on record."""
    found = {}
    for file in sorted((out / "submitted").glob(f"*/{slug}/{FILE}")):
        if time := parse_time(text_of_others(file.parent, recall(file.parent)), UTC):
            found[key(file.parent.parent.name)] = time
    return found


def text_of_others(folder: Path, memory: Memory) -> str:
    """What others than we wrote into a submission's `timestamp.txt`; empty when it is ours."""
    text = text_in(folder / FILE)
    return "" if text in memory.our_timestamps() else text


def text_in(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig", errors="replace").strip() if file.is_file() else ""


@dataclass(frozen=True)
class HandIn:
    """The time that a submission counts with (UTC; None where nobody knows), and who wrote it.

    others: it stands in `timestamp.txt` already, and was put there by others than us.
    """

    time: datetime | None = None
    others: bool = False

    @property
    def text(self) -> str:
        """As it is written into the file; empty: no file."""
        return f"{self.naive:%Y-%m-%d %H:%M:%S.%f} UTC" if self.naive else ""

    @property
    def naive(self) -> datetime | None:
        """As nbgrader's database has it: UTC without a zone."""
        return self.time.astimezone(UTC).replace(tzinfo=None) if self.time else None

    def is_said_by(self, text: str) -> bool:
        """Is this the time that a `timestamp.txt` says, as we and formgrader read it?"""
        return parse_time(text, UTC) == self.time if text else self.time is None

    @property
    def ours(self) -> str:
        """The text, where it is ours."""
        return "" if self.others else self.text


def write_time(folder: Path, handed_in: HandIn, memory: Memory) -> list[str]:
    """Bring `timestamp.txt` into line with the time that counts; notes on what gave way."""
    from nbgrader.utils import parse_utc

    file, given, notes = folder / FILE, text_of_others(folder, memory), []
    if given and handed_in.others:
        try:
            if parse_utc(given) == handed_in.naive:
                return []
        except (ValueError, OverflowError):
            pass
    elif given:
        os.replace(file, folder / AS_GIVEN)
        notes.append(
            f"{file}: {clean(given, 60)!r} cannot be read as a time, or another source is trusted "
            f"more; it is now in {AS_GIVEN}. Write it as 2026-12-15 22:10:00 UTC"
        )
    if handed_in.text:
        write_atomically(file, f"{handed_in.text}\n".encode())
    else:
        file.unlink(missing_ok=True)
    return notes
