"""`autograder report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = (
    "Examples:\n\n  autograder report results/vae\n\n  autograder report "
    "build/demo/grades.json --json\n\n  autograder report results/vae --html vae.html"
    "              (and vae.questions.csv ... next to it)\n\n  autograder audit vae --patterns && "
    "autograder report results/vae --html vae.html"
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
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the class report of one results folder (results/vae), a page for staff: "
            "statistics, likely misconceptions, problems, who waits (docs/class-report.md).",
        ),
    ] = None,
    with_csv: Annotated[
        bool,
        typer.Option(
            "--csv/--no-csv",
            help="With --html: also write questions, checks and misconceptions as CSV next to it.",
        ),
    ] = True,
) -> None:
    """Print the class table of reports that were written before; grade nothing.

    A results folder has the class as it was settled in `class.json`. Without that file only the
    reports are known: no roster, and no hand-in times that others recorded.
    """
    if html is not None:
        _write_page(paths or [], html, with_csv, as_json)
        return
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


def _write_page(paths: list[Path], html: Path, with_csv: bool, as_json: bool) -> None:
    from autograder.cli.progress import ClassProgress
    from autograder.course.assignment import course_root
    from autograder.errors import UsageError
    from autograder.intake.untrusted_text import shown
    from autograder.publish.class_report.write import write_class_report

    if len(paths) != 1 or as_json:
        raise UsageError(
            "--html writes the report of one assignment: name its results folder, such as "
            "results/vae, and leave out --json"
        )
    with ClassProgress(0, "class report") as advance:
        report, files = write_class_report(
            paths[0],
            course_root(),
            html,
            with_csv=with_csv,
            progress=advance,
            expect=advance.expect,
        )
    for file in files:
        print(shown(file))
    if report.missing_patterns:
        print(
            f"To name misconceptions in {len(report.missing_patterns)} more questions, run "
            f"`autograder audit {report.slug} --patterns`, then this again",
            file=sys.stderr,
        )
