"""Source -> release with nbgrader's own generate_assignment, and the public `assignment.json`
beside it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dgm.handin.kit import SCHEMA

from autograder.course.assignment import Assignment
from autograder.course.cell_kinds import kind_of
from autograder.course.python_text import parse_cell
from autograder.errors import CourseError
from autograder.release.build import notebook_bytes

if TYPE_CHECKING:
    from nbformat import NotebookNode

DECLARATION = (
    "I wrote these answers myself. Everyone I worked with is named under "
    "collaborators, and everything that I took from "
    "elsewhere (people, papers, web pages, language models) is named next to the answer "
    "that uses it."
)


class _Remember(logging.Handler):
    """Keeps nbgrader's log instead of printing it: what went wrong belongs in the CourseError."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def generate(
    slug: str, sources: dict[str, NotebookNode], db_url: str | None = None
) -> dict[str, NotebookNode]:
    """The students' notebooks, made by nbgrader's GenerateAssignment from the instructor's
    notebooks `sources`.

    It runs in a temporary course folder that holds these notebooks and nothing else, because
    nbgrader copies every other file it finds into the release. With `db_url` (an SQLAlchemy URL)
    the assignment is also recorded in that gradebook; without, none is touched. Raises CourseError
    with nbgrader's own message.
    """
    import nbformat

    with tempfile.TemporaryDirectory(prefix="dgm-release-") as folder:
        root = Path(folder).resolve()
        for name, notebook in sources.items():
            file = root / "source" / slug / f"{name}.ipynb"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(notebook_bytes(notebook))
        _run_nbgrader(slug, root, db_url)
        released = {
            name: nbformat.read(root / "release" / slug / f"{name}.ipynb", as_version=4)
            for name in sources
        }
    for name, notebook in released.items():
        _check_stubs(f"release/{slug}/{name}.ipynb", notebook)
    return released


def _run_nbgrader(slug: str, root: Path, db_url: str | None) -> None:
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.assignment_id = slug
    config.CourseDirectory.course_id = "dgm"
    if db_url:
        config.CourseDirectory.db_url = db_url
    config.GenerateAssignment.force = True
    config.GenerateAssignment.create_assignment = True
    config.GenerateAssignment.no_database = db_url is None
    config.SaveCells.enabled = db_url is not None
    # Our mark schemes stand in manually graded answer cells, not in nbgrader's task cells.
    config.ClearMarkScheme.enforce_metadata = False
    remember = _Remember()
    log = logging.Logger(
        "autograder.release.nbgrader"
    )  # not in logging's tree: nothing reaches the terminal
    log.addHandler(remember)
    before, path = Path.cwd(), os.environ.get("PATH", "")
    try:
        # nbgrader starts `alembic` by its bare name for a new gradebook; it lies beside this
        # Python, activated or not.
        os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), path])
        converter = GenerateAssignment(
            coursedir=CourseDirectory(config=config, log=log), config=config, log=log
        )
        converter.start()
    except (Exception, SystemExit) as error:
        cause = next(
            (told for message in reversed(remember.messages) if (told := _last_words(message))),
            str(error),
        )
        raise CourseError(
            f"nbgrader could not generate {slug}: {cause}", detail="\n".join(remember.messages)
        ) from error
    finally:
        os.environ["PATH"] = path
        os.chdir(before)


def _last_words(message: str) -> str:
    """What the exception of a logged traceback says, on one line; "" when the message is no
    traceback.
    """
    found = (
        re.search(r"^[\w.]+(?:Error|Exception): .*\Z", message, re.MULTILINE | re.DOTALL)
        if "Traceback" in message
        else None
    )
    return " ".join(found.group().split()) if found else ""


def _check_stubs(file: str, notebook: NotebookNode) -> None:
    """What a student starts from must parse: a solution marker at the wrong indentation would leave
    a broken function.
    """
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.metadata.nbgrader.solution:
            continue
        try:
            parse_cell(cell.source)
        except SyntaxError as error:
            raise CourseError(
                f"{file}: without the solution, answer {cell.id!r} is no longer valid Python: "
                f"{error}"
            ) from error


def description(assignment: Assignment, released: dict[str, NotebookNode]) -> dict[str, Any]:
    """What `collect_submission.sh` and intake may know about the assignment: no answer, no hidden
    test, no mark scheme.
    """
    return {
        "schema": SCHEMA,
        "slug": assignment.slug,
        "title": assignment.title,
        "due": assignment.due.isoformat() if assignment.due else None,
        "archive_name": assignment.archive_name,
        "artifacts": list(assignment.artifacts),
        "measured": {
            each.quality.artifact: each.title
            for each in assignment.questions.values()
            if each.quality
        },
        "declaration": DECLARATION,
        **({"parts": _parts(assignment)} if assignment.parts else {}),
        **({"group_size": assignment.group_size} if assignment.group_size > 1 else {}),
        **(
            {
                "choose": [
                    {"title": one.title, "questions": list(one.questions), "count": one.count}
                    for one in assignment.choices
                ]
            }
            if assignment.choices
            else {}
        ),
        "notebooks": {
            name: {"cells": [_cell(assignment, cell) for cell in notebook.cells]}
            for name, notebook in released.items()
        },
    }


def _parts(assignment: Assignment) -> dict[str, Any]:
    return {
        name: {
            "title": part.title,
            "due": part.due.isoformat(),
            "notebooks": [one for one in assignment.notebooks if one in part.notebooks],
            "measured": [
                each.quality.artifact
                for each in assignment.questions.values()
                if each.quality and each.notebook in part.notebooks
            ],
        }
        for name, part in assignment.parts.items()
    }


def description_bytes(assignment: Assignment, released: dict[str, NotebookNode]) -> bytes:
    return (
        json.dumps(description(assignment, released), indent=1, ensure_ascii=False) + "\n"
    ).encode()


def _cell(assignment: Assignment, cell: NotebookNode) -> dict[str, Any]:
    meta = cell.metadata.nbgrader
    kind = "course" if (found := kind_of(cell)) == "train" else found
    question = (
        assignment.questions.get(cell.id.removeprefix("test_") if kind == "check" else cell.id)
        if kind != "course"
        else None
    )
    heading = next(
        (line.lstrip("#").strip() for line in cell.source.split("\n") if line.startswith("#")), ""
    )
    written = question is not None and kind == "analysis"
    described = {
        "id": meta.grade_id,
        "kind": kind,
        "title": question.title if question else heading if cell.cell_type == "markdown" else "",
        "words": question.words if question and written else 0,
        "sentences": question.sentences if question and written else 0,
        # By which a later build recognises what this one made.
        "sha256": hashlib.sha256(cell.source.encode()).hexdigest(),
    }
    # Whether an answer is blank is decided by comparing it with what was handed out.
    return described | ({"source": cell.source} if meta.solution else {})
