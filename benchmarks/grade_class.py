"""The same class graded by `autograder grade` and by `nbgrader autograde`, in turns: throughput,
CPU time, memory, growth, where time goes.

Run it on an idle machine: `.venv/bin/python benchmarks/grade_class.py --help`. What the figures
mean is in benchmarks/README.md.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(
    0, str(Path(__file__).resolve().parent.parent)
)  # started by its path, it would not find its own package

from benchmarks.accounting import measure
from benchmarks.bulk import ARTIFACTS_MB
from benchmarks.machine import machine_facts
from benchmarks.make_class import HandIn, make_class
from benchmarks.show import print_results
from benchmarks.sides import (
    Outcome,
    compare,
    environment,
    run_autograder,
    run_nbgrader,
    two_workers,
)

NOTEBOOKS_MB = 1.5
GROWTH_ARTIFACTS_MB = 1.0
TARGET = 20.0
"""Times nbgrader's throughput, on the same class in one run."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")


@app.command(
    epilog="Examples:\n\n  benchmarks/grade_class.py --students 4 --batches 1 --growth '' "
    "--jobs 1    # a rehearsal, some minutes\n\n"
    "  benchmarks/grade_class.py --students 80 --batches 2 --no-endless --profile "
    "--json build/benchmark.json\n\n"
    "  benchmarks/grade_class.py --skip-nbgrader --growth 10,100,1000"
)
def main(
    students: Annotated[
        int, typer.Option(min=1, help="Size of the class that both sides grade.")
    ] = 40,
    assignment: Annotated[
        str, typer.Option(help="Whose submissions: vae is the smallest, diffusion the largest.")
    ] = "vae",
    batches: Annotated[
        int,
        typer.Option(
            min=1,
            help="Turns: parts in which nbgrader grades the class; ours grades it whole in each.",
        ),
    ] = 4,
    jobs: Annotated[
        int,
        typer.Option(
            min=0,
            help="Slots of autograder grade; 0: as many as it takes by itself. nbgrader has one, "
            "by design.",
        ),
    ] = 0,
    growth: Annotated[
        str, typer.Option(help="Class sizes at which ours is measured alone; '' for none.")
    ] = "10,100,1000",
    skip_nbgrader: Annotated[
        bool, typer.Option("--skip-nbgrader", help="Measure ours alone.")
    ] = False,
    nbgrader_with_training: Annotated[
        bool,
        typer.Option(
            "--nbgrader-with-training",
            help="Also one batch with nbgrader's default, which runs training cells (DGM_FAST=1).",
        ),
    ] = False,
    nbgrader_students: Annotated[
        int, typer.Option(min=0, help="Of each batch, only so many for nbgrader; 0: all.")
    ] = 0,
    dask: Annotated[
        bool,
        typer.Option(
            "--dask", help="The class also in two slots here, and on a Dask cluster of two workers."
        ),
    ] = False,
    profile: Annotated[
        bool,
        typer.Option("--profile", help="Where our time goes, in one slot, on the first batch."),
    ] = False,
    endless: Annotated[
        bool, typer.Option("--endless/--no-endless", help="One in forty with an endless loop.")
    ] = True,
    syntax_errors: Annotated[
        bool, typer.Option("--syntax-errors/--no-syntax-errors", help="One in twenty with one.")
    ] = True,
    artifacts_mb: Annotated[
        float, typer.Option(min=0, help="Weights in each submission, MB. For growth at most 1.")
    ] = ARTIFACTS_MB,
    seed: Annotated[int, typer.Option(help="Of the class; the same seed gives the same zips.")] = 0,
    work: Annotated[
        Path | None,
        typer.Option(help="Keep zips, courses and logs here; else a temporary folder that goes."),
    ] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", help="Write everything that was measured to this file.")
    ] = None,
) -> None:
    """Grade the same made-up class with autograder and with plain nbgrader, in turns, and
    compare.
    """
    from autograder.course.assignment import course_root, slugs
    from autograder.executor.local import default_jobs

    if assignment not in slugs(course_root()):
        known = ", ".join(slugs(course_root()))
        raise typer.BadParameter(f"{assignment!r} is none of {known}", param_hint="--assignment")
    sizes = _sizes(growth)
    if batches > students:
        raise typer.BadParameter(
            f"{students} students do not fill {batches} batches", param_hint="--batches"
        )
    folder = work or Path(tempfile.mkdtemp(prefix="benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise typer.BadParameter(f"{folder} is not empty: name a new folder", param_hint="--work")
    _check_space(
        folder,
        students * (artifacts_mb + NOTEBOOKS_MB),
        max(sizes, default=0) * (min(artifacts_mb, GROWTH_ARTIFACTS_MB) + NOTEBOOKS_MB),
    )
    jobs = jobs or default_jobs()
    bench = Benchmark(course_root(), folder.resolve(), jobs, as_json, assignment)
    options = {
        key: value
        for key, value in locals().items()
        if isinstance(value, (bool, int, float, str)) and key != "sizes"
    }
    bench.results |= {"machine": machine_facts(bench.root), "options": options, "target": TARGET}
    try:
        if students:
            hand_ins = make_class(
                students,
                bench.work / "class",
                slug=assignment,
                seed=seed,
                endless=endless,
                syntax_errors=syntax_errors,
                artifacts_mb=artifacts_mb,
            )
            bench.head_to_head(hand_ins, batches, skip_nbgrader, nbgrader_students)
            if nbgrader_with_training and not skip_nbgrader:
                bench.with_training(hand_ins[: students // batches], nbgrader_students)
            if dask:
                bench.distributed(hand_ins)
            if profile:
                bench.profile(hand_ins[: students // batches])
        if sizes:
            bench.growth(sizes, seed, syntax_errors, min(artifacts_mb, GROWTH_ARTIFACTS_MB))
    finally:
        bench.save()
        if work is None:
            shutil.rmtree(folder, ignore_errors=True)
    print_results(bench.results)


def _sizes(growth: str) -> list[int]:
    try:
        sizes = sorted({int(part) for part in growth.split(",") if part.strip()})
    except ValueError:
        sizes = [0]
    if any(size < 1 for size in sizes):
        raise typer.BadParameter(
            f"{growth!r} is no list of class sizes such as 10,100,1000", param_hint="--growth"
        )
    return sizes


def _check_space(folder: Path, *megabytes: float) -> None:
    """Twice the zips: nbgrader's copies, autograded notebooks, gradebooks."""
    needed, free = 2 * max(megabytes) * 1e6, shutil.disk_usage(folder).free
    if needed > free:
        raise typer.BadParameter(
            f"{folder} has {free / 1e9:.0f} GB free, about {needed / 1e9:.0f} GB are needed: "
            "name another --work, or fewer --artifacts-mb"
        )


class Benchmark:
    """Measures one thing after another into `results`, and saves them after each: what was measured
    survives a later failure.
    """

    def __init__(self, root: Path, work: Path, jobs: int, file: Path | None, slug: str) -> None:
        self.root, self.work, self.jobs, self.file, self.slug = root, work, jobs, file, slug
        self.results: dict[str, Any] = {}

    def save(self) -> None:
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text(
                json.dumps(self.results, indent=1, default=str) + "\n", encoding="utf-8"
            )

    def head_to_head(
        self,
        hand_ins: Sequence[HandIn],
        n_batches: int,
        skip_nbgrader: bool,
        nbgrader_students: int,
    ) -> None:
        self.results["class"] = describe(hand_ins)
        self.results["batches"] = []
        for number in range(n_batches):
            batch = hand_ins[number::n_batches]
            runs: dict[str, Outcome] = {}
            order = (
                ["autograder", "nbgrader"] if number % 2 == 0 else ["nbgrader", "autograder"]
            )  # so that neither always finds warm files
            for side in order:
                if side == "autograder":
                    # The class as a whole each time: start-up and gradebook are paid once for a
                    # class, not once for a part of it.
                    _say(
                        f"turn {number + 1} of {n_batches}: autograder grade, {len(hand_ins)} "
                        f"submissions, {self.jobs} slots"
                    )
                    runs[side] = run_autograder(
                        hand_ins, self.work / f"ours_{number}", self.root, self.slug, self.jobs
                    )
                elif not skip_nbgrader:
                    fewer = batch[: nbgrader_students or None]
                    _say(
                        f"turn {number + 1} of {n_batches}: nbgrader autograde, {len(fewer)} "
                        "submissions"
                    )
                    runs[side] = run_nbgrader(
                        fewer,
                        self.work / f"nbgrader_{number}",
                        self.root,
                        self.slug,
                        training=False,
                    )
            theirs = runs.get("nbgrader")
            graded_by_both = [one for one in batch if theirs and one.id in theirs.scores]
            differing = compare(
                runs["autograder"].scores, theirs.scores if theirs else {}, graded_by_both
            )
            self.results["batches"].append(
                {
                    "first": order[0],
                    "sides": {side: asdict(run) for side, run in runs.items()},
                    "n_compared": len(graded_by_both)
                    * len(next(iter(runs["autograder"].scores.values()), {})),
                    "disagreements": [asdict(each) for each in differing],
                    "hand_ins": [one.id for one in batch],
                    "endless": [one.id for one in batch if one.endless],
                }
            )
            self.save()

    def with_training(self, batch: Sequence[HandIn], nbgrader_students: int) -> None:
        fewer = batch[: nbgrader_students or None]
        _say(
            f"nbgrader autograde as it comes, training cells run with DGM_FAST=1, {len(fewer)} "
            "submissions"
        )
        run = run_nbgrader(
            fewer, self.work / "nbgrader_training", self.root, self.slug, training=True
        )
        self.results["nbgrader_with_training"] = asdict(run)
        self.save()

    def distributed(self, hand_ins: Sequence[HandIn]) -> None:
        """The same class in two slots, and on two workers of one thread each on this machine."""
        _say(f"autograder grade, {len(hand_ins)} submissions, two slots")
        here = run_autograder(hand_ins, self.work / "here", self.root, self.slug, 2)
        with two_workers(self.work / "workers") as address:
            _say(f"autograder grade, {len(hand_ins)} submissions, two Dask workers")
            there = run_autograder(
                hand_ins, self.work / "there", self.root, self.slug, 2, scheduler=address
            )
        self.results["distributed"] = {
            "here": asdict(here.usage),
            "there": asdict(there.usage),
            "disagreements": [
                asdict(each) for each in compare(here.scores, there.scores, hand_ins)
            ],
        }
        self.save()

    def profile(self, batch: Sequence[HandIn]) -> None:
        _say(f"where the time goes: {len(batch)} submissions in one slot")
        result, log = self.work / "profile.json", self.work / "profile.txt"
        line = [
            sys.executable,
            "-m",
            "benchmarks.phases",
            *(str(one.file) for one in batch),
            "--slug",
            self.slug,
        ]
        line += [
            "--root",
            str(self.root),
            "--out",
            str(self.work / "profiled"),
            "--json",
            str(result),
        ]
        path = str(Path(__file__).resolve().parent.parent)
        usage = measure(
            line, cwd=self.work, env=environment(self.root, PYTHONPATH=path), stderr=log
        )
        if usage.returncode != 0:
            raise RuntimeError(
                f"benchmarks.phases ended with {usage.returncode}: "
                f"{log.read_text(errors='replace')[-1500:]}"
            )
        self.results["profile"] = json.loads(result.read_text()) | {"usage": asdict(usage)}
        self.save()

    def growth(
        self, sizes: Sequence[int], seed: int, syntax_errors: bool, artifacts_mb: float
    ) -> None:
        """Ours alone at each size, and again on the same output. No endless loops: their waiting
        would hide how the rest grows.
        """
        _say(f"growth: {sizes[-1]} zips are made")
        hand_ins = make_class(
            sizes[-1],
            self.work / "growth",
            slug=self.slug,
            seed=seed,
            endless=False,
            syntax_errors=syntax_errors,
            artifacts_mb=artifacts_mb,
        )
        self.results["growth"] = []
        for size in sizes:
            work = self.work / f"growth_{size}"
            _say(f"growth: autograder grade, {size} submissions, {self.jobs} slots")
            first = run_autograder(hand_ins[:size], work, self.root, self.slug, self.jobs)
            _say(f"growth: the same {size} again")
            again = run_autograder(hand_ins[:size], work, self.root, self.slug, self.jobs)
            n_skipped = sum(
                first.graded_at[student] == again.graded_at.get(student)
                for student in first.graded_at
            )
            entry = {
                "n": size,
                "first": asdict(first.usage),
                "again": asdict(again.usage),
                "n_skipped": n_skipped,
                "median_s": first.median_s,
            }
            self.results["growth"].append(entry)
            self.save()
            shutil.rmtree(work)


def describe(hand_ins: Sequence[HandIn]) -> dict[str, Any]:
    return {
        "n": len(hand_ins),
        "kinds": Counter(one.kind for one in hand_ins),
        "known_answers": sum("/" in answer for one in hand_ins for answer in one.answers.values()),
        "own_cells": sum(one.own_cells for one in hand_ins),
        "syntax_errors": [one.id for one in hand_ins if one.syntax_error],
        "endless": [one.id for one in hand_ins if one.endless],
        "zip_mb": round(sum(one.file.stat().st_size for one in hand_ins) / len(hand_ins) / 1e6, 2),
    }


def _say(step: str) -> None:
    print(f"== {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    app()
