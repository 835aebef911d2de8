"""What goes into the archive, and what to tell the student about it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from dgm.handin.answers import check_answers, n_to_answer
from dgm.handin.artifacts import find_artifacts
from dgm.handin.display_text import size
from dgm.handin.errors import HandInError
from dgm.handin.kit import Kit, read_inside
from dgm.handin.notebook import is_train, read_notebook
from dgm.handin.run_and_saved import check_runs, check_saved, check_saved_after_training

MANIFEST = "submission.json"
NOTEBOOK_CAP_BYTES = 20 * 2**20
"""The largest notebook that the grader opens."""


class Contents(NamedTuple):
    """notebooks: bytes by file name; artifacts: paths by name in the archive."""

    notebooks: dict[str, bytes]
    artifacts: dict[str, Path]
    lines: list[str]
    warnings: list[str]


class CheckedNotebook(NamedTuple):
    """line: what to show of it; trains: whether it has a training cell."""

    data: bytes
    line: str
    warnings: list[str]
    trains: bool


def examine(kit: Kit) -> Contents:
    """Read and check all that is to be handed in.

    Raises HandInError with every reason why it cannot be, one to a line.
    """
    checked: dict[str, CheckedNotebook] = {}
    problems: list[str] = []
    for name in kit.notebooks:
        try:
            checked[name + ".ipynb"] = check_notebook(kit, name)
        except HandInError as problem:
            problems.append(str(problem))
    if problems:
        raise HandInError("\n".join(problems))
    artifacts = find_artifacts(kit, [*checked, MANIFEST])
    training = [file for file, one in checked.items() if one.trains]
    warnings = [warning for one in checked.values() for warning in one.warnings]
    warnings += artifacts.warnings
    warnings += check_saved_after_training(kit.folder, training, artifacts.paths)
    return Contents(
        notebooks={file: one.data for file, one in checked.items()},
        artifacts=artifacts.paths,
        lines=[one.line for one in checked.values()] + artifacts.lines,
        warnings=warnings,
    )


def check_notebook(kit: Kit, name: str) -> CheckedNotebook:
    """Read and check one notebook. Raises HandInError if it cannot be handed in."""
    file = name + ".ipynb"
    data = read_inside(kit.folder, file)
    cells, course = read_notebook(data, file), kit.notebooks[name]
    warnings, n_filled = check_answers(cells, course, file, kit.choices)
    warnings += check_runs(cells, course, file) + check_saved(kit.folder, file, data)
    if len(data) > NOTEBOOK_CAP_BYTES:
        warnings.append(
            f"{file} has {size(len(data))}, and the grader opens at most "
            f"{size(NOTEBOOK_CAP_BYTES)}: clear its largest outputs."
        )
    n_answers = n_to_answer(course, kit.choices)
    line = f"{file}: {n_filled} of {n_answers} answers filled in, {size(len(data))}"
    return CheckedNotebook(data, line, warnings, any(map(is_train, cells)))
