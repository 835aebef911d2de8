"""Code that several notebooks share, in `assignments/includes/`: a cell includes it before
its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from autograder.errors import CourseError
from autograder.release import text
from autograder.release.text import TextCell

FOLDER = "includes"
"""In `assignments/`, next to the assignments."""
# Nothing else is replaced: code is full of braces, and a figure's title may hold $x$.
SLUG = re.compile(r"\$slug\b")


def expand(cells: list[TextCell], folder: Path, slug: str) -> list[TextCell]:
    """The cells of a notebook, with the code of `folder` written out in those that include some.

    A cell stays one cell: the included code, a blank line, its own code if it has any. `$slug` in
    the included code becomes `slug`. Raises CourseError when a file is missing or is not one plain
    code cell.
    """
    return [_expand(cell, folder, slug) if cell.include else cell for cell in cells]


def _expand(cell: TextCell, folder: Path, slug: str) -> TextCell:
    file = folder / f"{cell.include}.py"
    if not file.is_file():
        known = ", ".join(sorted(other.stem for other in folder.glob("*.py"))) or "nothing yet"
        cell.fail(f"there is no {file}; write it, or include one of: {known}")
    shared = SLUG.sub(slug, _only_cell(file).source)
    return replace(cell, source="\n\n".join(part for part in (shared, cell.source) if part))


def _only_cell(file: Path) -> TextCell:
    """The one cell of an included file. Raises CourseError when it is more than plain code."""
    cells = text.read(file)
    if len(cells) != 1:
        fault = f"has {len(cells)} cells, but an included file is one code cell"
        raise CourseError(f"{file}: {fault}; write its code below one `# %%`")
    (cell,) = cells
    if cell.include:
        cell.fail("an included file cannot include another; copy its lines here")
    if cell.role != "course" or cell.tags:
        header = f'{cell.role}="{cell.name}"' if cell.name else "tags"
        cell.fail(f"an included file has no header; move {header} to the notebook that includes it")
    if cell.cell_type != "code":
        cell.fail('only code can be included; begin the file with "# %%"')
    return cell
