"""`python -m tests.machines`: the table of odd machines."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from tests.machines.machine import MACHINES
from tests.machines.run import Machines


def main(
    only: Annotated[
        list[str] | None, typer.Option(help="Only the machine of this name (may be given again).")
    ] = None,
) -> None:
    """Grade a class of five on odd machines, and print what came of it.

    Exit status: 0 all is as it should be, 1 some are not, 2 usage.
    """
    names = [machine.name for machine in MACHINES]
    if unknown := set(only or []) - set(names):
        raise typer.BadParameter(f"there is no {', '.join(sorted(unknown))}: {', '.join(names)}")
    chosen = [machine for machine in MACHINES if not only or machine.name in only]
    table = Table("machine", "must be", "status", "s", "says", "problem", title="Odd machines")
    bad = 0
    with tempfile.TemporaryDirectory(prefix="machines-") as made:
        machines = Machines(Path(made))
        for machine in track(chosen, console=Console(stderr=True)):
            came = machines.come(machine)
            bad += bool(came.problem)
            told = came.told if machine.sentence else ""
            row = (machine.name, machine.comes, str(came.status), f"{came.seconds:.0f}")
            table.add_row(*row, Text(told), Text(came.problem, style="red"))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    print(f"{len(chosen)} machines: {len(chosen) - bad} as they should be, {bad} not")
    raise typer.Exit(1 if bad else 0)


if __name__ == "__main__":
    typer.run(main)
