"""`python -m tests.hostile`: the table of attacks."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from autograder.intake.untrusted_text import clean
from tests.hostile.attack import Attack
from tests.hostile.catalogue import catalogue
from tests.hostile.documents import HAND_INS, HandIn
from tests.hostile.published import run_published
from tests.hostile.run import Outcome, run_class
from tests.hostile.verdict import Verdict


def main(
    only: Annotated[
        list[str] | None, typer.Option(help="Only the attack of this name (may be given again).")
    ] = None,
    family: Annotated[
        list[str] | None, typer.Option(help="Only the attacks of this family (may be given again).")
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=0, help="Processes of the grader; 0: one more than cores.")
    ] = 0,
    keep: Annotated[
        Path | None,
        typer.Option(help="An empty folder in which the planted course and all reports stay."),
    ] = None,
    names: Annotated[bool, typer.Option("--list", help="List the attacks; grade nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Grade the hostile catalogue as one class, in a sandboxed copy of the course, make from more
    hostile hand-ins what people get, and say what came of each attack.

    Seconds are by the clock for attacks on grading, of CPU for the families pdf and similar.

    Exit status: 0 all is well, 1 some attack gained, learned or harmed something, 2 usage.
    """
    chosen, hand_ins = choose(only or [], family or [])
    if names:
        for one in (*chosen, *hand_ins):
            print(f"{one.name:40} {one.family:12} {one.gain}")
        return
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    outcome = graded(chosen, jobs, keep) if chosen else Outcome()
    if hand_ins:
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            made = run_published(Path(folder), hand_ins)
        outcome.verdicts += made.verdicts
        outcome.problems += made.problems
        outcome.seconds += sum(made.verbs_s.values())
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(outcome), indent=2).decode())
    else:
        print_outcome(outcome)
    raise typer.Exit(0 if outcome.ok else 1)


def graded(chosen: Sequence[Attack], jobs: int, keep: Path | None) -> Outcome:
    """The attacks on grading."""
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("grading hostile submissions")
        return run_class(
            chosen,
            jobs=jobs,
            folder=keep.resolve() if keep else None,
            progress=lambda n, total: bar.update(task, completed=n, total=total),
        )


def choose(only: list[str], family: list[str]) -> tuple[list[Attack], list[HandIn]]:
    """The attacks named, by name or family; all of them when nothing is named. First those on
    grading, then those on what is made from hand-ins.
    """
    every: list[Attack | HandIn] = [*catalogue(), *HAND_INS]
    known = {attack.name for attack in every} | {attack.family for attack in every}
    if unknown := [name for name in [*only, *family] if name not in known]:
        raise typer.BadParameter(f"there is no {', '.join(unknown)}: --list shows what there is")
    named = [
        attack
        for attack in every
        if not (only or family) or attack.name in only or attack.family in family
    ]
    return (
        [one for one in named if isinstance(one, Attack)],
        [one for one in named if isinstance(one, HandIn)],
    )


def print_outcome(outcome: Outcome) -> None:
    console = Console(width=None if sys.stdout.isatty() else 200)
    table = Table(title="The hostile catalogue", show_lines=False)
    for name, options in (
        ("attack", {"no_wrap": True}),
        ("family", {"no_wrap": True}),
        ("tries to gain", {"ratio": 3}),
        ("what came of it", {"ratio": 4}),
        ("deserved", {"no_wrap": True}),
        ("s", {"justify": "right"}),
        ("neighbours' s", {"justify": "right"}),
        ("verdict", {"ratio": 2}),
    ):
        table.add_column(name, **options)
    for verdict in outcome.verdicts:
        table.add_row(*_row(verdict))
    console.print(table)
    for problem in outcome.problems:
        console.print(Text(clean(problem, 400), style="red"))
    bad = sum(not verdict.ok for verdict in outcome.verdicts)
    attacks = sum(verdict.family != "neighbour" for verdict in outcome.verdicts)
    dearest = max(outcome.verdicts, key=lambda verdict: verdict.cost_s, default=None)
    if dearest and dearest.cost_s:
        total = sum(verdict.cost_s for verdict in outcome.verdicts)
        console.print(
            f"neighbours waited {total:.0f} s longer beside attacks than the median neighbour took; "
            f"most beside {dearest.name}: {dearest.cost_s:.1f} s"
        )
    console.print(
        f"{attacks} attacks and {len(outcome.verdicts) - attacks} honest neighbours in "
        f"{outcome.seconds:.0f} s: "
        f"{bad} not well, {len(outcome.problems)} traces or faults of the whole run"
    )


def _row(verdict: Verdict) -> list[Text]:
    style = "green" if verdict.ok else "red"
    cells = [
        verdict.name,
        verdict.family,
        verdict.gain,
        clean(verdict.came, 160),
        verdict.deserved,
        f"{verdict.seconds:.1f}",
        f"{verdict.cost_s:.1f}" if verdict.cost_s else "",
    ]
    return [
        *map(Text, cells),
        Text("well" if verdict.ok else clean("; ".join(verdict.problems), 300), style=style),
    ]


if __name__ == "__main__":
    typer.run(main)
