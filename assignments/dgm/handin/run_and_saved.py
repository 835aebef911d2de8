"""Whether a notebook was run from top to bottom, and saved after that."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

from dgm.handin.display_text import listing
from dgm.handin.kit import CourseCell, is_inside
from dgm.handin.notebook import Cell

CLOCK_SLACK_S = 2.0
"""FAT and zip keep times to two seconds."""

RUN_IT = "Run it (Kernel, Restart Kernel and Run All Cells), look at the results and save it."


def check_runs(cells: Sequence[Cell], course: Sequence[CourseCell], file: str) -> list[str]:
    """At most one warning: the code was not run, not in order, or not all of it."""
    if not any(wanted.kind in ("answer", "check") for wanted in course):
        return []
    numbered = [
        (place, cell.get("execution_count"))
        for place, cell in enumerate(cells, 1)
        if cell.get("cell_type") == "code" and cell["source"].strip()
    ]
    ran = [(place, count) for place, count in numbered if isinstance(count, int)]
    if not ran:
        return [f"{file}: no code cell was ever run, or the notebook was not saved since. {RUN_IT}"]
    for (above, earlier), (below, later) in zip(ran, ran[1:]):
        if later <= earlier:
            return [
                f"{file}: not run in order (cell {below} ran before cell {above}), "
                f"so it may not work from a fresh start. {RUN_IT}"
            ]
    if len(ran) < len(numbered):
        n_left = len(numbered) - len(ran)
        return [f"{file}: {n_left} of {len(numbered)} code cells were not run. {RUN_IT}"]
    return []


def check_saved(folder: Path, file: str, data: bytes) -> list[str]:
    """A warning when Jupyter's checkpoint is newer than the notebook and differs from it."""
    name = file.replace(".ipynb", "-checkpoint.ipynb")
    checkpoint = folder / ".ipynb_checkpoints" / name
    if not checkpoint.is_file() or not is_inside(folder, checkpoint):
        return []
    newer = checkpoint.stat().st_mtime > (folder / file).stat().st_mtime + CLOCK_SLACK_S
    if newer and checkpoint.read_bytes() != data:
        return [
            f"{file} is older than Jupyter's checkpoint of it: open it, check that your latest "
            "work is there, and save it."
        ]
    return []


def check_saved_after_training(
    folder: Path, training: Sequence[str], artifacts: dict[str, Path]
) -> list[str]:
    """A warning about artifacts newer than each notebook that trains: that run was not saved.

    training: the files of notebooks with a training cell; artifacts: paths by name.
    """
    if not training or not artifacts:
        return []
    saved = max((folder / file).stat().st_mtime for file in training)
    newer = [
        name for name, path in artifacts.items() if path.stat().st_mtime > saved + CLOCK_SLACK_S
    ]
    if not newer:
        return []
    return [
        f"{' and '.join(training)}: not saved since {listing(newer)} was written. "
        "Save the notebook."
    ]
