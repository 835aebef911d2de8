"""What the visible checks of a submission say, in the sandbox: a sentence for each code question.

They are the course's own check cells, as students have them. They count nothing: student code
shares their process and may make them say anything, so what they say is the student's text.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from autograder.align.align import AlignedNotebook, align
from autograder.align.display import CUT_CODE
from autograder.course.assignment import Assignment
from autograder.course.released import release_notebook
from autograder.errors import StudentError
from autograder.grading.notebook_run import NotebookRun
from autograder.intake.untrusted_text import clean

if TYPE_CHECKING:
    from autograder.grading.grade import Options

PASS = "visible checks pass"
"""What `dgm.check` says of a question whose visible checks all pass."""
MAX_CHARS = 600

CAPTURE = """\
import io as autograder_io, sys as autograder_sys
autograder_said = autograder_sys.stdout = autograder_io.StringIO()
def autograder_asks():
    return autograder_said.getvalue()[-4000:]
"""
"""Keeps what a check cell prints."""


def kept_verdicts(
    notebooks: Mapping[str, bytes], assignment: Assignment, options: Options
) -> dict[str, str]:
    """`verdicts`, of the notebooks that are kept next to a report. Code that was cut there is not
    run, and its question says so.
    """
    return verdicts(notebooks, assignment, options, kept=True)


def verdicts(
    notebooks: Mapping[str, bytes],
    assignment: Assignment,
    options: Options,
    *,
    kept: bool = False,
) -> dict[str, str]:
    """By code question, what its visible checks say of these notebooks.

    A question whose notebook was not handed in, or cannot be read, says so. Raises AutograderError
    when the sandbox itself fails.
    """
    said: dict[str, str] = {}
    expires = time.monotonic() + options.time_for(assignment)
    for name in assignment.notebooks:
        code = [one.name for one in assignment.in_notebook(name) if one.has_checks]
        if not code:
            continue
        release = release_notebook(options.root, assignment.slug, name)
        aligned = align(notebooks.get(name), release, assignment, name)
        if aligned.problem:
            said |= dict.fromkeys(code, clean(aligned.problem, MAX_CHARS))
        else:
            said |= _of_notebook(aligned, code, assignment, options, expires, kept)
    return said


def _of_notebook(
    aligned: AlignedNotebook,
    code: list[str],
    assignment: Assignment,
    options: Options,
    expires: float,
    kept: bool,
) -> dict[str, str]:
    from autograder.sandbox.client import Sandbox

    cells = {cell.name: cell for cell in aligned.cells}
    cut = kept and any(cell.source.startswith(CUT_CODE) for cell in aligned.cells)
    limits, said = assignment.limits, {}
    with Sandbox(
        options.root,
        mode=options.isolation,
        memory_mb=limits.memory_mb,
        cpu_s=limits.submission_s,
        address=options.zygote,
    ) as sandbox:
        run = NotebookRun(sandbox, aligned.cells, limits, expires + sandbox.waited_s)
        for name in code:
            answer, check = cells.get(name), cells.get(f"test_{name}")
            if kept and answer is not None and answer.source.startswith(CUT_CODE):
                said[name] = "not run: the code is too long to be kept"
            elif answer is None or answer.blank:
                said[name] = "not answered yet"
            elif check is None:
                continue
            else:
                said[name] = _verdict(run, name, check.source)
                if cut and said[name] != PASS:
                    said[name] += (
                        " (a cell of this notebook is too long to be kept, and was not run)"
                    )
    return said


def _verdict(run: NotebookRun, name: str, source: str) -> str:
    from autograder.checks.judge import describe

    try:
        student = run.student()
        run.exec("visible_checks", CAPTURE)
        run.exec(f"test_{name}", source)
        said = _printed(student.autograder_asks(), name)
    except StudentError as error:
        said = f"not yet: {describe(error)}"
    if errors := run.told_of(name, full_marks=said == PASS):
        said = f"{said}; {'; '.join(errors)}"
    return clean(said, MAX_CHARS)


def _printed(text: object, name: str) -> str:
    """The verdict in what a check cell printed: the line of its question. A cell that neither
    printed nor raised anything passes.
    """
    lines = text.splitlines() if isinstance(text, str) else []
    own = [line for line in lines if line.startswith(f"{name}: ")]
    return own[-1].removeprefix(f"{name}: ") if own else PASS
