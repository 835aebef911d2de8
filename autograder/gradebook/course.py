"""The course's side of nbgrader's gradebook: the file, the assignment with its cells, and the
settings that formgrader starts with.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

from autograder.atomic_write import TEMPORARY, write_atomically
from autograder.course.assignment import Assignment
from autograder.course.points import add_points
from autograder.errors import AutograderError, CourseError
from autograder.gradebook.marking_page.settings import CONFIG_LINES
from autograder.worker.speed import is_on

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from traitlets.config import Config

CONFIG = "nbgrader_config.py"
OURS = (
    "# Written by autograder: change nothing here, it is written again with every "
    "grading. Delete this line to keep your own settings."
)


WAIT_S = 20
"""For another program that has locked the gradebook (formgrader saving a mark takes no second)."""


def database_url(gradebook: Path) -> str:
    """Also of a file whose path has `?`, `%` or `#` in it."""
    from sqlalchemy import URL

    url = URL.create("sqlite", database=str(gradebook.resolve()), query={"timeout": str(WAIT_S)})
    return url.render_as_string(hide_password=False)


@contextmanager
def open_gradebook(file: Path, course_id: str = "") -> Iterator[Gradebook]:
    """nbgrader's gradebook in `file`, made when it is not there. New assignments belong to
    `course_id`, else to nbgrader's default course.

    Raises AutograderError when the file is no gradebook, is locked, or cannot be written.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import DatabaseError

    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        if not file.exists() or not file.stat().st_size:
            _make_gradebook(file, course_id)
        elif file.stat().st_mode & 0o007:  # of an earlier version; a staff group keeps its rights
            file.chmod(file.stat().st_mode & 0o770)
        gradebook = Gradebook(database_url(file), course_id or "default_course")
    except (DatabaseError, ValueError, OSError) as error:
        raise AutograderError(f"{file} cannot be used as a gradebook", detail=str(error)) from error
    with _told_in_a_sentence(file):
        try:
            yield gradebook
        finally:
            gradebook.close()


@contextmanager
def _told_in_a_sentence(file: Path) -> Iterator[None]:
    """What keeps SQLite from writing: a full disk, somebody who holds the file."""
    from sqlalchemy.exc import OperationalError

    try:
        yield
    except OperationalError as error:
        raise AutograderError(
            f"{file} cannot be written: {error.orig}. Make room, or wait for whoever uses it; the "
            "same command then goes on from there"
        ) from error


def _make_gradebook(file: Path, course_id: str) -> None:
    """A new, empty gradebook, whole or not at all: nbgrader never finishes one that a killed run
    had begun.
    """
    import nbgrader.api

    made = file.with_name(f".{file.name}{TEMPORARY}")
    made.unlink(missing_ok=True)
    its_own = nbgrader.api.get_alembic_version
    if is_on("alembic"):
        nbgrader.api.get_alembic_version = _alembic_version
    try:
        made.touch(mode=0o600)  # SQLite would make it readable by everybody
        nbgrader.api.Gradebook(database_url(made), course_id or "default_course").close()
        os.replace(made, file)
    finally:
        nbgrader.api.get_alembic_version = its_own
        made.unlink(missing_ok=True)


def _alembic_version() -> str:
    """The newest version of nbgrader's tables. nbgrader runs the command `alembic` for it: seconds,
    and it must be on PATH.
    """
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import _temp_alembic_ini

    with _temp_alembic_ini("sqlite://") as settings:
        return str(ScriptDirectory.from_config(Config(settings)).get_current_head())


def define(file: Path, assignment: Assignment, course: Path) -> dict[str, NotebookNode]:
    """Put the assignment, its notebooks and their cells into the gradebook, as `nbgrader
    generate_assignment` does.

    Returns the notebooks of `source/<slug>/` by name, as they are in the gradebook: solutions taken
    out, checksums in their metadata. Raises CourseError when there is no built source, or when
    submissions are recorded for other cells than it has now.
    """
    folder = course / "source" / assignment.slug
    sources = sorted(folder.glob("*.ipynb"))
    if not sources:
        raise CourseError(
            f"{folder} has no notebooks: run `autograder release {assignment.slug}` first"
        )
    config = _course_config(course)
    with open_gradebook(file, config.CourseDirectory.get("course_id", "")) as gradebook:
        gradebook.update_or_create_assignment(
            assignment.slug, **({"duedate": assignment.due} if assignment.due else {})
        )
    with _told_in_a_sentence(file):
        saved = {
            source.stem: _save_cells(source, file, assignment.slug, config) for source in sources
        }
    if assignment.choices:
        with open_gradebook(file) as gradebook:
            _define_choices(gradebook, assignment)
    return saved


