"""`autograder grade`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli import exits

if TYPE_CHECKING:
    from autograder.class_run.run import ClassRun


class Platform(StrEnum):
    """A learning platform (autograder/intake/platforms.py)."""

    canvas = "canvas"
    moodle = "moodle"
    blackboard = "blackboard"
    brightspace = "brightspace"
    gradescope = "gradescope"


EXAMPLES = """Examples:

  autograder grade submitted/*.zip

  autograder grade submissions.zip            (a bulk download of a learning platform)

  autograder grade "Lab 1/" --from moodle     (or of one platform alone)

  autograder grade downloads/ --assignment vae --out .

  autograder grade downloads/ --roster class.csv

  autograder grade downloads/ --dry-run

  autograder grade downloads/ --scheduler tcp://head:8786

  autograder grade downloads/ --json > reports.json"""


def grade(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Zips, folders, notebooks; a bulk download of Canvas, Moodle, Blackboard, "
            "Brightspace or Gradescope, zipped or unpacked.",
            show_default=False,
        ),
    ],
    assignment: Annotated[
        str | None, typer.Option(help="The assignment. Default: by file name or manifest.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where to write gradebook.db, autograded/ and results/.")
    ] = Path(),
    platform: Annotated[
        Platform | None,
        typer.Option(
            "--from",
            help="Insist on the learning platform that all files come from. Default: recognise "
            "each file by its name.",
        ),
    ] = None,
    isolation: Annotated[
        str,
        typer.Option(
            help="auto, bubblewrap, landlock, or none (only for submissions that you trust)."
        ),
    ] = "auto",
    jobs: Annotated[
        int,
        typer.Option(min=0, help="Number of processes; 0: one more than cores, as memory allows."),
    ] = 0,
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Grade on the workers of this Dask scheduler instead."
        ),
    ] = "",
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="Use this class list (columns id, name, email, group, files) to settle who is "
            "who, and list "
            "who handed nothing in. A copy is kept as results/<assignment>/roster.csv and used "
            "until another "
            "is given (docs/gradebook.md).",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Grade everything again (for example after a change of the secret)."
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="List each file with its student, assignment, attempt and hand-in time, and where "
            "each of these comes from; write nothing.",
        ),
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print the list of reports as JSON (docs/report-schema.md)."),
    ] = False,
) -> None:
    """Grade submissions with the hidden suites, in a sandbox; write reports, gradebook and CSV
    files.

    Submissions that an earlier run on the same --out has graded are skipped, unless the file, its
    checks or the grader have changed.
    """
    from autograder.class_run.run import plan_class, run_class, search_in
    from autograder.cli.progress import ClassProgress
    from autograder.cli.show import print_aside, print_previews
    from autograder.course.assignment import course_root
    from autograder.course.secret import course_secret
    from autograder.grading.grade import Options
    from autograder.intake.find import find

    root = course_root()
    found = find(paths, search_in(root, platform.value if platform else None))
    files = found.files
    print_aside(found.aside)
    if dry_run:
        planned = plan_class(files, root, out=out, assignment=assignment, force=force)
        print_previews(planned, root, assignment)
        return
    options = Options(root=root, isolation=isolation, secret=course_secret(root), jobs=jobs)
    with ClassProgress(len(files)) as advance:
        run = run_class(
            files,
            options,
            out=out,
            assignment=assignment,
            progress=advance,
            force=force,
            scheduler=scheduler,
            roster=roster,
        )
    _print_run(run, out, as_json)
    if run.failed:
        raise typer.Exit(exits.OUR_FAULT)
    if any(report.status == "ungraded" for report in run.reports) or any(
        one.waiting for one in run.classes
    ):
        raise typer.Exit(exits.UNGRADED)


def _print_run(run: ClassRun, out: Path, as_json: bool) -> None:
    from autograder.cli.show import print_classes, print_json, print_resumed

    if as_json:
        print_json(run.reports)
    else:
        print_classes(run.classes)
        print(f"Reports and CSV: {out / 'results'}   Gradebook: {out / 'gradebook.db'}")
    print_resumed(run, to_stderr=as_json)
    for sentence in run.failed:
        print(f"autograder: {sentence}", file=sys.stderr)
