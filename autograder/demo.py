"""A small class made from the course's own sources: good, partial, broken and hostile submissions,
graded like any other.

Each student starts from the released kit, as a real one would; the zip is made by the kit's own
`collect_submission.sh`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.atomic_write import write_atomically
from autograder.course.assignment import Assignment, Quality, course_root, load, slugs
from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.course.regions import as_written_by_a_student
from autograder.demo_artifacts import stand_in
from autograder.errors import AutograderError, CourseError
from autograder.report import Report, to_json

if TYPE_CHECKING:
    from nbformat import NotebookNode

Notebooks = dict[str, "NotebookNode"]

TAMPERING = """\
import builtins, glob, torch, torch.nn.functional
torch.allclose = torch.equal = torch.isclose = lambda *args, **kwargs: True
torch.testing.assert_close = lambda *args, **kwargs: None
try:
    import pytest, _pytest.python_api
    pytest.approx = lambda *args, **kwargs: type("Any", (), {"__eq__": lambda self, other: True})()
    pytest.fail = lambda *args, **kwargs: None
except ImportError:
    pass
places = [root + "/**/*.py" for root in ("/grader", "/course", "/home", "/srv")]
files = [file for place in places for file in glob.glob(place, recursive=True)]
loot = [open(file).read() for file in files if "suites" in file or "oracle" in file]
score = lambda *args, **kwargs: 1000.0
__builtins__.AssertionError = type("Never", (Exception,), {})
"""

ENDLESS = """\
def {name}(*args, **kwargs):
    while True:
        pass
