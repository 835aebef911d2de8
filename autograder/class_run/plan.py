"""What a run has to grade, and what it can leave as it is: told from the report that an earlier run
left for the same file.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.class_run.results_folder import REPORT, KeptNotebooks, folder_of
from autograder.course.assignment import Assignment, load
from autograder.course.parts import notebooks_in
from autograder.errors import AutograderError
from autograder.grading.digests import Digests, digests
from autograder.grading.grade import decided
from autograder.intake.find import read_file
from autograder.intake.found_file import FoundFile
from autograder.intake.untrusted_text import shown, utf8
from autograder.report import Report, read


@dataclass(frozen=True)
class Planned:
    """One file of a class (its number and place in it), and what is to be done with it."""

    index: int
    file: FoundFile
    slug: str
    folder: Path
    """Where its report is, or will be."""
    before: Report | None
    """The earlier report in that folder, if there is one that can be read."""
    why: str
    """Why it must be graded (again), for staff; empty when it need not be."""


def plan(
    index: int,
    file: FoundFile,
    slug: str,
    label: str,
    *,
    root: Path,
    out: Path,
    force: bool = False,
) -> Planned:
    """What is to be done with one file. A report that cannot be read counts as none, with a word on
    stderr.

    Raises CourseError when the assignment is not in order.
    """
    folder = folder_of(out, slug, label)
    before, why = None, "not graded yet"
    try:
        before = read(folder / REPORT)
    except FileNotFoundError:
        pass
    except (OSError, msgspec.MsgspecError) as error:
        why = "its report cannot be read"
        print(
            f"{shown(folder / REPORT)}: graded again, because this report cannot be read "
            f"({shown(str(error))})",
            file=sys.stderr,
        )
    if before is not None:
        why = (
            "--force"
            if force
            else _stale(before, file, folder, load(slug, root), digests(slug, root))
        )
    return Planned(index, file, slug, folder, before, why)


def _stale(
    before: Report, file: FoundFile, folder: Path, assignment: Assignment, now: Digests
) -> str:
    """Why an earlier report does not stand any more; empty when it does."""
    if not before.sha256:
        return "it could not be read the last time"
    if (before.file, before.sha256) != (utf8(file.name), _sha256(file)):
        return "another file was handed in"
    if before.sender != file.sender:
        return "the learning platform tells something else of it"
    if before.grader_sha256 != now.grader:
        return "the grader or the release has changed"
    if before.status == "ungraded":
        return "it needed manual review the last time"
    notebooks = notebooks_in(assignment, before.parts)
    if not set(before.notebooks) <= set(notebooks) or not KeptNotebooks(folder, before).intact():
        return "the notebooks next to its report are not those of the report"
    if before.status == "graded":
        results = {question.name: question for question in before.questions}
        changed = [
            name
            for name, question in assignment.questions.items()
            if question.notebook in notebooks
            and (name not in results or not decided(results[name], now.questions))
        ]
        changed += [name for name in results if name not in now.questions]
        return f"changed: {', '.join(changed)}" if changed else ""
    return ""


def _sha256(file: FoundFile) -> str:
    """Of the file as it is now; of one that cannot be read, or is too large to be, what no report
    says.
    """
    try:
        return hashlib.sha256(read_file(file)).hexdigest()
    except AutograderError:
        return "unread"
