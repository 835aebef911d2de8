"""PDFs of a class: `autograder pdf` against nbconvert with a browser, in turns on the same machine.

The browser's side does what `nbconvert --to webpdf` does, without Playwright: nbconvert's HTML of
each notebook of a submission, printed by Debian's Chromium without a window. Where there is no
Chromium only our side is measured, and the output says so.
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
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.course.assignment import course_root
from benchmarks.machine import machine_facts
from benchmarks.make_class import make_class

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def measure(
    students: Annotated[int, typer.Option(help="Submissions.")] = 40,
    batches: Annotated[int, typer.Option(help="Turns: each side gets every batch once.")] = 4,
    jobs: Annotated[int, typer.Option(help="Processes of each side.")] = 2,
    slug: Annotated[str, typer.Option(help="The assignment.")] = "vae",
    out: Annotated[Path | None, typer.Option("--json", help="Write what was measured.")] = None,
) -> None:
    """Measure both sides and print seconds and CPU seconds for a submission."""
    root = course_root()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("no Chromium on this machine: only autograder pdf is measured", file=sys.stderr)
    results: dict[str, Any] = {"machine": machine_facts(root), "students": students, "jobs": jobs}
    results["browser"] = browser
    results["turns"] = []
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as name:
        work = Path(name)
        files = [one.file for one in make_class(students, work / "zips", slug=slug, endless=False)]
        size = -(-len(files) // batches)
        for start in range(0, len(files), size):
            batch = files[start : start + size]
            turn = {"n": len(batch), "ours": _ours(batch, work / "ours", jobs)}
            if browser:
                turn["browser"] = _webpdf(batch, work / "web", jobs, browser)
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


def _webpdf(files: Sequence[Path], out: Path, jobs: int, browser: str) -> dict[str, float]:
    def one(file: Path) -> None:
        folder = out / file.stem
        folder.mkdir(parents=True)
        with zipfile.ZipFile(file) as archive:
            names = [member for member in archive.namelist() if member.endswith(".ipynb")]
            for member in names:  # our own zips
                (folder / Path(member).name).write_bytes(archive.read(member))
        notebooks = [str(folder / Path(member).name) for member in names]
        program = [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "webpdf"]
        _run([*program, *notebooks])
        for notebook in notebooks:
            page = Path(notebook).with_suffix(".html")
            options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
            profile = f"--user-data-dir={folder / 'profile'}"
            target = f"--print-to-pdf={page.with_suffix('.pdf')}"
            _run([browser, *options, profile, target, page.as_uri()])

    def all_of_them() -> None:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(one, files))

    used = _timed(all_of_them)
    used["pdfs"] = len(list(out.rglob("*.pdf")))
    shutil.rmtree(out)
    return used


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
    for side in ("ours", "browser"):
        if side in turn:
            used, n = turn[side], turn["n"]
            print(f"{side}: {n} submissions, {used['wall_s'] / n:.2f} s each, "
                  f"{used['cpu_s'] / n:.2f} s of CPU each")  # fmt: skip


def _print_total(turns: Sequence[dict[str, Any]]) -> None:
    ours = sum(turn["ours"]["wall_s"] for turn in turns)
    n = sum(turn["n"] for turn in turns)
    print(f"autograder pdf: {n} submissions in {ours:.1f} s, {ours / n:.2f} s each")
    if all("browser" in turn for turn in turns):
        web = sum(turn["browser"]["wall_s"] for turn in turns)
        print(f"browser: {web:.1f} s, {web / n:.2f} s each: {web / ours:.1f} times ours")


if __name__ == "__main__":
    typer.run(measure)