def _define_choices(gradebook: Gradebook, assignment: Assignment) -> None:
    """Set the maximum of each choice's cell. nbgrader's own definition of the assignment, which has
    no negative points, comes first.
    """
    for choice in assignment.choices:
        questions = [assignment.questions[name] for name in choice.questions]
        cell = gradebook.find_grade_cell(choice.cell, questions[0].notebook, assignment.slug)
        every = add_points(each.points for each in questions)
        cell.max_score = add_points([assignment.most_points(questions), -every])
    gradebook.db.commit()


def _course_config(course: Path) -> Config:
    """The course's nbgrader settings: a change of, say, the solution delimiters must hold
    here too.
    """
    from traitlets.config import Config, PyFileConfigLoader

    return (
        PyFileConfigLoader(CONFIG, path=str(course)).load_config()
        if (course / CONFIG).is_file()
        else Config()
    )


def _save_cells(source: Path, file: Path, slug: str, config: Config) -> NotebookNode:
    """Run nbgrader's own preprocessors on a copy of the notebook, up to and with the one that saves
    its cells in the gradebook.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import SaveCells

    notebook = nbformat.read(source, as_version=4)
    resources: dict[str, Any] = {
        "unique_key": source.stem,
        "metadata": {"name": source.stem, "path": str(source.parent)},
        "nbgrader": {
            "notebook": source.stem,
            "assignment": slug,
            "student": ".",
            "db_url": database_url(file),
        },
    }
    steps = list(
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).preprocessors
    )
    for step in steps[: steps.index(SaveCells) + 1]:
        saved = copy.deepcopy(notebook)
        try:
            notebook, resources = step(config=config)(notebook, resources)
        except RuntimeError as error:
            raise CourseError(
                f"{source}: {error}. Grade into a new gradebook file, or build the release that "
                "was graded."
            ) from error
    return saved


def write_formgrader_folder(root: Path, gradebook: Path, course: Path, slug: str) -> None:
    """Write what Jupyter needs when it is started in `root`: copies of the assignment's source and
    release, and `nbgrader_config.py` that finds them and the gradebook beside itself.

    Copies, so that formgrader's *Generate*, which deletes a release before it builds one, works on
    them alone; nothing in the folder names another place, so that it can be moved and copied. A
    configuration that the course or a person wrote is left alone, with all that belongs to it.
    """
    config = root / CONFIG
    if root.resolve() == course.resolve() or (
        config.is_file() and OURS not in config.read_text(encoding="utf-8", errors="replace")
    ):
        return
    for kind in ("source", "release"):
        _copy_notebooks(course / kind / slug, root / kind / slug)
    beside = gradebook.parent.resolve() == root.resolve()
    file = f"root / {gradebook.name!r}" if beside else repr(str(gradebook.resolve()))
    course_id = str(_course_config(course).CourseDirectory.get("course_id", ""))
    lines = [
        OURS,
        "from pathlib import Path",
        "",
        "from sqlalchemy import URL",
        "",
        "c = get_config()  # noqa: F821",
        "root = Path(__file__).resolve().parent",
        "c.CourseDirectory.root = str(root)",
        f'database = URL.create("sqlite", database=str({file}))',
        "c.CourseDirectory.db_url = database.render_as_string(hide_password=False)",
        *([f"c.CourseDirectory.course_id = {course_id!r}"] if course_id else []),
        "# Our mark schemes are in answer cells, which nbgrader would refuse.",
        "c.ClearMarkScheme.enforce_metadata = False",
        *CONFIG_LINES,
    ]
    write_atomically(config, ("\n".join(lines) + "\n").encode("utf-8"))


def _copy_notebooks(folder: Path, to: Path) -> None:
    files = {file.name: file.read_bytes() for file in sorted(folder.glob("*.ipynb"))}
    for name, data in files.items():
        if not (to / name).is_file() or (to / name).read_bytes() != data:
            write_atomically(to / name, data)
    for old in (*to.glob("*.ipynb"), *to.glob(f".*{TEMPORARY}")):  # the latter of a killed run
        if old.name not in files:
            old.unlink()
