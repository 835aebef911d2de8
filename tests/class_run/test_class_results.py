"""Which submission counts, for whom, handed in when: the same in any order of files and runs."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.class_run.class_results import (
    ClassResults,
    OtherFile,
    StudentResult,
    WaitingFile,
    counted_report,
    read_class,
    settle_class,
    write_class,
)
from autograder.course.assignment import Assignment
from autograder.course.points import Choice
from autograder.errors import AutograderError
from autograder.intake.roster import Person, Roster
from autograder.intake.who import contradictions, identify
from autograder.report import HandedIn, QuestionResult, Report, Student, add_up

DUE = datetime(2026, 12, 15, 23, 59, tzinfo=UTC)
COURSE = Assignment(slug="vae", title="VAE", questions={}, due=DUE)
NIGHT = "2026-12-15T23:59:01Z"
QUESTION = QuestionResult(
    name="kl", title="KL", notebook="lab", kind="code", points=2, score=1.5, outcome="graded"
)
ESSAY = QuestionResult(name="essay", title="E", notebook="theory", kind="theory", points=4)


def report(
    file: str = "Ada_vae.zip",
    *,
    who: str = "s01 Ada",
    at: str = "",
    status: Any = "graded",
    **fields: Any,
) -> Report:
    """A report as grading makes it. who: id and name in the manifest, empty without one."""
    student_id, _, name = who.partition(" ")
    student = identify(file, COURSE)
    if who and status != "rejected":
        student = Student(id=student_id, name=name, declared=True, claimed_id=student_id)
        student.contradictions = contradictions(file, student_id, name, COURSE)
    questions = [QUESTION, ESSAY] if status == "graded" else []
    defaults: dict[str, Any] = {
        "assignment": "vae",
        "sha256": f"{file} {at}",
        "graded_at": "2026-12-20T08:00:00+00:00",
        "handed_in": HandedIn(time=at, source="manifest") if at else None,
    }
    return Report(
        file=file,
        status=status,
        student=student,
        questions=questions,
        totals=add_up(questions),
        **(defaults | fields),
    )


def settle(*reports: Report, course: Assignment = COURSE, **more: Any) -> ClassResults:
    return settle_class({one.file.removesuffix(".zip"): one for one in reports}, course, **more)


def counts(*reports: Report, course: Assignment = COURSE) -> tuple[str, str]:
    """The file that counts for the only student, and why."""
    (student,) = settle(*reports, course=course).students
    assert {student.file, *(one.file for one in student.others)} == {one.file for one in reports}
    return student.file, student.why


# Which file counts


@pytest.mark.parametrize(
    ("files", "newest"),
    [
        (["Ada_vae.zip", "Ada_vae-1.zip", "Ada_vae-2.zip"], "Ada_vae-2.zip"),
        (["Ada_vae.zip", "Ada_vae (1).zip"], "Ada_vae (1).zip"),
        (["Ada_vae.zip", "Ada_vae (2).zip", "Ada_vae (10).zip"], "Ada_vae (10).zip"),
        (["Ada_vae.zip", "Ada_vae copy.zip", "Ada_vae copy 2.zip"], "Ada_vae copy 2.zip"),
        (["Ada_vae.zip", "Ada_vae - Copy.zip", "Ada_vae - Copy (2).zip"], "Ada_vae - Copy (2).zip"),
        (["Ada_vae-1.zip", "Ada_vae-1 (1).zip", "Ada_vae-2.zip"], "Ada_vae-2.zip"),
        (["Ada_vae-1.zip.zip", "Ada_vae.zip"], "Ada_vae-1.zip.zip"),
    ],
    ids=["Canvas", "browser", "ten", "copies of a Mac", "copies of Windows", "both", "zip.zip"],
)
@pytest.mark.parametrize("who", ["s01 Ada", ""], ids=["manifest", "no manifest"])
def test_without_times_the_highest_number_counts(files: list[str], newest: str, who: str) -> None:
    for order in (files, files[::-1]):
        file, why = counts(*(report(file, who=who) for file in order))
        assert file == newest
        assert "number" in why


def test_with_times_the_newest_counts_whatever_its_name_says() -> None:
    older = report("Ada_vae-1.zip", at="2026-12-01T10:00:00Z")
    newer = report("Ada_vae.zip", at="2026-12-02T10:00:00Z")
    assert counts(older, newer) == ("Ada_vae.zip", "the newest by the manifest's time")


def test_a_time_that_only_one_has_decides_nothing() -> None:
    timed = report("Ada_vae.zip", at="2026-12-02T10:00:00Z")
    assert counts(timed, report("Ada_vae-1.zip"))[0] == "Ada_vae-1.zip"


def test_a_late_attempt_takes_no_place_unless_the_course_says_so() -> None:
    in_time, late = report(at="2026-12-01T10:00:00Z"), report("Ada_vae-1.zip", at=NIGHT)
    assert counts(in_time, late) == ("Ada_vae.zip", "the only one that is not late")
    (other,) = settle(in_time, late).students[0].others
    assert "late" in other.why
    lenient = msgspec.structs.replace(COURSE, late_attempts_count=True)
    assert counts(in_time, late, course=lenient)[0] == "Ada_vae-1.zip"
    assert counts(late) == ("Ada_vae-1.zip", "the only one")
    assert settle(late).students[0].late_s == 1.0


@pytest.mark.parametrize("status", ["rejected", "ungraded"])
def test_what_has_no_result_never_takes_the_place_of_what_has_one(status: str) -> None:
    broken = report("Ada_vae-1.zip", status=status, message="The archive is empty.")
    assert counts(report(), broken) == ("Ada_vae.zip", "the only one with a result")
    assert counts(broken) == ("Ada_vae-1.zip", "the only one")


def test_what_nothing_tells_apart_counts_for_now_and_waits_for_a_person() -> None:
    found = settle(report("Ada_vae.zip"), report("ada.zip", who="s01 Ada"))
    assert [one.file for one in found.students] == ["ada.zip"]
    (waiting,) = found.waiting
    assert "Ada_vae.zip" in waiting.why and "ada.zip" in waiting.why
    same = [report("Ada_vae.zip", sha256="a"), report("ada.zip", who="s01 Ada", sha256="a")]
    found = settle(*same)
    assert found.waiting == []
    assert [other.why for other in found.students[0].others] == ["the same file"]


# When


def test_the_time_of_grading_is_no_time_of_handing_in() -> None:
    (student,) = settle(report(graded_at="2027-01-01T00:00:00+00:00")).students
    assert (student.handed_in, student.time_from, student.late_s) == ("", "unknown", 0.0)


def test_a_clock_that_is_ahead_of_grading_is_not_believed() -> None:
    (student,) = settle(report(at="2031-01-01T00:00:00Z")).students
    assert (student.handed_in, student.late_s) == ("", 0.0)


def test_the_most_trusted_time_counts_in_the_order_of_the_course() -> None:
    times = {"s01": datetime(2026, 12, 16, tzinfo=UTC)}
    roster = Roster([Person(id="s01", name="Ada", handed_in="2026-12-17 01:00 +0100")])
    one = report(at="2026-12-14T00:00:00Z")

    def time(course: Assignment = COURSE, **more: Any) -> tuple[str, str, float]:
        (student,) = settle(one, course=course, **more).students
        return student.handed_in, student.time_from, student.late_s

    assert time(times=times, roster=roster) == ("2026-12-16T00:00:00Z", "timestamp.txt", 60.0)
    assert time(roster=roster) == ("2026-12-14T00:00:00Z", "manifest", 0.0)
    course = msgspec.structs.replace(COURSE, hand_in_times=("roster",))
    assert time(course, times=times, roster=roster)[:2] == ("2026-12-17T00:00:00Z", "roster")
    assert time(course) == ("", "unknown", 0.0)


# For whom


def test_marks_to_come_are_what_a_choice_can_still_give() -> None:
    """Of three essays the best two count: one is blank, two wait."""
    essays = [msgspec.structs.replace(ESSAY, name=name) for name in ("one", "two", "three")]
    essays[0].blank = True
    names = tuple(one.name for one in essays)
    choice = Choice(title="Two essays", questions=names, count=2, name="essays")
    course = msgspec.structs.replace(COURSE, choose={"essays": choice})
    graded = msgspec.structs.replace(report(), questions=[QUESTION, *essays])
    (student,) = settle(graded, course=course).students
    assert (student.to_mark, student.to_mark_points) == (2, 8.0)
    one = msgspec.structs.replace(
        course, choose={"essays": msgspec.structs.replace(choice, count=1)}
    )
    (student,) = settle(graded, course=one).students
    assert (student.to_mark, student.to_mark_points) == (2, 4.0)


def test_students_have_what_the_tables_need() -> None:
    person = Person(id="S01", name="Ada Lovelace", email="a@x.org", group="7")
    roster = Roster([person, Person(id="s02", name="Ben")])
    found = settle(report(), roster=roster)
    (student,) = found.students
    assert (student.id, student.claimed_id, student.name) == ("S01", "s01", "Ada Lovelace")
    assert (student.group, student.email, student.identity) == ("7", "a@x.org", "roster")
    assert (student.totals.auto, student.to_mark, student.to_mark_points) == (1.5, 1, 4.0)
    assert [person.id for person in found.without_submission] == ["s02"]
    settled = counted_report(student, {student.folder: report()})
    assert (settled.student.id, settled.student.claimed_id) == ("S01", "s01")
    assert report().student.id == "s01", "the report keeps what the file says"


def test_a_file_that_the_roster_settles_is_to_be_looked_at_where_its_name_says_another() -> None:
    roster = Roster([Person(id="s01", name="Ada")])
    (student,) = settle(report("final_vae.zip"), roster=roster).students
    assert (student.id, student.look_at) == ("s01", "its file name is that of final")
    assert settle(report(), roster=roster).students[0].look_at == ""


def test_a_later_attempt_in_other_letters_changes_no_id() -> None:
    first = report(at="2026-12-01T00:00:00Z", who="AL1815 Ada")
    again = report("Ada_vae-1.zip", at="2026-12-02T00:00:00Z", who="al1815 Ada")
    (student,) = settle(again, first).students
    assert (student.id, student.file) == ("AL1815", "Ada_vae-1.zip")


def test_what_nobody_could_be_given_waits_with_a_sentence() -> None:
    mallory = report("Mallory_vae.zip", who="s01 Ada")
    foreign = report("x.zip", assignment="gan")
    found = settle(report(), mallory, foreign, unread={"half": "unexpected end"})
    assert [one.file for one in found.students] == ["Ada_vae.zip"]
    assert [one.folder for one in found.waiting] == ["Mallory_vae", "half", "x"]
    assert all(one.why.startswith(one.file) for one in found.waiting)


# Kept in a file


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    roster = Roster(
        [Person(id="s01", name="Ada"), Person(id="s02", platform_ids={"canvas_id": "7"})]
    )
    found = settle(report(at=NIGHT), report("Eve_vae.zip", who="eve Eve"), roster=roster)
    write_class(found, tmp_path)
    assert read_class(tmp_path / "class.json") == found
    for damage in (b"{}", b"[", msgspec.json.encode(msgspec.structs.replace(found, schema=9))):
        (tmp_path / "class.json").write_bytes(damage)
        with pytest.raises(AutograderError, match=r"class\.json"):
            read_class(tmp_path / "class.json")


# Any order, any split

NAMES = [
    "Ada_vae",
    "Ada_vae-1",
    "Ada_vae (2)",
    "Ada_vae (10)",
    "ada",
    "Mallory_vae",
    "s01_vae",
    "x",
]
reports = st.builds(
    lambda file, who, at, status: report(f"{file}.zip", who=who, at=at, status=status),
    st.sampled_from(NAMES),
    st.sampled_from(["", "s01 Ada", "S01 ada", "s01 Mallory", "s02 Ada", "s02 李雷"]),
    st.sampled_from(["", "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z", NIGHT]),
    st.sampled_from(["graded", "graded", "graded", "ungraded", "rejected"]),
)
ROSTER = Roster([Person(id="S01", name="Ada"), Person(id="s02", name="Li Lei", files=["x.zip"])])


@settings(deadline=None)
@given(
    st.lists(reports, max_size=6, unique_by=lambda one: one.file),
    st.sampled_from([None, ROSTER]),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_and_nothing_is_lost(
    some: list[Report], roster: Roster | None, shuffler: random.Random
) -> None:
    found = settle(*some, roster=roster)
    shuffled = list(some)
    shuffler.shuffle(shuffled)
    assert settle(*shuffled, roster=roster) == found
    mine = [student.file for student in found.students]
    mine += [other.file for student in found.students for other in student.others]
    doubts = {student.file for student in found.students}
    waiting = [one.file for one in found.waiting if one.file not in doubts]
    assert sorted(mine + waiting) == sorted(one.file for one in some), "each file is in one place"
    assert len({student.id.casefold() for student in found.students}) == len(found.students)
    rejected = {one.file for one in some if one.status == "rejected"}
    for student in found.students:
        graded = [one for one in student.others if one.status == "graded"]
        assert student.file not in rejected or not graded
        assert not student.late_s or all(one.handed_in == NIGHT for one in graded)


def test_the_page_on_the_class_names_every_field() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "report-schema.md").read_text()
    text = page.partition("# The class: `class.json`")[2]
    for struct in (ClassResults, StudentResult, OtherFile, WaitingFile):
        missing = [name for name in struct.__struct_fields__ if f"`{name}`" not in text]
        assert missing == [], struct.__name__