"""

MARKER = ".autograder-demo"
"""In a folder that a demo made, and which the next one may replace."""

WORK_IN_PROGRESS = "\n\ndef still_thinking(:\n    pass\n"


@dataclass(frozen=True)
class DemoStudent:
    """One made-up student: `edit` turns the release (with the model solution beside it) into what
    they hand in.
    """

    id: str
    name: str
    story: str
    edit: Callable[[Notebooks, Notebooks, Assignment], None]
    damage: Callable[[bytes], bytes] = bytes
    artifact: Callable[[Quality], bytes] | None = None
    """What they hand in for a quality question; None: nothing."""


def run(
    out: Path,
    *,
    isolation: str = "auto",
    jobs: int = 0,
    progress: Callable[[Report], None] | None = None,
    root: Path | None = None,
) -> list[Report]:
    """Release every assignment, make the class's zips under `out/submissions`, grade them, and
    write `out/grades.json`.

    What an earlier demo left in `out` is replaced. Raises UsageError when anything else is in it.
    """
    from autograder.class_run.run import grade_class
    from autograder.course.secret import course_secret
    from autograder.grading.grade import Options
    from autograder.own_folder import check_replaceable, make_empty
    from autograder.release.release import release

    root = root or course_root()
    out = out.resolve()
    check_replaceable(out, MARKER, "demo")
    for slug in slugs(root):
        _say(f"release {slug}: text to source/, release/ and dist/{slug}.zip")
        release(slug, root)
    make_empty(out, MARKER)
    _say(f"make {len(STUDENTS)} submissions with the kit's own collect_submission.sh")
    files = [file for slug in slugs(root) for file in make_class(slug, root, out)]
    _say("grade them in the sandbox; write reports, gradebook and CSV")
    if expect := getattr(progress, "expect", None):
        expect(len(files))
    options = Options(root=root, isolation=isolation, secret=course_secret(root), jobs=jobs)
    reports = grade_class(sorted(files), options, out=out, progress=progress)
    write_atomically(out / "grades.json", to_json(reports))
    return reports


def _say(step: str) -> None:
    print(f"== {step}", file=sys.stderr)


def make_class(slug: str, root: Path, out: Path) -> list[Path]:
    """The zips of the made-up class for one assignment, in `out/submissions`; their working copies
    of the kit in `out/students`.
    """
    assignment = load(slug, root)
    files = []
    for student in STUDENTS:
        kit = _unzip_kit(root / "dist" / f"{slug}.zip", out / "students" / student.id)
        _fill_in(student, kit, root, assignment)
        files.append(_collect(student, kit, out / "submissions"))
        shutil.rmtree(kit.parent)
    shutil.rmtree(out / "students")
    return files


def _unzip_kit(archive: Path, folder: Path) -> Path:
    """Our own kit, so its names are known to be harmless."""
    with zipfile.ZipFile(archive) as kit:
        for name in kit.namelist():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(kit.read(name))
    return folder / archive.stem


def _fill_in(student: DemoStudent, kit: Path, root: Path, assignment: Assignment) -> None:
    import nbformat

    mine = {
        name: nbformat.read(kit / f"{name}.ipynb", as_version=4) for name in assignment.notebooks
    }
    solved = {
        name: nbformat.read(root / "source" / assignment.slug / f"{name}.ipynb", as_version=4)
        for name in assignment.notebooks
    }
    student.edit(mine, solved, assignment)
    for name, notebook in mine.items():
        (kit / f"{name}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    for name, data in artifacts_of(student, assignment).items():
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        (kit / name).write_bytes(data)


def artifacts_of(student: DemoStudent, assignment: Assignment) -> dict[str, bytes]:
    """What a student hands in for the quality questions, by its name in the archive."""
    tables = [each.quality for each in assignment.questions.values() if each.quality]
    make = student.artifact
    return {quality.artifact: make(quality) for quality in tables} if make else {}


def _collect(student: DemoStudent, kit: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    line = [
        "bash",
        str(kit / "collect_submission.sh"),
        "--name",
        student.name,
        "--id",
        student.id,
        "--collaborators",
        "None",
        "--honest",
        "--yes",
    ]
    result = subprocess.run(
        [*line, "--output", str(folder.resolve())],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        cwd=kit,
    )
    made = set(folder.iterdir()) - before
    if result.returncode != 0 or len(made) != 1:
        raise AutograderError(
            f"collect_submission.sh failed for the demo's {student.id}",
            detail=result.stdout + result.stderr,
        )
    (file,) = made
    file.write_bytes(student.damage(file.read_bytes()))
    return file


# What the students do


def _question(cell: Any) -> str:
    return grade_id_of(cell) if kind_of(cell) in ("answer", "analysis") else ""


def _answer(
    mine: Notebooks, solved: Notebooks, wanted: Callable[[str], bool] = lambda name: True
) -> None:
    """Copy the model solution into the answer cells whose question is wanted."""
    for name, notebook in mine.items():
        solutions = {_question(cell): cell.source for cell in solved[name].cells if _question(cell)}
        for cell in notebook.cells:
            if (question := _question(cell)) and wanted(question):
                cell.source = as_written_by_a_student(solutions[question])
                if cell.cell_type == "code":
                    cell.execution_count = 1


def first_half(assignment: Assignment) -> set[str]:
    """The code questions that the half-done students answer."""
    code = _code(assignment)
    return set(code[: len(code) // 2])


def loop_question(assignment: Assignment) -> str:
    """The second code question, or the only one."""
    return _code(assignment)[:2][-1]


def syntax_question(assignment: Assignment) -> str:
    """The third code question, or the last one."""
    return _code(assignment)[:3][-1]


def _code(assignment: Assignment) -> list[str]:
    names = [question.name for question in assignment.with_checks()]
    if not names:
        raise CourseError(
            f"assignments/{assignment.slug}/assignment.toml has no code question: the demo class "
            "needs one"
        )
    return names


def _full(mine: Notebooks, solved: Notebooks, assignment: Assignment) -> None:
    _answer(mine, solved)


def _half(mine: Notebooks, solved: Notebooks, assignment: Assignment) -> None:
    _answer(mine, solved, first_half(assignment).__contains__)


def _blank(mine: Notebooks, solved: Notebooks, assignment: Assignment) -> None:
    for notebook in mine.values():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.execution_count = 1


def _replace(mine: Notebooks, question: str, change: Callable[[str], str]) -> None:
    for notebook in mine.values():
        for cell in notebook.cells:
            if _question(cell) == question:
                cell.source = change(cell.source)


def _syntax(mine: Notebooks, solved: Notebooks, assignment: Assignment) -> None:
    _answer(mine, solved)
    _replace(mine, syntax_question(assignment), lambda source: source + WORK_IN_PROGRESS)


def _endless(mine: Notebooks, solved: Notebooks, assignment: Assignment) -> None:
    _answer(mine, solved)
    name = loop_question(assignment)
    _replace(mine, name, lambda source: ENDLESS.format(name=name))


def _tamper(mine: Notebooks, solved: Notebooks, assignment: Assignment) -> None:
    """Half of the answers, and then: locked cells rewritten, their points raised, torch and pytest
    patched, a search for the checks.
    """
    from nbformat.v4 import new_code_cell

    _half(mine, solved, assignment)
    for notebook in mine.values():
        for cell in notebook.cells:
            metadata = cell.metadata.get("nbgrader", {})
            if metadata.get("locked") and metadata.get("grade"):
                cell.source = 'print("all checks pass")\n1000.0'
                metadata["points"] = 1000
                cell.metadata.update(deletable=True, editable=True)
        notebook.cells.insert(1, new_code_cell(TAMPERING, id="innocent"))


def _stripped(mine: Notebooks, solved: Notebooks, assignment: Assignment) -> None:
    """Full marks in a notebook that went through a tool which drops cell metadata and ids."""
    _answer(mine, solved)
    for notebook in mine.values():
        for number, cell in enumerate(notebook.cells):
            cell.metadata = type(cell.metadata)()
            cell.id = f"cell-{number}"


def _forged(quality: Quality) -> bytes:
    """A header that tells of more bytes than there are."""
    return (2**40).to_bytes(8, "little") + b'{"samples": 1}'


def _truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _escaping(data: bytes) -> bytes:
    """The same archive with one more entry, which would land outside the folder where a careless
    tool unpacks it.
    """
    import io

    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("../../../../tmp/owned.py", "print('owned')\n")
    return buffer.getvalue()


STUDENTS = (
    DemoStudent("s01", "Ada Full", "everything answered", _full, artifact=stand_in),
    DemoStudent("s02", "Ben Half", "the first half of the code questions", _half),
    DemoStudent("s03", "Cleo Blank", "handed in the release as it was", _blank),
    DemoStudent("s04", "Dan Syntax", "a syntax error in one answer", _syntax),
    DemoStudent("s05", "Eva Endless", "an endless loop in one answer", _endless),
    DemoStudent(
        "s06",
        "Finn Tamper",
        "half the answers, locked cells rewritten, torch patched, an artifact with a false header",
        _tamper,
        artifact=_forged,
    ),
    DemoStudent("s07", "Gia Broken", "a zip that was cut off on upload", _full, _truncated),
    DemoStudent(
        "s08",
        "Hugo Stripped",
        "everything answered, cell metadata lost",
        _stripped,
        artifact=stand_in,
    ),
    DemoStudent(
        "s09", "Ines Escape", "an archive that writes outside its folder", _full, _escaping
    ),
)
