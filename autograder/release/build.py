"""Text -> `source/<slug>/<notebook>.ipynb`: headers become nbgrader metadata, cell ids, markers and
the hidden line.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.assignment import Assignment, Question
from autograder.course.python_text import parse_cell
from autograder.course.regions import HIDDEN_TESTS, MARK_SCHEME, SOLUTION, Split, split
from autograder.errors import CourseError
from autograder.release import include, text
from autograder.release.text import TextCell

if TYPE_CHECKING:
    from nbformat import NotebookNode

# The same on every machine: no Python version, no kernel of whoever built it. nbgrader reads
# `language`.
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
CELLS_OF = {
    "code": ("answer", "check"),
    "quality": ("quality",),
    "theory": ("analysis",),
    "experiment": ("analysis",),
}
"""The cells of a question in the text, by its kind."""
CHECKS = ("check", "quality")
"""Cells that become locked cells worth the points, `test_<question>`."""
SCHEME_POINT = re.compile(r"[-*] (\d+(?:\.\d+)?) points?\b")


def build(assignment: Assignment, folder: Path) -> dict[str, NotebookNode]:
    """Build every notebook of the assignment from its text in `folder` (`assignments/<slug>`).

    Returns the instructor's notebooks by name, in the order of their questions; the same text gives
    the same notebooks. Raises CourseError, which names file and cell, when text and assignment.toml
    do not fit together.
    """
    names = assignment.notebooks
    if not names:
        raise CourseError(f"{folder / 'assignment.toml'}: there are no questions")
    _no_stray_text(folder, names)
    texts = {name: text.read(text.find(folder, name)) for name in names}
    shared = folder.parent / include.FOLDER
    cells = {name: include.expand(texts[name], shared, assignment.slug) for name in names}
    _check_questions(assignment, folder / "assignment.toml", cells)
    _check_choices(assignment, folder / "assignment.toml", cells)
    grade_ids: dict[str, TextCell] = {}
    return {name: _notebook(assignment, name, cells[name], grade_ids) for name in names}


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as nbformat writes it (sorted keys), validated, with one newline at its end."""
    import nbformat

    nbformat.validate(notebook)
    return nbformat.writes(notebook).rstrip("\n").encode() + b"\n"


def _no_stray_text(folder: Path, names: list[str]) -> None:
    for file in sorted(folder.iterdir()):
        if file.suffix in text.FORMATS and file.stem not in names and file.name != "README.md":
            raise CourseError(f"{file}: a text notebook without any question in assignment.toml")


def _check_questions(assignment: Assignment, toml: Path, cells: dict[str, list[TextCell]]) -> None:
    """Every question has its cells, in its notebook, in order; every cell that earns points has its
    question.
    """
    seen: dict[tuple[str, str], TextCell] = {}
    for notebook, in_order in cells.items():
        for cell in in_order:
            if cell.role in ("course", "train", "choose"):
                continue
            if (first := seen.setdefault((cell.role, cell.name), cell)) is not cell:
                cell.fail(f"{cell.role}={cell.name!r} is there twice; the first is {first.where}")
            question = assignment.questions.get(cell.name)
            if cell.role == "check" and ("answer", cell.name) not in seen:
                cell.fail(f"the check of {cell.name!r} has no answer cell before it")
            if question is None:
                if cell.role != "answer":
                    cell.fail(
                        f"{cell.role}={cell.name!r} earns points, but assignment.toml has no "
                        f"[questions.{cell.name}]"
                    )
                continue
            if question.notebook != notebook:
                cell.fail(
                    f"assignment.toml puts question {cell.name!r} in notebook {question.notebook!r}"
                )
            if cell.role not in CELLS_OF[question.kind]:
                cell.fail(
                    f"{cell.role}={cell.name!r}, but assignment.toml says that its kind is "
                    f"{question.kind!r}"
                )
    for name, question in assignment.questions.items():
        if question.points <= 0:
            raise CourseError(
                f"{toml}: question {name} has {question.points:g} points; a question earns points"
            )
        for role in CELLS_OF[question.kind]:
            if (role, name) not in seen:
                raise CourseError(
                    f"{toml}: question {name} has no {role} cell in notebook {question.notebook!r}"
                )


