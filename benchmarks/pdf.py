"""PDFs of a class: `autograder pdf` against `nbconvert --to webpdf`, in turns on the same machine.

webpdf gets as many processes as ours, each with its share of the notebooks in one command, which is
how it is fastest: nbconvert is imported once. It makes a PDF of each notebook, ours one of each
submission, with a page map. Where there is no Chromium only our side is measured, and the output
says so.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.course.assignment import course_root
from autograder.errors import AutograderError
from benchmarks.browser import MISSING, chromium
from benchmarks.machine import machine_facts
from benchmarks.make_class import make_class


def measure(
    students: Annotated[int, typer.Option(help="Submissions.")] = 40,
    batches: Annotated[int, typer.Option(help="Turns: each side gets every batch once.")] = 4,
    jobs: Annotated[int, typer.Option(help="Processes of each side.")] = 2,
    slug: Annotated[str, typer.Option(help="The assignment.")] = "vae",
    out: Annotated[Path | None, typer.Option("--json", help="Write what was measured.")] = None,
) -> None:
    """Measure both sides and print seconds and CPU seconds for a submission."""
    root = course_root()
    browser = chromium()
    if not browser:
        print(f"only autograder pdf is measured: {MISSING}", file=sys.stderr)
    results: dict[str, Any] = {"machine": machine_facts(root), "students": students, "jobs": jobs}
    results["browser"] = browser
    results["turns"] = []
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as name:
        work = Path(name)
        files = [one.file for one in make_class(students, work / "zips", slug=slug, endless=False)]
        size = -(-len(files) // batches)
        for start in range(0, len(files), size):
            batch = files[start : start + size]
            turn: dict[str, Any] = {"n": len(batch)}
            turn["ours"] = _ours(batch, work / "ours", jobs)
            if browser:
                turn["webpdf"] = _webpdf(batch, work / "web", jobs)
            results["turns"].append(turn)
            _print_turn(turn)
            if out:
                out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    _print_total(results["turns"])


def _ours(files: Sequence[Path], out: Path, jobs: int) -> dict[str, float]:
    program = [sys.executable, "-m", "autograder", "pdf", "--out", str(out), "--jobs", str(jobs)]
    used = _timed(lambda: _run([*program, *map(str, files)]))
    used["pdfs"] = len(list(out.rglob("*.pdf")))
    used["pages"] = sum(json.loads(file.read_text())["pages"] for file in out.rglob("*.pages.json"))
    shutil.rmtree(out)
    return used


def _webpdf(files: Sequence[Path], out: Path, jobs: int) -> dict[str, float]:
    notebooks = [notebook for file in files for notebook in _unpacked(file, out / file.stem)]
    program = [sys.executable, "-m", "benchmarks.webpdf"]

    def share(first: int) -> None:
        if mine := notebooks[first::jobs]:
            _run([*program, *map(str, mine)])

    def all_of_them() -> None:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(share, range(jobs)))

    used = _timed(all_of_them)
    used["pdfs"] = len(list(out.rglob("*.pdf")))
    if used["pdfs"] != len(notebooks):
        raise AutograderError(f"webpdf made {used['pdfs']} PDFs of {len(notebooks)} notebooks")
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


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _timed(work: Any) -> dict[str, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    wall_s = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": round(wall_s, 2), "cpu_s": round(cpu_s, 2)}


def _print_turn(turn: dict[str, Any]) -> None:
    for side in ("ours", "webpdf"):
        if side in turn:
            used, n = turn[side], turn["n"]
            print(f"{side}: {n} submissions, {used['wall_s'] / n:.2f} s each, "
                  f"{used['cpu_s'] / n:.2f} s of CPU each")  # fmt: skip


def _print_total(turns: Sequence[dict[str, Any]]) -> None:
    ours = sum(turn["ours"]["wall_s"] for turn in turns)
    n = sum(turn["n"] for turn in turns)
    print(f"autograder pdf: {n} submissions in {ours:.1f} s, {ours / n:.2f} s each")
    if all("webpdf" in turn for turn in turns):
        web = sum(turn["webpdf"]["wall_s"] for turn in turns)
        cpu = [sum(turn[side]["cpu_s"] for turn in turns) for side in ("ours", "webpdf")]
        print(f"webpdf: {web:.1f} s, {web / n:.2f} s each")
        print(
            f"autograder pdf is {web / ours:.1f} times faster ({cpu[1] / cpu[0]:.1f} times in CPU)"
        )


if __name__ == "__main__":
    typer.run(measure)
