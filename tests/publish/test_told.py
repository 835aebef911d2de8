"""What a student reads: the cause first, and each cause once."""

from __future__ import annotations

from autograder.publish.told import told
from autograder.report import NOT_YET, Check, QualityResult, QuestionResult

KEPT = "leaves its arguments as they were"
DTYPE = "computes in the precision of its inputs"


def question(
    *failed: tuple[str, str], notes: tuple[str, ...] = (), score: float = 1.0
) -> QuestionResult:
    checks = [
        Check(name=f"test_{number}", title=title, weight=0.1, outcome="failed", message=message)
        for number, (title, message) in enumerate(failed)
    ]
    checks.append(Check(name="test_fine", title="is fine", weight=0.1, outcome="passed"))
    return QuestionResult(
        name="kl",
        title="KL",
        notebook="lab",
        kind="code",
        points=4,
        score=score,
        outcome="graded",
        checks=checks,
        notes=list(notes),
    )


def test_cases_of_one_check_are_counted() -> None:
    assert told(question(("stays finite", ""), ("is right", ""), ("stays finite", ""))) == [
        "stays finite (2 cases)",
        "is right",
    ]


def test_cases_that_failed_for_different_reasons_are_one_line() -> None:
    assert told(
        question(
            ("is right", "shape (1,)"),
            ("is right", ""),
            ("is right", NOT_YET),
            ("is right", "shape (2,)"),
        )
    ) == [
        "is right (3 cases): shape (1,); shape (2,)",
        "one more check is judged once the result is right",
    ]


def test_a_reason_that_two_cases_share_is_told_once() -> None:
    both = "the gradient of `x` is wrong; the gradient of `y` is wrong"
    assert told(question(("flows", both), ("flows", "the gradient of `y` is wrong"))) == [
        f"flows (2 cases): {both}"
    ]


def test_checks_that_failed_for_one_reason_are_told_together() -> None:
    raised = "your code raised RuntimeError: shapes differ (line 3: x + y)"
    assert told(
        question(
            ("is right", "the shape (3, 1) is not the one asked for"),
            (KEPT, NOT_YET),
            ("is zero", raised),
            (DTYPE, NOT_YET),
            ("is one", raised),
        )
    ) == [
        "is right: the shape (3, 1) is not the one asked for",
        f"{raised}, so these fail: is zero; is one",
        "2 more checks are judged once the result is right",
    ]


def test_a_cell_that_could_not_be_run_comes_first_and_explains_the_rest() -> None:
    note = "the cell of kl could not be run: your code raised SyntaxError: '(' was never closed"
    undefined = "your code raised NameError: name 'kl' is not defined"
    assert told(question(("is right", undefined), ("is zero", undefined), notes=(note,))) == [
        note,
        "for that reason not judged: is right; is zero",
    ]


def test_full_marks_are_told_nothing() -> None:
    assert told(question(score=4.0)) == []


def test_a_quality_question_tells_what_was_measured_also_with_full_marks() -> None:
    quality = QualityResult(
        artifact="a", metric="m", full=1, half=2, value=0.5, met="full", message="0.5, full marks."
    )
    asked = question(score=4)
    asked.kind, asked.checks, asked.quality = "quality", [], quality
    assert told(asked) == ["0.5, full marks."]
    asked.quality, asked.notes = None, ["this question needs manual review"]
    assert told(asked) == ["this question needs manual review"]