def _check_choices(assignment: Assignment, toml: Path, cells: dict[str, list[TextCell]]) -> None:
    """Every choice has its cell, after its questions; every such cell has its choice."""
    found: dict[str, TextCell] = {}
    for notebook, in_order in cells.items():
        left = {each.name for each in assignment.in_notebook(notebook)}
        for cell in in_order:
            if cell.role != "choose":
                left -= {cell.name} if cell.role in (*CHECKS, "analysis") else set()
                continue
            choice = assignment.choose.get(cell.name)
            if choice is None:
                cell.fail(f"assignment.toml has no [choose.{cell.name}]")
            if (first := found.setdefault(cell.name, cell)) is not cell:
                cell.fail(f"choose={cell.name!r} is there twice; the first is {first.where}")
            if cell.source:
                cell.fail(f"the build writes the cell choose={cell.name!r}: leave it empty")
            if below := [name for name in choice.questions if name in left]:
                cell.fail(
                    f"choose={cell.name!r} goes below its questions, but {below[0]} is not above"
                )
            if assignment.questions[choice.questions[0]].notebook != notebook:
                cell.fail(f"the questions of choose={cell.name!r} are in another notebook")
    for name, choice in assignment.choose.items():
        if name not in found:
            notebook = assignment.questions[choice.questions[0]].notebook
            raise CourseError(
                f"{toml}: [choose.{name}] has no cell. Write one below its questions in notebook "
                f'{notebook!r}: # %% choose="{name}"'
            )


def _notebook(
    assignment: Assignment, notebook: str, cells: list[TextCell], grade_ids: dict[str, TextCell]
) -> NotebookNode:
    from nbformat import v4

    built = v4.new_notebook(metadata=NOTEBOOK_METADATA)
    locked = 0
    for cell in cells:
        if cell.role in ("course", "train"):
            locked += 1
            grade_id = f"{notebook}_{locked:03d}"
        elif cell.role == "choose":
            grade_id = assignment.choose[cell.name].cell
        else:
            grade_id = f"test_{cell.name}" if cell.role in CHECKS else cell.name
        if (first := grade_ids.setdefault(grade_id, cell)) is not cell:
            cell.fail(f"grade_id {grade_id!r} is taken by {first.where}; rename one")
        make = v4.new_code_cell if cell.cell_type == "code" else v4.new_markdown_cell
        source = _source(assignment, cell)
        built.cells.append(
            make(
                source,
                id=grade_id,
                metadata=_metadata(assignment.questions.get(cell.name), cell, grade_id),
            )
        )
    return built


def _metadata(question: Question | None, cell: TextCell, grade_id: str) -> dict[str, object]:
    graded = cell.role in (*CHECKS, "analysis", "choose")
    solution = cell.role in ("answer", "analysis")
    nbgrader: dict[str, object] = {
        "schema_version": 3,
        "grade": graded,
        "solution": solution,
        "locked": not solution,
        "task": False,
    }
    nbgrader["grade_id"] = grade_id
    if graded and question:
        # nbgrader adds these up to its maximum, which bonus questions must not raise.
        nbgrader["points"] = (
            0
            if question.bonus
            else int(question.points)
            if question.points == int(question.points)
            else question.points
        )
    if cell.role == "choose":  # nbgrader allows no points below 0: gradebook/choices.py sets them
        nbgrader["points"] = 0
    tags = (["train"] if cell.role == "train" else []) + list(cell.tags)
    return {"nbgrader": nbgrader} | ({"tags": tags} if tags else {})


def _source(assignment: Assignment, cell: TextCell) -> str:
    try:
        parts = split(cell.source)
    except ValueError as error:
        cell.fail(str(error))
    allowed = {"answer": {SOLUTION}, "analysis": {SOLUTION, MARK_SCHEME}}.get(cell.role, set())
    for kind in parts.bodies:
        if kind not in allowed:
            cell.fail(
                f"a {cell.role} cell cannot have a {kind} region"
                + (" (the build adds it)" if cell.role in CHECKS else "")
            )
    if cell.cell_type == "code":
        _compiles(cell)
    if cell.role in ("answer", *CHECKS) and cell.source.startswith("%%"):
        cell.fail(
            "a cell magic has to be the first line, and so has the marker comment; call the "
            "magic's function instead"
        )
    if cell.role == "answer":
        _need(cell, parts, SOLUTION)
        _stub_stays_inside(cell)
        return f"# question: {cell.name}\n{cell.source}"
    if cell.role == "check":
        return _check_source(assignment.slug, cell)
    if cell.role == "quality":
        return _quality_source(assignment, cell)
    if cell.role == "choose":
        return _choose_source(assignment, cell.name)
    if cell.role == "analysis":
        _need(cell, parts, SOLUTION)
        _need(cell, parts, MARK_SCHEME)
        _scheme_adds_up(cell, parts, assignment.questions[cell.name].points)
        return f"<!-- question: {cell.name} -->\n{cell.source}"
    return cell.source


