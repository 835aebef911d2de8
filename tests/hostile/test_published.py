"""What is made from hostile hand-ins: PDFs, feedback, the class report, tables, similar answers.

One class each, made once; `python -m tests.hostile --family pdf` prints what each attack cost.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.documents import HAND_INS, HandIn
from tests.hostile.published import Outcome, run_published
from tests.hostile.verdict import Verdict

pytestmark = [pytest.mark.sandbox]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run_published(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def verdict(outcome: Outcome) -> Callable[[str], Verdict]:
    return {verdict.name: verdict for verdict in outcome.verdicts}.__getitem__


def test_every_hand_in_has_a_name_and_says_what_it_wants() -> None:
    assert len({one.name for one in HAND_INS}) == len(HAND_INS) >= 100
    assert all(one.gain for one in HAND_INS)


@pytest.mark.parametrize("one", HAND_INS, ids=lambda one: one.name)
def test_nothing_is_run_read_or_asked_for_and_the_cost_is_bounded(
    verdict: Callable[[str], Verdict], one: HandIn
) -> None:
    assert verdict(one.name).problems == []


def test_the_run_is_whole_and_honest_students_have_what_they_had(outcome: Outcome) -> None:
    assert outcome.problems == []


def test_the_judge_sees_what_may_not_be(tmp_path: Path) -> None:
    """A PDF that is too dear, and one that was not typeset in full, are no good."""
    from dataclasses import replace

    cheap = [replace(one, cpu_s=0.0) for one in HAND_INS if one.name == "pdf_tables"]
    (told,) = run_published(tmp_path, cheap).verdicts
    assert any("CPU seconds" in problem for problem in told.problems)
