"""`autograder export`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli import exits


class Target(StrEnum):
    """Who imports the file (autograder/publish/export/platforms.py)."""

    canvas = "canvas"
    moodle = "moodle"
    blackboard = "blackboard"
    brightspace = "brightspace"
    csv = "csv"


EXAMPLES = """Examples:

  autograder export vae --to csv               (a table for people: points by question)

  autograder export vae --to canvas --column "VAE (1234)"

  autograder export vae --to moodle --match id

  autograder export --to brightspace --match id --out grading

  autograder export vae --to blackboard --partial --no-late-penalty"""


def export(
    slug: Annotated[
        str | None, typer.Argument(help="The assignment. Default: every one that was graded.")
    ] = None,
    to: Annotated[Target, typer.Option(help="The platform that imports the file.")] = Target.csv,
    out: Annotated[
        Path,
        typer.Option(
            help="The folder that `autograder grade --out` wrote to; export/ is written there."
        ),
    ] = Path(),
    match: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help="Column of the roster that has what the platform knows students by: canvas_id, "
            "email, id... Default: canvas_id, email (Moodle), blackboard_id, org_defined_id.",
        ),
    ] = "",
    column: Annotated[
        str,
        typer.Option(
            metavar="TITLE",
            help="Title of the platform's column, for a grade item that exists as it writes it. "
            "Default: the assignment's title, a new item.",
        ),
    ] = "",
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="Also students with questions that wait for a mark: points so far."
        ),
    ] = False,
    late_penalty: Annotated[
        bool,
        typer.Option(
            "--late-penalty/--no-late-penalty", help="Take away what the late policy takes."
        ),
    ] = True,
    file: Annotated[
        Path | None, typer.Option(help="Where to write. Default: OUT/export/<slug>-<to>.csv.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print files and students left out as JSON.")
    ] = False,
) -> None:
    """Write grades as a file that a learning platform imports, from the gradebook's points.

    Students whom the platform cannot be told for certain, and those without final points, are
    listed on stderr and not in the file; the exit status is then 3 (docs/export.md).
    """
    from autograder.cli.graded import graded_slugs
    from autograder.cli.progress import ClassProgress
    from autograder.cli.show import print_json
    from autograder.course.assignment import course_root
    from autograder.errors import UsageError
    from autograder.intake.untrusted_text import printable
    from autograder.publish.export.write import export as write

    names = graded_slugs(slug, out)
    if len(names) > 1 and (file or column):
        raise UsageError("--file and --column are for one assignment: name it")
    root, made = course_root(), []
    with ClassProgress(len(names), "exporting") as advance:
        for name in names:
            made.append(
                write(
                    name,
                    to.value,
                    root,
                    out,
                    match=match,
                    column=column,
                    partial=partial,
                    late_penalty=late_penalty,
                    file=file,
                )
            )
            advance()
    for one in made:
        for line in [*(f"left out: {why}" for why in one.left_out), *one.notes]:
            print(printable(line), file=sys.stderr)
        if not as_json:
            print(printable(f"{one.file}: {one.n_students} students"))
    if as_json:
        print_json(
            [
                {"file": str(one.file), "students": one.n_students, "left_out": one.left_out}
                for one in made
            ]
        )
    if any(one.left_out for one in made):
        raise typer.Exit(exits.UNGRADED)
