"""`autograder init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = "Example:\n\n  autograder init ~/my-course"


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default=False)
    ],
) -> None:
    """Make a course with one small assignment and its hidden checks, to change and to add to."""
    from autograder.course.skeleton import make_course

    files = make_course(folder)
    print(
        f"{folder}: {len(files)} files. Read {folder / 'README.md'}, then: cd {folder}; "
        "autograder release; autograder audit"
    )
