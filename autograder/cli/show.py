"""What the verbs print on stdout: tables for people, JSON for programs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.class_run.class_results import ClassResults
    from autograder.class_run.plan import Planned
    from autograder.class_run.run import ClassRun
    from autograder.release.release import Released

_CONTROL = re.compile("[\x7f-\x9f]")


def console(width: int = 140, *, to_stderr: bool = False) -> Console:
    """A console as wide as the terminal, or `width` columns where the output goes to a file."""
    from rich.console import Console

    stream = sys.stderr if to_stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else width)


def print_json(value: Any) -> None:
    """Print structs as JSON in which no control character is left for a terminal to act on."""
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode()
    print(_CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def print_release(item: Released, check: bool) -> None:
    """The table of questions and points, and where the files are (with `check`: which are out of
    date).
    """
    from rich.table import Table

    from autograder.intake.untrusted_text import shown

    table = Table(
        "question",
        "notebook",
        "kind",
        "points",
        title=f"{item.slug}: {item.max_points:g} points",
        title_justify="left",
    )
    for name, notebook, kind, points, bonus in item.table:
        table.add_row(name, notebook, kind, f"{points:g}{' (bonus)' if bonus else ''}")
    console().print(table)
    if not check:
        size_mib = item.kit.stat().st_size / 2**20
        print(
            f"{item.slug}: {len(item.release)} files in {item.release[0].parent}, kit "
            f"{item.kit} ({size_mib:.1f} MiB)"
        )
    for file in item.different:
        print(
            f"{shown(file)} is out of date: run `autograder release {item.slug}` and commit it",
            file=sys.stderr,
        )


def print_aside(aside: dict[str, str], most: int = 20) -> None:
    """What was found and is not a submission, on stderr, a line each."""
    from autograder.intake.untrusted_text import shown

    for path, why in list(sorted(aside.items()))[:most]:
        print(f"not graded, {why}: {shown(path)}", file=sys.stderr)
    if len(aside) > most:
        print(f"not graded: {len(aside) - most} more files", file=sys.stderr)


def print_previews(planned: list[Planned], root: Path, assignment: str | None) -> None:
    """A row for each file: what is known of it, and from where."""
    from rich.table import Table
    from rich.text import Text

    from autograder.class_run.preview import preview
    from autograder.intake.untrusted_text import clean

    table = Table(title="What would be graded", title_justify="left")
    for name in ("file", "student", "assignment", "attempt", "handed in", "graded"):
        table.add_column(name, overflow="fold")
    problems = []
    for one in planned:
        told = preview(one, root, assignment)
        cells = [
            told.file,
            _with_source(told.student, told.student_from),
            _with_source(f"{told.assignment} {told.parts}".strip(), told.assignment_from),
            told.attempt,
            _with_source(told.handed_in, told.handed_in_from),
            told.why if told.assignment else "waits",
        ]
        table.add_row(*(Text(clean(cell, 300)) for cell in cells))
        if told.problem:
            line = told.problem
            problems.append(line if line.startswith(told.file) else f"{told.file}: {line}")
    console(180).print(table)
    for line in problems:
        print(f"needs a look: {clean(line, 500)}")


def _with_source(value: str, source: str) -> str:
    return f"{value} ({source})" if value and source else value


def print_classes(classes: list[ClassResults]) -> None:
    """A table for each class; below it which file counts, what waits, who handed nothing in."""
    from autograder.publish.console import class_notes, class_table

    here = console()
    for results in classes:
        if results.students or not results.waiting:
            here.print(class_table(results))
        for line in class_notes(results):
            here.print(line)


def print_resumed(run: ClassRun, *, to_stderr: bool) -> None:
    """How many submissions were skipped, and whose score moved."""
    from autograder.publish.console import changes_table

    if not run.n_skipped and not run.changes:
        return
    stream = sys.stderr if to_stderr else sys.stdout
    graded = len(run.reports) - run.n_skipped
    print(
        f"Graded: {graded}   Unchanged since an earlier run, not graded again: {run.n_skipped}",
        file=stream,
    )
    if run.changes:
        console(to_stderr=to_stderr).print(changes_table(run.changes))
        print(
            "These and all earlier changes: changes.jsonl in the results folder of the "
            "assignment (docs/gradebook.md)",
            file=stream,
        )
