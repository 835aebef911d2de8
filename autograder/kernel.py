"""The in-kernel path: what the hidden line of a check cell, or of a quality question's, calls when
plain `nbgrader autograde` runs the notebook.

The same checks, through the same protocol, against the kernel's own namespace: the same score,
without the isolation.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any


def score(slug: str, question: str, namespace: dict[str, Any]) -> float:
    """Points for one question, which nbgrader reads as partial credit when it is the cell's last
    expression.

    Bonus questions have 0 points in nbgrader's cell; their points are only counted by `autograder
    grade`. Raises AutograderError when a check could not be decided: nbgrader then shows the error
    to staff.
    """
    from autograder.checks.judge import run_question
    from autograder.checks.judge import score as add_up
    from autograder.checks.suite import use_suites_of
    from autograder.course.assignment import course_root, load
    from autograder.course.secret import course_secret
    from autograder.errors import AutograderError
    from autograder.sandbox.proxy import local_student
    from autograder.worker.responder import Switches

    root = course_root()
    use_suites_of(root)
    asked = load(slug, root).questions[question]
    # nbgrader gives 0 points for anything on stderr, even for a warning of torch
    with (
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        switches = Switches.now()
        student = local_student(namespace)
        checks = run_question(slug, asked, lambda: student, course_secret(root))
        switches.restore()
    points = add_up(asked, checks)
    if points is None:
        undecided = ", ".join(check.name for check in checks if check.outcome == "ungraded")
        raise AutograderError(
            f"{question}: the hidden checks could not decide ({undecided}); grade this question "
            "manually"
        )
    return 0.0 if asked.bonus else points


def quality_score(slug: str, question: str) -> float:
    """Points for a quality question, from the artifact below the notebook's folder.

    As `score`, of which bonus questions have 0 here. Raises CourseError for another kind of
    question.
    """
    from dgm.quality import measure
    from dgm.quality.metrics import MAX_BYTES

    from autograder.course.assignment import course_root, load
    from autograder.course.secret import course_secret
    from autograder.errors import CourseError
    from autograder.grading.quality import WORTH, arguments

    root = course_root()
    asked = load(slug, root).questions[question]
    if asked.quality is None:
        raise CourseError(f"{question} is not a quality question of {slug}")
    file = Path(asked.quality.artifact)
    if asked.bonus or not file.is_file() or file.stat().st_size > MAX_BYTES:
        return 0.0
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = arguments(slug, asked, course_secret(root))
        found = measure(file.read_bytes(), **given)
    return asked.points * WORTH[found["met"]]