def _check_source(slug: str, cell: TextCell) -> str:
    if not re.search(rf"^@visible_checks\([\"']{cell.name}[\"']\)", cell.source, re.MULTILINE):
        cell.fail(f'a check is one function under @visible_checks("{cell.name}")')
    # The last expression of the cell, so that nbgrader reads its value as partial credit.
    hidden = f'__import__("autograder.kernel").kernel.score("{slug}", "{cell.name}", globals())'
    return f"{cell.source}\n### BEGIN {HIDDEN_TESTS}\n{hidden}\n### END {HIDDEN_TESTS}"


def _quality_source(assignment: Assignment, cell: TextCell) -> str:
    """What the author wrote, then the course's check of the artifact, with what assignment.toml
    says of it.
    """
    quality = assignment.questions[cell.name].quality
    if quality is None:
        cell.fail(f"assignment.toml has no [questions.{cell.name}.quality]")
    given = {"full": quality.full, "half": quality.half} | quality.options
    visible = [
        cell.source,
        "from dgm.quality import show_quality",
        "",
        "show_quality(",
        *(f"    {json.dumps(text)}," for text in (cell.name, quality.artifact, quality.metric)),
        *(f"    {name}={_literal(value)}," for name, value in given.items()),
        ")",
    ]
    hidden = (
        f'__import__("autograder.kernel").kernel.quality_score("{assignment.slug}", "{cell.name}")'
    )
    lines = [*visible, f"### BEGIN {HIDDEN_TESTS}", hidden, f"### END {HIDDEN_TESTS}"]
    return "\n".join(lines).lstrip("\n")


def _choose_source(assignment: Assignment, name: str) -> str:
    """What a student reads in the cell that stands for a choice."""
    choice = assignment.choose[name]
    each = assignment.questions[choice.questions[0]].points
    lines = [
        f"{choice.rule}, {each:g} points each.",
        "A question more than that costs nothing. There is nothing to do in this cell.",
    ]
    return "\n".join(f"# {line}" for line in lines)


def _compiles(cell: TextCell) -> None:
    """Every code cell, model solutions included, must be valid Python; magics are left out."""
    if cell.source.startswith("%%"):
        return
    try:
        parse_cell(cell.source)
    except SyntaxError as error:
        cell.fail(f"line {error.lineno} of the cell is not valid Python: {error.msg}")


def _literal(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _need(cell: TextCell, parts: Split, kind: str) -> None:
    if not any(line.strip() for body in parts.of(kind) for line in body):
        cell.fail(
            f"{cell.role}={cell.name!r} needs its {kind.lower()} between ### BEGIN {kind} and "
            f"### END {kind}"
        )


def _stub_stays_inside(cell: TextCell) -> None:
    """nbgrader indents its stub like the marker: one level too far left and a function is empty,
    the error outside it.
    """
    for marker, first in re.findall(
        rf"^([ \t]*)\S[^\n]*BEGIN {SOLUTION}[^\n]*\n\s*?^([ \t]*)\S", cell.source, re.MULTILINE
    ):
        if marker != first:
            cell.fail(
                f"### BEGIN {SOLUTION} is indented by {len(marker)}, the solution under it by "
                f"{len(first)}; the stub takes its place"
            )


def _scheme_adds_up(cell: TextCell, parts: Split, points: float) -> None:
    """A scheme whose every item says `- <n> points` must add up to the question's points; other
    schemes are left alone.
    """
    items = [
        line for body in parts.of(MARK_SCHEME) for line in body if line.startswith(("- ", "* "))
    ]
    given = [match for item in items if (match := SCHEME_POINT.match(item))]
    if items and len(given) == len(items):
        total = sum(float(match.group(1)) for match in given)
        if abs(total - points) > 1e-9:
            cell.fail(
                f"its mark scheme adds up to {total:g} points, assignment.toml gives the "
                f"question {points:g}"
            )
