"""`python -m tests.handins`: the table of hand-ins."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.intake.untrusted_text import clean
from tests.handins.course import make_course
from tests.handins.row import ROWS
from tests.handins.run import Verdict, grade_rows


def main(
    only: Annotated[
        list[str] | None, typer.Option(help="Only the row of this name (may be given again).")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes of the grader.")] = 2,
    keep: Annotated[
        Path | None, typer.Option(help="An empty folder in which files and results stay.")
    ] = None,
    names: Annotated[bool, typer.Option("--list", help="List the rows; grade nothing.")] = False,
) -> None:
    """Grade a small file for each row of what really comes in, and print what came of it.

    Exit status: 0 every row has the right outcome, 1 some have not, 2 usage.
    """
    if unknown := set(only or []) - set(ROWS):
        raise typer.BadParameter(f"there is no {', '.join(sorted(unknown))}: see --list")
    chosen = [one for one in ROWS.values() if not only or one.name in only]
    if names:
        for one in chosen:
            print(f"{one.name:24} {one.title}  [{one.reported}]: {one.outcome}")
        return
    with tempfile.TemporaryDirectory(prefix="handins-") as made:
        folder = keep or Path(made)
        course = make_course(folder / "course")
        verdicts = grade_rows(folder / "in", course, chosen, jobs)
    Console(width=None if sys.stdout.isatty() else 200).print(_table(verdicts))
    bad = sum(bool(one.problem) for one in verdicts)
    print(f"{len(verdicts)} rows: {len(verdicts) - bad} as they should be, {bad} not")
    raise typer.Exit(1 if bad else 0)


def _table(verdicts: list[Verdict]) -> Table:
    table = Table(title="What really comes in")
    for name, ratio in (
        ("row", 2),
        ("what comes in", 4),
        ("right outcome", 4),
        ("came", 4),
        ("", 4),
    ):
        table.add_column(name, ratio=ratio, overflow="fold")
    group = ""
    for one in verdicts:
        if one.row.group != group:
            group = one.row.group
            table.add_section()
        style = "red" if one.problem else "green"
        cells = [one.row.name, f"{one.row.title} ({one.row.reported})", one.row.outcome]
        shown = [*cells, clean(one.came, 160)]
        table.add_row(*map(Text, shown), Text(clean(one.problem, 250) or "right", style=style))
    return table


if __name__ == "__main__":
    typer.run(main)
