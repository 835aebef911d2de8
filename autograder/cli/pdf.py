"""`autograder pdf`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from autograder.cli import exits

EXAMPLES = """Examples:

  autograder pdf results/vae

  autograder pdf results/vae --only manual --out to_mark

  autograder pdf Ada_Lovelace_vae.zip

  autograder pdf downloads/ --assignment vae

  autograder pdf theory.ipynb lab.ipynb --out ."""


def pdf(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="A results folder of an assignment (results/vae), zips or folders of them, or "
            "notebooks.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(help="Write to this folder; zips and results to OUT/<assignment>."),
    ] = Path("pdf"),
    assignment: Annotated[
        str | None,
        typer.Option(help="The assignment. Default: by file name or manifest."),
    ] = None,
    only: Annotated[
        Literal["all", "manual"],
        typer.Option(help="manual: only what people mark, with the figures of the problem."),
    ] = "all",
    jobs: Annotated[int, typer.Option(min=0, help="Number of processes; 0: one per core.")] = 0,
    seconds: Annotated[
        float, typer.Option(min=1, help="Time limit of one document; then its texts stay as typed.")
    ] = 90.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the list of page maps as JSON.")
    ] = False,
) -> None:
    """Typeset submissions, a graded class or your own notebooks as PDF, with pandoc and Typst.

    Each question starts a page. Next to NAME.pdf, NAME.pages.json lists the pages of each question
    and the cells that could not be typeset and are shown as they were typed (docs/pdf.md).
    """
    from autograder.cli.progress import ClassProgress
    from autograder.cli.show import print_json
    from autograder.course.assignment import course_root
    from autograder.errors import UsageError
    from autograder.intake.untrusted_text import printable
    from autograder.publish.pdf.inputs import tasks_for
    from autograder.publish.pdf.supervise import Pdf, make_pdfs
    from autograder.publish.pdf.write import write_pdf

    try:
        root = course_root()
    except UsageError:
        root = None
    tasks = tasks_for(paths, root, assignment)
    maps, failed = [], []
    with ClassProgress(len(tasks), "typesetting") as advance:
        for made in make_pdfs(tasks, root, jobs=jobs, manual=only == "manual", full_s=seconds):
            advance()
            if isinstance(made, Pdf):
                file = write_pdf(made, out)
                maps.append(made.page_map)
                if not as_json:
                    print(printable(str(file)))
                if made.message:
                    print(printable(f"{file}: {made.message}"), file=sys.stderr)
            else:
                failed.append(made[1].message)
    if as_json:
        print_json(maps)
    for sentence in failed:
        print(printable(f"autograder: {sentence}"), file=sys.stderr)
    if failed:
        raise typer.Exit(exits.OUR_FAULT)
