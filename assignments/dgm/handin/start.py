"""Where the program starts: from a notebook cell, or from the command line.

Nothing but `errors` is imported before `main` has cleaned the path.
"""

from __future__ import annotations

from dgm.handin.errors import HandInError

TYPE_CHECKING = False  # typing's own would be another import
if TYPE_CHECKING:
    from pathlib import Path
    from typing import NoReturn


def collect(
    name: str | None = None,
    id: str | None = None,
    collaborators: str | None = None,
    honest: bool = False,
    *,
    slug: str | None = None,
    output: str | Path = ".",
    force: bool = False,
    group: str | None = None,
    part: str | None = None,
) -> Path:
    """Check the notebooks of the kit and write the archive to hand in, from a notebook cell.

    name, id: yours, as the course knows you.
    collaborators: the people you worked with, or "None".
    honest: True accepts the declaration of the assignment, which is printed.
    slug: the assignment, needed only at the top level of the course.
    output: the folder for the archive.
    force: replace an archive of the same name.
    group: student ids of the others, or "None", where groups hand in together.
    part: the part to hand in alone, where the assignment has parts; all of them if None.

    Prints what it found and returns the path of the archive. Raises HandInError.
    """
    from dgm.handin.dialogue import NotebookDialogue
    from dgm.handin.kit import find_root
    from dgm.handin.procedure import Options, hand_in

    options = Options(
        name, id, collaborators, honest, slug, str(output), force, group=group, part=part
    )
    try:
        return hand_in(find_root(), options, NotebookDialogue())
    except HandInError as error:
        raise HandInError(str(error)) from None


def main(root: str | None = None, program: str = "python -m dgm.handin") -> NoReturn:
    """Run the command line and exit: 0 archive written, 1 fault in the files, 2 wrong usage.

    root: the folder of the kit or the course; by default it is searched from the current folder
    upwards, then from this package. program: what `--help` calls the command.
    """
    import os
    import sys

    try:
        here = os.getcwd()
    except OSError:
        here = ""
    # A json.py or zipfile.py that a student keeps in this folder must not replace Python's own.
    sys.path[:] = [entry for entry in sys.path if entry not in ("", here)]
    from dgm.handin.command import run

    sys.exit(run(sys.argv[1:], root, program))
