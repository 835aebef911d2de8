"""PDFs of a class: `autograder pdf` against nbconvert, in turns on the same machine.

nbconvert makes PDFs in two ways: `webpdf` by a browser, `pdf` by XeLaTeX. Each gets as many
processes as ours, each process its share of the notebooks in one command, which is how nbconvert is
fastest: it is imported once. It makes a PDF of each notebook, ours one of each submission, with a
page map. Where there is no Chromium or no XeLaTeX, that side is left out, and the output says so.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.course.assignment import course_root
from autograder.errors import AutograderError
from benchmarks import browser, xelatex
from benchmarks.accounting import measure
from benchmarks.machine import machine_facts
from benchmarks.make_class import make_class

NBCONVERT = {
    "webpdf": (browser.chromium, browser.MISSING),
    "xelatex": (xelatex.xelatex, xelatex.MISSING),
}


def compare(
    students: Annotated[int, typer.Option(help="Submissions.")] = 40,
    batches: Annotated[int, typer.Option(help="Turns: each side gets every batch once.")] = 4,
    jobs: Annotated[int, typer.Option(help="Processes of each side.")] = 2,
    slug: Annotated[str, typer.Option(help="The assignment.")] = "vae",
    out: Annotated[Path | None, typer.Option("--json", help="Write what was measured.")] = None,
) -> None:
    """Measure all sides and print seconds and CPU seconds for a submission."""
    root = course_root()
    programs = {side: find() for side, (find, _) in NBCONVERT.items()}
    for side, (_, missing) in NBCONVERT.items():
        if not programs[side]:
            print(f"{side} is not measured: {missing}", file=sys.stderr)
    others = [side for side, program in programs.items() if program]
    results: dict[str, Any] = {"machine": machine_facts(root), "students": students, "jobs": jobs}
    results["programs"] = programs
    results["turns"] = []
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as name:
        work = Path(name)
        files = [one.file for one in make_class(students, work / "zips", slug=slug, endless=False)]
        size = -(-len(files) // batches)
        for start in range(0, len(files), size):
            batch = files[start : start + size]
            turn: dict[str, Any] = {"n": len(batch)}
            turn["ours"] = _ours(batch, work / "ours", jobs)
            for side in others:
                turn[side] = _nbconvert(side, batch, work / side, jobs)
            results["turns"].append(turn)
            _print_turn(turn)
            if out:
                out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    _print_total(results["turns"])


def _ours(files: Sequence[Path], out: Path, jobs: int) -> dict[str, float]:
    program = [sys.executable, "-m", "autograder", "pdf", "--out", str(out), "--jobs", str(jobs)]
    used = _cost([[*program, *map(str, files)]])
    used["pdfs"] = len(list(out.rglob("*.pdf")))
    used["pages"] = sum(json.loads(file.read_text())["pages"] for file in out.rglob("*.pages.json"))
    shutil.rmtree(out)
    return used


def _nbconvert(side: str, files: Sequence[Path], out: Path, jobs: int) -> dict[str, float]:
    notebooks = [notebook for file in files for notebook in _unpacked(file, out / file.stem)]
    program = [sys.executable, "-m", f"benchmarks.{side}"]
    shares = [list(map(str, notebooks[first::jobs])) for first in range(jobs)]
    used = _cost([[*program, *share] for share in shares if share])
    used["pdfs"] = len(list(out.rglob("*.pdf")))
    if used["pdfs"] != len(notebooks):
        raise AutograderError(f"{side} made {used['pdfs']} PDFs of {len(notebooks)} notebooks")
    shutil.rmtree(out)
    return used


def _unpacked(file: Path, folder: Path) -> Iterator[Path]:
    """The notebooks of one of our own zips. Not timed."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(file) as archive:
        for member in archive.namelist():
            if member.endswith(".ipynb"):
                notebook = folder / Path(member).name
                notebook.write_bytes(archive.read(member))
                yield notebook


def _cost(commands: Sequence[Sequence[str]]) -> dict[str, float]:
    """What commands that run at the same time cost, with all that they start."""
    with ThreadPoolExecutor(len(commands)) as pool:
        costs = list(pool.map(measure, commands))
    for command, cost in zip(commands, costs, strict=True):
        if cost.returncode:
            raise AutograderError(f"this failed: {' '.join(command)[:500]}")
    wall_s, cpu_s = max(cost.wall_s for cost in costs), sum(cost.cpu_s for cost in costs)
    return {"wall_s": round(wall_s, 2), "cpu_s": round(cpu_s, 2)}


def _print_turn(turn: dict[str, Any]) -> None:
    for side in ("ours", *NBCONVERT):
        if side in turn:
            used, n = turn[side], turn["n"]
            print(f"{side}: {n} submissions, {used['wall_s'] / n:.2f} s each, "
                  f"{used['cpu_s'] / n:.2f} s of CPU each")  # fmt: skip


def _print_total(turns: Sequence[dict[str, Any]]) -> None:
    def total(side: str, what: str) -> float:
        return sum(turn[side][what] for turn in turns)

    ours, ours_cpu = total("ours", "wall_s"), total("ours", "cpu_s")
    n = sum(turn["n"] for turn in turns)
    print(f"autograder pdf: {n} submissions in {ours:.1f} s, {ours / n:.2f} s each")
    for side in NBCONVERT:
        if side in turns[0]:
            theirs = total(side, "wall_s")
            print(
                f"{side}: {theirs:.1f} s, {theirs / n:.2f} s each: autograder pdf is "
                f"{theirs / ours:.1f} times faster "
                f"({total(side, 'cpu_s') / ours_cpu:.1f} times in CPU)"
            )


if __name__ == "__main__":
    typer.run(compare)
