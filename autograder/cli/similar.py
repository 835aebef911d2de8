"""`autograder similar`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """Examples:

  autograder similar vae                       (the class that was graded into this folder)

  autograder similar vae --out grading --html similar.html

  autograder similar vae downloads/ --earlier 2024/vae --earlier 2025/vae

  autograder similar vae --top 50 --min 0 --csv similar.csv"""


def similar(
    slug: Annotated[str, typer.Argument(help="The assignment.", show_default=False)],
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Zips and folders of submissions. Default: the class that was graded into --out.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="The folder that `autograder grade --out` wrote to.")
    ] = Path(),
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="Submissions (or results) of an earlier year, to compare this year's with. Give "
            "it again for more.",
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=1000, help="Show this many pairs at most.")] = 20,
    least: Annotated[
        float,
        typer.Option(
            "--min",
            metavar="SCORE",
            help="Show only pairs with at least this score. 0: one such pair is expected by "
            "chance; 1: 0.1; 2: 0.01; -1: ten.",
        ),
    ] = -1.0,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the pairs side by side as a page.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the table as a CSV file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """List pairs of submissions that are more alike than chance explains, for a person to read.

    Alike is no proof. Answers are compared by how rare what they share is in the class; given code
    and known right answers do not count. Nothing is executed (docs/similarity.md).
    """
    from autograder.cli.progress import ClassProgress
    from autograder.cli.show import console, print_json
    from autograder.course.assignment import course_root
    from autograder.intake.untrusted_text import printable
    from autograder.similarity.find import find_similar
    from autograder.similarity.tables import rows, table, write_csv
    from autograder.similarity.view import write_html

    with ClassProgress(0, f"reading {slug}") as advance:
        found = find_similar(
            slug,
            course_root(),
            paths=paths or [],
            out=out,
            earlier=earlier or [],
            top=top,
            min_score=least,
            progress=advance,
            expect=advance.expect,
        )
    for note in found.notes:
        print(printable(note), file=sys.stderr)
    if html:
        write_html(found, html)
        print(printable(f"side by side: {html}"), file=sys.stderr)
    if csv:
        write_csv(found, csv)
        print(printable(f"table: {csv}"), file=sys.stderr)
    if as_json:
        print_json(rows(found))
    elif found.pairs:
        console().print(table(found))
    else:
        print(f"{printable(slug)}: no pair of {len(found.compared.works)} submissions stands out")
