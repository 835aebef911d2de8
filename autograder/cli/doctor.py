"""`autograder doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli import exits

EXAMPLES = "Examples:\n\n  autograder doctor\n\n  autograder doctor --json"


def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the list of facts as JSON.")
    ] = False,
) -> None:
    """Report what this machine offers for grading, what is missing and how to get it.

    The exit status is 1 if grading would refuse to run.
    """
    from autograder.cli.show import console, print_json
    from autograder.course.assignment import course_root
    from autograder.doctor import can_grade, examine, table

    facts = examine(course_root())
    if as_json:
        print_json(facts)
    else:
        console(160).print(table(facts))
    if not can_grade(facts):
        raise typer.Exit(exits.OUR_FAULT)
