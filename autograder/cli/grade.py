"""`autograder grade`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli import exits

if TYPE_CHECKING:
    from autograder.class_run.run import ClassRun

EXAMPLES = """Examples:

  autograder grade submitted/*.zip

  autograder grade downloads/ --assignment vae --out .

  autograder grade downloads/ --roster class.csv

  autograder grade downloads/ --dry-run

  autograder grade downloads/ --scheduler tcp://head:8786

  autograder grade downloads/ --json > reports.json"""


def grade(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Zips, or folders of zips.", show_default=False),
    ],
    assignment: Annotated[
        str | None, typer.Option(help="The assignment. Default: by file name or manifest.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where to write gradebook.db, autograded/ and results/.")
    ] = Path(),
    isolation: Annotated[
        str,
        typer.Option(
            help="auto, bubblewrap, landlock, or none (only for submissions that you trust)."
        ),
    ] = "auto",
    jobs: Annotated[
        int, typer.Option(min=0, help="Number of processes; 0: one more than cores.")
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
        bool, typer.Option("--dry-run", help="List what would be graded and why; write nothing.")
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
    from autograder.class_run.run import plan_class, run_class
    from autograder.cli.progress import ClassProgress
    from autograder.course.assignment import course_root
    from autograder.course.secret import course_secret
    from autograder.grading.grade import Options
    from autograder.intake.find import find_submissions, left_out
    from autograder.intake.untrusted_text import shown

    root = course_root()
    files = find_submissions(paths)
    for aside in left_out(paths):
        print(f"not graded, because it is not a zip file: {shown(aside)}", file=sys.stderr)
    if dry_run:
        for planned in plan_class(files, root, out=out, assignment=assignment, force=force):
            print(f"{shown(planned.file)}: {shown(planned.why) or 'unchanged'}")
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
    if any(report.status == "ungraded" for report in run.reports):
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
