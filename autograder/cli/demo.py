"""`autograder demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = "Example:\n\n  autograder demo --out build/demo"


def demo(
    out: Annotated[
        Path,
        typer.Option(
            help="Where to write the class and its results: a new folder, or that of an "
            "earlier demo."
        ),
    ] = Path("build/demo"),
    isolation: Annotated[str, typer.Option(help="auto, bubblewrap, landlock, or none.")] = "auto",
    jobs: Annotated[
        int, typer.Option(min=0, help="Number of processes; 0: one more than cores.")
    ] = 0,
) -> None:
    """Make a small class of submissions (good, bad and hostile), grade it, and print the table."""
    from autograder.class_run.class_of_reports import classes_of
    from autograder.cli.progress import ClassProgress
    from autograder.cli.show import print_classes
    from autograder.demo import run

    with ClassProgress(0) as advance:
        reports = run(out, isolation=isolation, jobs=jobs, progress=advance)
    print_classes(classes_of(reports))
    print(
        f"Reports: {out / 'grades.json'}   CSV: {out / 'results'}   Gradebook: "
        f"{out / 'gradebook.db'}"
    )
