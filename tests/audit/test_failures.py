"""How a failed check is known again."""

from __future__ import annotations

import msgspec

from autograder.audit.failures import HUNG, Failure, failures_of, same_numbers
from autograder.report import Check


def check(name: str, staff: str, **more: object) -> Check:
    fields: dict[str, object] = {"title": "is right", "weight": 1.0, "outcome": "failed"} | more
    return Check(name=name, staff=staff, **fields)  # type: ignore[arg-type]


def test_a_comparison_is_known_by_its_text_without_numbers() -> None:
    found = failures_of([check("a", "CheckFailed: `mu`: values are off by up to 1.5e-03")])
    assert found == {"a": Failure("`mu`: values are off by up to #", (1.5e-3,))}


def test_not_a_number_and_infinite_stay_words() -> None:
    assert failures_of([check("a", "values are off by up to inf")])["a"].way.endswith("inf")
    huge = failures_of([check("a", f"values are off by up to 1{'0' * 400}")])["a"]
    assert huge.numbers == ()
    assert msgspec.json.decode(msgspec.json.encode(huge), type=Failure) == huge


def test_of_the_students_own_error_only_its_kind_counts() -> None:
    raised = failures_of([check("a", "StudentError: ValueError: <script>\u202e 3.2 secret")])["a"]
    assert raised == Failure("raised ValueError")
    forged = failures_of([check("a", "StudentError: <b>x</b>: text")])["a"]
    assert "\u202e" not in forged.way


def test_a_lost_worker_is_a_way_of_its_own() -> None:
    timeout = check("a", "StudentError: Timeout: it took longer than 10 s", lost_worker=True)
    assert failures_of([timeout]) == {"a": Failure(HUNG)}


def test_only_failed_checks_count() -> None:
    others = [check("a", "", outcome="passed"), check("b", "broken", outcome="ungraded")]
    assert failures_of(others) == {}


def test_numbers_are_compared_where_both_fail_in_the_same_way() -> None:
    mine = {"a": Failure("off by #", (1.0,)), "b": Failure("off by #", (2.0,)), "c": Failure("x")}
    theirs = {"a": Failure("off by #", (1.01,)), "b": Failure("off by #", (2.1,))}
    assert same_numbers(mine, theirs) == 0.5
    assert same_numbers(mine, {"a": Failure("raised TypeError")}) is None
    assert same_numbers({"a": Failure("#", (1.0, 2.0))}, {"a": Failure("#", (1.0,))}) == 0.0
