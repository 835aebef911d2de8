"""`autograder report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = (
    "Examples:\n\n  autograder report results/vae\n\n  autograder report "
    "build/demo/grades.json --json"
)


def report(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...",
            help="Report files, or folders of them. Default: results, where `autograder grade` "
            "writes.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print the list of reports as JSON (docs/report-schema.md)."),
    ] = False,
) -> None:
    """Print the class table of reports that were written before; grade nothing.

    A results folder has the class as it was settled in `class.json`. Without that file only the
    reports are known: no roster, and no hand-in times that others recorded.
    """
    from autograder.class_run.class_of_reports import classes_below
    from autograder.cli.show import print_classes, print_json
    from autograder.errors import UsageError
    from autograder.report import read_all

    here = Path("results")
    if not paths and not here.is_dir():
        raise UsageError(
            f"there is no folder {here} here. Name the results folder, or run `autograder grade` "
            "first"
        )
    if as_json:
        print_json(read_all(paths or [here]))
    elif classes := classes_below(paths or [here]):
        print_classes(classes)
    else:
        print("There are no reports yet.")
