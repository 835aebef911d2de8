"""Of an assignment with parts it is settled for each part which file counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from test_class_results import report as whole_report

from autograder.class_run.class_results import (
    ClassResults,
    StudentResult,
    counted_report,
    settle_class,
)
from autograder.course.assignment import Assignment, LatePolicy, Question
from autograder.course.parts import Part
from autograder.course.points import Choice
from autograder.intake.roster import Person, Roster
from autograder.intake.who import identify
from autograder.report import Member, QuestionResult, Report, add_up

FIRST, LAST = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 8, tzinfo=UTC)


def question(name: str, notebook: str) -> Question:
    return Question(title=name, notebook=notebook, kind="code", points=2, covers=[], name=name)


COURSE = Assignment(
    slug="vae",
    title="VAE",
    questions={"kl": question("kl", "lab"), "flow": question("flow", "flows")},
    due=LAST,
    parts={
        "one": Part(title="First part", notebooks=["lab"], due=FIRST),
        "two": Part(title="Second part", notebooks=["flows"], due=LAST),
    },
    late_policy=LatePolicy(lost_per_day=0.1),
)
NOTEBOOKS = {"one": ("kl", "lab"), "two": ("flow", "flows")}
ON_TIME, AFTER_FIRST, AFTER_LAST = (
    "2026-11-30T10:00:00Z",
    "2026-12-02T10:00:00Z",
    "2026-12-08T10:00:00Z",
)


def report(
    *parts: str,
    file: str = "",
    at: str = ON_TIME,
    who: str = "s01 Ada",
    blank: tuple[str, ...] = (),
    score: float = 2.0,
    **fields: Any,
) -> Report:
    """A report on a hand-in of `parts`, of which those in `blank` have no answer."""
    name = file or f"{who.split()[1]}_vae{'_' + parts[0] if len(parts) == 1 else ''}.zip"
    made = whole_report(name, at=at, who=who, **fields)
    made.student.contradictions = []
    if made.status == "rejected":
        made.student = identify(name, COURSE)
        return made
    made.parts = list(parts)
    made.questions = [
        QuestionResult(
            name=question,
            title=question,
            notebook=notebook,
            kind="code",
            points=2,
            score=0.0 if part in blank else score,
            outcome="graded",
            blank=part in blank,
        )
        for part, (question, notebook) in NOTEBOOKS.items()
        if part in parts
    ]
    made.totals = add_up(made.questions)
    return made


def settle(*reports: Report, course: Assignment = COURSE, **more: Any) -> ClassResults:
    """The same in any order of the files."""
    named = [(f"{number}", one) for number, one in enumerate(reports)]
    found = settle_class(dict(named), course, **more)
    random.Random(0).shuffle(named)
    assert settle_class(dict(named), course, **more) == found
    return found


def only(*reports: Report, **more: Any) -> StudentResult:
    (student,) = settle(*reports, **more).students
    return student


def folders(student: StudentResult) -> dict[str, str]:
    return {name: one.folder for name, one in student.parts.items()}


def test_a_later_part_never_replaces_an_earlier_one() -> None:
    found = only(report("one", score=1.5), report("two", at=AFTER_FIRST))
    assert folders(found) == {"one": "0", "two": "1"}
    assert (found.totals.auto, found.totals.auto_max, found.others) == (3.5, 4, [])
    assert found.file == "Ada_vae_one.zip, Ada_vae_two.zip"
    assert (found.late, found.handed_in) == (False, AFTER_FIRST)


def test_a_part_that_was_not_handed_in_is_neither_there_nor_zero() -> None:
    results = settle(report("one"))
    (found,) = results.students
    assert list(found.parts) == ["one"]
    assert (found.totals.auto, found.totals.auto_max, found.status) == (2, 2, "graded")
    assert results.parts == {"one": "2026-12-01T00:00:00Z", "two": "2026-12-08T00:00:00Z"}
    assert results.waiting == []


def test_the_newest_of_each_part_counts() -> None:
    found = only(
        report("one", file="Ada_vae_one.zip", score=1),
        report("one", file="Ada_vae_one-1.zip", at="2026-11-30T11:00:00Z"),
        report("two"),
    )
    assert folders(found) == {"one": "1", "two": "2"}
    assert [one.folder for one in found.others] == ["0"]


def test_of_everything_in_one_file_each_part_is_late_by_its_own_date() -> None:
    found = only(report("one", "two", at=AFTER_FIRST))
    one, two = found.parts["one"], found.parts["two"]
    assert (one.late, one.late_s, one.late_penalty) == (True, 34 * 3600, 0.2)
    assert (two.late, two.late_s, two.late_penalty) == (False, 0, 0)
    assert (found.late, found.late_s, found.late_penalty) == (True, 34 * 3600, 0)
    assert (found.file, found.folders) == ("Ada_vae.zip", ["0"])


def test_a_late_whole_hand_in_takes_the_place_of_no_part_on_time() -> None:
    found = only(report("one"), report("one", "two", at=AFTER_FIRST))
    assert folders(found) == {"one": "0", "two": "1"}
    assert found.others == [], "a file that counts for one part is none that does not count"
    (other,) = found.parts["one"].others
    assert (other.folder, other.why) == ("1", "late, and another is not")


def test_where_late_attempts_count_a_blank_part_still_takes_no_place() -> None:
    course = msgspec.structs.replace(COURSE, late_attempts_count=True)
    found = only(report("one"), report("one", "two", at=AFTER_FIRST, blank=("one",)), course=course)
    assert folders(found) == {"one": "0", "two": "1"}
    assert found.parts["one"].others[0].why == "no answer in it"
    filled = only(report("one"), report("one", "two", at=AFTER_FIRST), course=course)
    assert folders(filled) == {"one": "1", "two": "1"}


def test_a_part_begun_early_and_handed_in_later_counts_as_handed_in() -> None:
    found = only(report("one", "two", blank=("two",)), report("two", at=AFTER_LAST))
    assert folders(found) == {"one": "0", "two": "1"}
    assert found.parts["two"].late


def test_a_blank_part_counts_where_there_is_no_other() -> None:
    assert folders(only(report("one", "two", blank=("two",)))) == {"one": "0", "two": "0"}


@pytest.mark.parametrize(
    ("file", "parts"), [("Ada_vae_two.zip", ["two"]), ("Ada_vae.zip", ["two"])]
)
def test_a_file_that_cannot_be_opened_costs_only_what_was_not_handed_in(
    file: str, parts: list[str]
) -> None:
    broken = report(file=file, status="rejected", message="It is damaged.", at="")
    found = only(report("one"), broken)
    assert folders(found) == {"one": "0"} | dict.fromkeys(parts, "1")
    assert (found.status, found.parts["two"].status) == ("graded", "rejected")
    assert found.message == "two: It is damaged."
    assert (found.totals.auto, found.totals.auto_max) == (2, 2)


def test_a_file_that_cannot_be_opened_is_of_the_part_that_its_name_tells() -> None:
    broken = report(file="Ada_vae_one.zip", status="rejected", at="")
    assert folders(only(broken)) == {"one": "0"}


def test_an_extension_counts_for_every_part_that_it_is_later_than() -> None:
    longer = {"s01": datetime(2026, 12, 3, tzinfo=UTC)}
    course = msgspec.structs.replace(COURSE, extensions=longer)
    found = only(
        report("one", at=AFTER_FIRST), report("two", at="2026-12-07T10:00:00Z"), course=course
    )
    assert not found.late


def test_the_roster_s_own_date_never_makes_a_part_due_earlier() -> None:
    roster = Roster([Person(id="s01", name="Ada", due="2026-12-03T00:00:00Z")])
    found = only(
        report("one", at=AFTER_FIRST), report("two", at="2026-12-07T10:00:00Z"), roster=roster
    )
    assert not found.late
    late = only(report("one", at="2026-12-04T00:00:00Z"), roster=roster)
    assert late.parts["one"].late_s == 86400


def test_members_of_a_group_may_each_hand_in_a_part_for_it() -> None:
    one, two = report("one"), report("two", who="s02 Ben")
    one.student.group = [Member(id="s02", name="Ben")]
    two.student.group = [Member(id="S01", name="Ada")]
    students = settle(one, two).students
    assert [(each.id, folders(each)) for each in students] == [
        ("s01", {"one": "0", "two": "1"}),
        ("s02", {"one": "0", "two": "1"}),
    ]
    assert students[0].parts["two"].handed_in_by == "s02"
    assert (students[0].handed_in_by, students[0].identity) == ("", "manifest")


def test_a_member_known_by_name_alone_is_the_one_who_handed_in_another_part() -> None:
    one, two = report("one"), report("two", who="s02 Ben")
    two.student.group = [Member(name="Ada")]
    students = settle(one, two).students
    assert [(each.id, folders(each)) for each in students] == [
        ("s01", {"one": "0", "two": "1"}),
        ("s02", {"two": "1"}),
    ]


def test_a_blank_part_of_one_s_own_yields_to_that_of_the_group() -> None:
    one = report("one", "two", blank=("two",))
    two = report("two", who="s02 Ben")
    one.student.group = [Member(id="s02"), Member(id="s03")]
    two.student.group = [Member(id="s01"), Member(id="s03")]
    results = settle(one, two)
    assert [folders(each) for each in results.students] == [{"one": "0", "two": "1"}] * 3
    assert results.waiting == []


def test_what_waits_in_one_part_leaves_the_other_graded() -> None:
    made = report("one", "two")
    made.status, made.message = "ungraded", "needs manual review: flow"
    made.questions[1].outcome, made.questions[1].score = "ungraded", None
    results = settle(made)
    (found,) = results.students
    assert (found.parts["one"].status, found.parts["two"].status) == ("graded", "ungraded")
    assert found.status == "ungraded"
    assert len(results.waiting) == 1


def test_what_counts_is_put_together_to_one_report() -> None:
    first, second = report("one", "two", score=1), report("two", at=AFTER_FIRST)
    first.notebooks = {"lab": "a", "flows": "b"}
    second.notebooks = {"flows": "c"}
    reports = {"0": first, "1": second}
    (student,) = settle_class(reports, COURSE).students
    made = counted_report(student, reports)
    assert [(one.name, one.score) for one in made.questions] == [("kl", 1), ("flow", 2)]
    assert made.notebooks == {"lab": "a", "flows": "c"}
    assert made.totals == add_up(made.questions)
    assert (made.parts, made.sha256) == (["one", "two"], student.sha256)
    assert made.sha256 not in (first.sha256, second.sha256)


def test_reports_of_parts_that_are_no_more_count_by_their_questions() -> None:
    old = report("one")
    old.parts = ["no_more"]
    assert folders(only(old)) == {"one": "0"}


def test_a_choice_of_questions_in_a_part_counts_as_without_parts() -> None:
    choice = Choice(title="One of two", questions=("kl", "elbo"), count=1, name="one")
    questions = {"kl": question("kl", "lab"), "elbo": question("elbo", "lab")}
    course = msgspec.structs.replace(
        COURSE, questions=questions | {"flow": question("flow", "flows")}, choose={"one": choice}
    )
    first = report("one")
    more = msgspec.structs.replace(first.questions[0], name="elbo", score=1.0)
    first.questions.append(more)
    first.totals = add_up(first.questions, course.choices)
    reports = {"0": first, "1": report("two", at=AFTER_FIRST)}
    (student,) = settle_class(reports, course).students
    made = counted_report(student, reports)
    assert [(one.name, one.counts) for one in made.questions] == [
        ("kl", True),
        ("elbo", False),
        ("flow", True),
    ]
    assert (student.parts["one"].totals.auto, student.parts["one"].totals.auto_max) == (2, 2)
    assert (made.totals.auto, made.totals.auto_max) == (4, 4)
