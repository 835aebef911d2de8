"""What each speed trick (`autograder/worker/speed.py`) gains: one class graded with all of them,
and with each one turned off, in turns.

.venv/bin/python benchmarks/tricks.py --students 20 --turns 3
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

sys.path.insert(
    0, str(Path(__file__).resolve().parent.parent)
)  # started by its path, it would not find its own package

from autograder.worker.speed import SWITCH, TRICKS
from benchmarks.accounting import Usage
from benchmarks.make_class import HandIn, make_class
from benchmarks.sides import run_autograder

NONE_OFF = ""


def run(hand_ins: list[HandIn], folder: Path, root: Path, slug: str, jobs: int, off: str) -> Usage:
    """The class graded with one trick turned off (or none), into a new folder."""
    work = folder / "work"
    try:
        return run_autograder(
            hand_ins, work, root, slug, jobs, **({SWITCH: off} if off else {})
        ).usage
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main(
    students: Annotated[int, typer.Option(help="Submissions in the class.")] = 20,
    turns: Annotated[int, typer.Option(help="How often each is measured; medians are shown.")] = 3,
    jobs: Annotated[int, typer.Option(help="Grading slots.")] = 2,
    slug: Annotated[str, typer.Option(help="The assignment.")] = "vae",
    only: Annotated[
        str, typer.Option(help="Names of tricks, separated by commas; empty: every one.")
    ] = "",
) -> None:
    """Print a table: seconds, CPU seconds and memory without each trick, and what that is in
    percent of the run with all of them.
    """
    from rich.console import Console
    from rich.table import Table
    from tqdm import tqdm

    from autograder.course.assignment import course_root

    names = only.split(",") if only else [*TRICKS, "all"]
    found: dict[str, list[Usage]] = {name: [] for name in [NONE_OFF, *names]}
    with tempfile.TemporaryDirectory(prefix="tricks-") as place:
        folder = Path(place)
        hand_ins = make_class(
            students, folder / "class", seed=1, endless=False, artifacts_mb=1.0, root=course_root()
        )
        for _ in tqdm(range(turns), "turns", file=sys.stderr):
            for name in found:
                found[name].append(run(hand_ins, folder, course_root(), slug, jobs, name))

    def middle(name: str, field: str) -> float:
        return median(float(getattr(usage, field)) for usage in found[name])

    table = Table(
        "turned off",
        "s",
        "CPU s",
        "MB",
        "wall",
        "CPU",
        "memory",
        title=f"{students} submissions of {slug}, {jobs} slots",
    )
    for name in found:
        values = [middle(name, field) for field in ("wall_s", "cpu_s", "peak_bytes")]
        base = [middle(NONE_OFF, field) for field in ("wall_s", "cpu_s", "peak_bytes")]
        shares = [f"{value / of - 1:+.1%}" for value, of in zip(values, base, strict=True)]
        table.add_row(
            name or "none",
            f"{values[0]:.1f}",
            f"{values[1]:.1f}",
            f"{values[2] / 1e6:.0f}",
            *shares,
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    typer.run(main)
