"""The results of grade_class.py as tables."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

MB = 1e6
Results = Mapping[str, Any]


def print_results(results: Results) -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    machine = results["machine"]
    console.print(
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, kernel "
        f"{machine['kernel']}, "
        f"load {machine['load_before']['1 min']} before; Python {machine['python']}, "
        + ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
        + f"; commit {machine['commit']}, {machine['date']}"
    )
    if "batches" in results:
        _print_class(results["class"], console)
        console.print(_batches(results))
        console.print(_sides(results))
        _print_ratios(results, console)
        _print_agreement(results["batches"], console)
    if "distributed" in results:
        here, there = (results["distributed"][side]["wall_s"] for side in ("here", "there"))
        differing = len(results["distributed"]["disagreements"])
        console.print(
            f"Dask: two slots {here:.1f} s, two workers {there:.1f} s "
            f"({100 * (there / here - 1):+.0f}%); {differing} scores differ"
        )
    if "profile" in results:
        console.print(_phases(results["profile"]))
        _print_profile_notes(results["profile"], console)
    if "growth" in results:
        console.print(_growth(results["growth"]))


def _print_class(made: Results, console: Console) -> None:
    kinds = ", ".join(f"{n} {kind}" for kind, n in made["kinds"].items())
    console.print(
        f"Class of {made['n']}: {kinds}; {made['known_answers']} known right and wrong "
        f"answers, {made['own_cells']} own cells, "
        f"{len(made['syntax_errors'])} with a syntax error, {len(made['endless'])} with an "
        f"endless loop; {made['zip_mb']} MB a zip"
    )


def totals(runs: Sequence[Results], slots: int) -> dict[str, float]:
    """Of several runs of one side: submissions, seconds, throughput, and the largest peak."""
    n = sum(run["n"] for run in runs)
    wall_s = sum(run["usage"]["wall_s"] for run in runs)
    cpu_s = sum(run["usage"]["cpu_s"] for run in runs)
    peak = max(run["usage"]["peak_bytes"] for run in runs)
    return {
        "n": n,
        "wall_s": wall_s,
        "per_minute": 60 * n / wall_s,
        "wall_each_s": wall_s / n,
        "cpu_each_s": cpu_s / n,
        "peak_mb": peak / MB,
        "slot_mb": peak / MB / slots,
    }


def by_side(results: Results) -> dict[str, dict[str, float]]:
    """Totals of each side; nbgrader as it comes (with training) beside nbgrader as the course sets
    it up.
    """
    slots = results["options"]["jobs"]
    sides = {}
    for side, n_slots in (("autograder", slots), ("nbgrader", 1)):
        if runs := [batch["sides"][side] for batch in results["batches"] if side in batch["sides"]]:
            sides[side] = totals(runs, n_slots)
    if "nbgrader_with_training" in results:
        sides["nbgrader, training run"] = totals([results["nbgrader_with_training"]], 1)
    return sides


def _batches(results: Results) -> Table:
    table = Table(
        title="In turns (wall seconds / CPU seconds, each submission)", title_justify="left"
    )
    for column in ("turn", "first", "autograder", "nbgrader", "throughput", "CPU"):
        table.add_column(column, justify="left" if column in ("turn", "first") else "right")
    for number, batch in enumerate(results["batches"], 1):
        sides = {side: totals([run], 1) for side, run in batch["sides"].items()}
        cells = {
            side: f"{each['wall_each_s']:.2f} / {each['cpu_each_s']:.2f}"
            for side, each in sides.items()
        }
        ours, theirs = sides["autograder"], sides.get("nbgrader")
        ratios = (
            [f"{theirs[key] / ours[key]:.1f} x" for key in ("wall_each_s", "cpu_each_s")]
            if theirs
            else ["", ""]
        )
        label = f"{number}{' (endless loop)' if batch['endless'] else ''}"
        table.add_row(
            label, batch["first"], cells["autograder"], cells.get("nbgrader", ""), *ratios
        )
    return table


def _sides(results: Results) -> Table:
    table = Table(title="All turns", title_justify="left")
    columns = (
        "",
        "graded",
        "wall s",
        "a minute",
        "wall s each",
        "CPU s each",
        "peak MB",
        "MB a slot",
    )
    for column in columns:
        table.add_column(column, justify="right" if column else "left")
    for side, each in by_side(results).items():
        name = f"{side} ({results['options']['jobs']} slots)" if side == "autograder" else side
        table.add_row(
            name,
            f"{each['n']:.0f}",
            f"{each['wall_s']:.1f}",
            f"{each['per_minute']:.1f}",
            f"{each['wall_each_s']:.2f}",
            f"{each['cpu_each_s']:.2f}",
            f"{each['peak_mb']:.0f}",
            f"{each['slot_mb']:.0f}",
        )
    return table


def _print_ratios(results: Results, console: Console) -> None:
    sides = by_side(results)
    ours = sides.pop("autograder")
    for side, theirs in sides.items():
        throughput, cpu = (
            theirs["wall_each_s"] / ours["wall_each_s"],
            theirs["cpu_each_s"] / ours["cpu_each_s"],
        )
        verdict = "reached" if throughput >= results["target"] else "missed"
        console.print(
            f"Against {side}: throughput {throughput:.1f} x (target {results['target']:g} x: "
            f"{verdict}), CPU seconds {cpu:.1f} x. "
            "nbgrader grades in one process, by design; the CPU ratio is the one for each core."
        )


def _print_agreement(batches: Sequence[Results], console: Console) -> None:
    found = [each for batch in batches for each in batch["disagreements"]]
    compared = sum(batch["n_compared"] for batch in batches)
    bad = [each for each in found if not each["expected"]]
    if not compared:
        return
    console.print(
        f"Scores compared: {compared}; {len(found)} differ, {len(bad)} of them without a reason."
    )
    for each in found:
        console.print(
            f"  {each['student']} {each['question']}: ours {each['ours']}, nbgrader's "
            f"{each['theirs']} {each['expected']}".rstrip()
        )


def _phases(profile: Results) -> Table:
    n = profile["n"]
    table = Table(title=f"Where the time goes ({n} submissions, one slot)", title_justify="left")
    for column in ("phase", "calls", "wall s", "own CPU s", "wall ms each", "longest s", "share"):
        table.add_column(column, justify="left" if column == "phase" else "right")
    for phase, total in sorted(profile["phases"].items(), key=lambda item: -item[1]["wall_s"]):
        wall_s = total["wall_s"]
        cells = (
            f"{total['calls']}",
            f"{wall_s:.2f}",
            f"{total['cpu_s']:.2f}",
            f"{1000 * wall_s / n:.0f}",
            f"{total['longest_s']:.2f}" if total["longest_s"] else "",
            f"{wall_s / profile['wall_s']:.0%}",
        )
        table.add_row(phase, *cells)
    return table


def _print_profile_notes(profile: Results, console: Console) -> None:
    usage, n = profile["usage"], profile["n"]
    sandboxed = max(0.0, usage["cpu_s"] - profile["cpu_s"])
    console.print(
        f"CPU: {profile['cpu_s']:.1f} s in the grader's process, {sandboxed:.1f} s in all "
        "others (sandboxes, Python's own start): "
        f"{usage['cpu_s'] / n:.2f} s a submission."
    )
    if profile["missing"]:
        console.print(
            f"Not there any more, so counted elsewhere: {', '.join(profile['missing'])} "
            "(benchmarks/phases.py)."
        )


def _growth(rows: Sequence[Results]) -> Table:
    table = Table(
        title="Growth, ours alone (no endless loops); the same class again", title_justify="left"
    )
    columns = (
        "students",
        "wall s",
        "CPU s",
        "peak MB",
        "wall s each",
        "CPU s each",
        "again: wall s",
        "CPU s",
        "skipped",
    )
    for column in columns:
        table.add_column(column, justify="right")
    for row in rows:
        first, again, n = row["first"], row["again"], row["n"]
        cells = [
            f"{first['wall_s']:.1f}",
            f"{first['cpu_s']:.1f}",
            f"{first['peak_bytes'] / MB:.0f}",
        ]
        cells += [
            f"{first['wall_s'] / n:.3f}",
            f"{first['cpu_s'] / n:.3f}",
            f"{again['wall_s']:.1f}",
            f"{again['cpu_s']:.1f}",
        ]
        table.add_row(f"{n}", *cells, f"{row['n_skipped']}")
    return table
