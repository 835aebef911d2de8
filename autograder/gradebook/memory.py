"""What a recording leaves beside a submission (`submitted/<student>/<slug>/recorded.json`).

The next recording tells from it a person's changes from the grader's own, and whether there is
anything to record. It is written twice: before the commit, with what is about to be written as
`pending`, so that a run killed in between does not take its own work for a person's; and at the
very end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from autograder.atomic_write import write_atomically
from autograder.report import Report, to_json

FILE = "recorded.json"


class Pending(msgspec.Struct):
    """What a recording that was under way may have written already."""

    timestamp: str = ""
    extra_credit: dict[str, float] = {}


class Memory(msgspec.Struct):
    """`timestamp` and `extra_credit` (by question) as the last recording wrote them; the rest tells
    whether it still stands.
    """

    file: str = ""
    sha256: str = ""
    timestamp: str = ""
    extra_credit: dict[str, float] = {}
    report_sha256: str = ""
    """Of the whole report. Empty while a recording is under way."""
    basis: str = ""
    scores: str = ""
    """Digest of the automatic scores in the database."""
    notebooks: list[str] = []
    seen_timestamp: str = ""
    """What stood in `timestamp.txt` at the end, whoever wrote it."""
    pending: Pending | None = None
    sources: dict[str, str] = {}
    """Of an assignment with parts the digest of the file that each notebook came from."""

    def source(self, notebook: str) -> str:
        return source_of(notebook, self.sources, self.sha256)

    @classmethod
    def of(
        cls,
        report: Report,
        basis: str,
        *,
        timestamp: str,
        extra_credit: dict[str, float],
        scores: str,
        notebooks: list[str],
        seen: str,
        sources: dict[str, str],
    ) -> Memory:
        return cls(
            file=report.file,
            sha256=report.sha256,
            timestamp=timestamp,
            extra_credit=extra_credit,
            report_sha256=_digest(report),
            basis=basis,
            scores=scores,
            notebooks=notebooks,
            seen_timestamp=seen,
            sources=sources,
        )

    def before_commit(self, timestamp: str, extra_credit: dict[str, float]) -> Memory:
        """The same, while `timestamp` and `extra_credit` are being written."""
        return msgspec.structs.replace(
            self, report_sha256="", pending=Pending(timestamp, extra_credit)
        )

    def given(self) -> dict[str, set[float]]:
        """By question, the extra credit that recordings may have given: all else is a person's."""
        known = [self.extra_credit, *([self.pending.extra_credit] if self.pending else [])]
        return {
            name: {values[name] for values in known if name in values}
            for name in {name for values in known for name in values}
        }

    def our_timestamps(self) -> set[str]:
        """What recordings may have written into `timestamp.txt`: all else is the true
        hand-in time.
        """
        return {self.timestamp, self.pending.timestamp if self.pending else ""}


def source_of(notebook: str, sources: Mapping[str, str], sha256: str) -> str:
    """The digest of the file that a notebook comes from; empty if its part was not handed in.

    sources: by notebook, of an assignment with parts; sha256: of the only file if there are none.
    """
    return sources.get(notebook, "") if sources else sha256


def recall(folder: Path) -> Memory:
    """What the last recording left. Nothing when there was none: manual scores of unknown origin
    then wait for a second look.
    """
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Memory)
    except (OSError, msgspec.MsgspecError):
        return Memory()


def remember(folder: Path, memory: Memory) -> None:
    write_atomically(folder / FILE, msgspec.json.encode(memory))


def same_recording(memory: Memory, report: Report, basis: str) -> bool:
    """Was it this very report that was recorded last, on the same basis, to the end?"""
    return memory.basis == basis and memory.report_sha256 == _digest(report)


def _digest(report: Report) -> str:
    return hashlib.sha256(to_json(report)).hexdigest()
