"""An id in a manifest is its writer's word: nobody takes another's place with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.class_run.who_counts import Owner, Waits, owners
from autograder.course.assignment import load
from autograder.intake.roster import Person, Roster
from autograder.intake.who import contradictions, identify
from autograder.report import QuestionResult, Report, Student

COURSE = load("vae", Path(__file__).resolve().parents[2])
QUESTION = QuestionResult(name="q", title="Q", notebook="lab", kind="code", points=1, score=1.0)


def report(file: str, student_id: str = "", name: str = "", status: Any = "graded") -> Report:
    """A report as grading makes it; without an id: the file has no manifest."""
    if status == "rejected" or not student_id:
        student = identify(file, COURSE)
    else:
        student = Student(id=student_id, name=name, declared=True, claimed_id=student_id)
        student.contradictions = contradictions(file, student_id, name, COURSE)
    questions = [QUESTION] if status == "graded" else []
    return Report(
        assignment="vae",
        file=file,
        sha256=file,
        status=status,
        student=student,
        questions=questions,
    )


def settled(*reports: Report, roster: Roster | None = None) -> list[str]:
    """Whose each report is, in their order; "waits" where a person has to say."""
    found = owners({one.file: one for one in reports}, COURSE, roster)
    return ["waits" if isinstance(one := found[r.file], Waits) else one.key for r in reports]


def sentence(*reports: Report, roster: Roster | None = None) -> str:
    """Why the last report waits."""
    found = owners({one.file: one for one in reports}, COURSE, roster)[reports[-1].file]
    assert isinstance(found, Waits)
    return found.why


ADA = report("Ada_Lovelace_vae.zip", "s01", "Ada Lovelace")


@pytest.mark.parametrize(
    "rival",
    [
        pytest.param(report("Mallory_vae.zip", "s01", "Ada Lovelace"), id="another file name"),
        pytest.param(report("s01_vae.zip"), id="no manifest"),
        pytest.param(report("Mallory_vae.zip", "s01", "h"), id="a name of one letter"),
        pytest.param(report("Mallory_vae.zip", "s01", "..."), id="a name without letters"),
        pytest.param(report("Mallory_vae.zip", "s01", "李雷"), id="a name without Latin letters"),
    ],
)
def test_a_claim_that_the_file_name_does_not_bear_out_waits(rival: Report) -> None:
    assert settled(ADA, rival) == ["s01", "waits"]
    assert settled(rival, ADA) == ["waits", "s01"]
    assert rival.file in sentence(ADA, rival)


@pytest.mark.parametrize("name", ["h", "...", "李雷", "Ada Lovelace", ""])
def test_nobody_files_under_anothers_id_unwarned(name: str) -> None:
    """Ada has not handed in yet: nobody contests her id, only the file's name does."""
    mallory = report("Mallory_vae.zip", "s01", name)
    assert settled(mallory) == ["waits"]
    assert "s01" in sentence(mallory) and "Mallory" in sentence(mallory)


def test_two_good_claims_under_two_names_both_wait() -> None:
    mallory = report("Mallory_M_vae.zip", "s01", "Mallory M")
    assert settled(ADA, mallory) == ["waits", "waits"]
    assert "Mallory_M_vae.zip" in sentence(mallory, ADA)
    assert ADA.student.id == "s01", "the report itself is not changed"


def test_what_only_contradicts_itself_harms_nobody() -> None:
    assert settled(report("s01_vae.zip"), report("Mallory_vae.zip", "s01", "Ada")) == [
        "s01",
        "waits",
    ]


def test_handing_in_again_is_no_quarrel() -> None:
    again = report("Ada_Lovelace_vae (1).zip", "s01", "ada  lovelace")
    assert settled(ADA, again) == ["s01", "s01"]
    assert settled(ADA, report("Ada_Lovelace_vae-1.zip", "S01", "Ada Lovelace")) == ["s01", "s01"]
    assert settled(report("x_vae.zip"), report("x_vae-1.zip")) == ["x", "x"]


def test_one_alone_keeps_its_id() -> None:
    assert settled(report("odd_name.zip", "s01", "Ada Lovelace")) == ["s01"]


def test_a_file_that_could_not_be_opened_goes_to_whom_its_name_has_gone_before() -> None:
    broken = report("Ada_Lovelace_vae-1.zip", status="rejected")
    assert settled(ADA, broken) == ["s01", "s01"]
    assert settled(broken) == ["ada_lovelace"]
    assert settled(ADA, report("s01_vae.zip", status="rejected")) == ["s01", "waits"]
    assert settled(ADA, report("Ben_vae.zip", status="ungraded")) == ["s01", "ben"]


def test_a_file_that_was_renamed_for_its_student_waits_no_longer() -> None:
    wrong = report("final_vae.zip", "s01", "Ada Lovelace")
    assert settled(wrong) == settled(wrong, ADA)[:1] == ["waits"]
    wrong.sha256 = ADA.sha256
    assert settled(wrong, ADA) == ["s01", "s01"]


# With a roster

ROSTER = Roster(
    [
        Person(id="al1815", name="Ada Lovelace", email="ada@example.org", files=["homework.zip"]),
        Person(id="mm01", name="Mallory M"),
        Person(id="ll02", name="Lei Li"),
        Person(id="xx03"),
    ]
)


@pytest.mark.parametrize(
    ("one", "whose"),
    [
        (report("Ada_Lovelace_vae.zip", "AL1815", "Ada Lovelace"), "al1815"),
        (report("Ada_Lovelace_vae.zip", "Ada@Example.org", "A."), "al1815"),
        (report("Ada_Lovelace_vae.zip"), "al1815"),
        (report("final_vae.zip", "al1815", "Ada Lovelace"), "al1815"),
        (report("homework.zip", "mm01", "Mallory M"), "al1815"),
        (report("homework.zip", status="rejected"), "al1815"),
        (report("Ada_Lovelace_vae.zip", status="rejected"), "al1815"),
        (report("Lovelace_Ada_vae.zip", "al1815", "Augusta Ada Lovelace"), "al1815"),
        (report("Xavier_vae.zip", "xx03", "Xavier"), "xx03"),
    ],
    ids=[
        "letter case",
        "an e-mail address",
        "no manifest",
        "an odd file name",
        "the column files",
        "the column files, and broken",
        "broken",
        "a longer name",
        "no name in the roster",
    ],
)
def test_the_roster_settles_whose_it_is(one: Report, whose: str) -> None:
    assert settled(one, roster=ROSTER) == [whose]


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (report("Ada_Lovelace_vae.zip", "al1851", "Ada Lovelace"), "Perhaps al1815 (Ada Lovelace)"),
        (report("Ada_Lovelace_vae.zip", "al-1815", "Ada Lovelace"), "Perhaps al1815"),
        (report("Eve_vae.zip", "eve", "Eve"), "not in the roster. Add"),
        (
            report("Mallory_M_vae.zip", "al1815", "Mallory M"),
            "in the roster that id belongs to Ada Lovelace",
        ),
        (report("Mallory_M_vae.zip", "al1815", "Ada Lovelace"), "its name is that of Mallory M"),
        (report("Mallory_vae.zip", "al1815", "Ada Lovelace"), "its name is that of Mallory M"),
        (report("Eve_vae.zip", status="rejected"), "not in the roster"),
    ],
    ids=[
        "two digits",
        "a dash",
        "nobody",
        "anothers id",
        "anothers id and name",
        "by half a name",
        "broken",
    ],
)
def test_what_the_roster_does_not_bear_out_waits(one: Report, says: str) -> None:
    assert settled(one, roster=ROSTER) == ["waits"]
    assert says in sentence(one, roster=ROSTER)


def test_a_doubtful_file_does_not_join_those_of_a_sure_one() -> None:
    ada = report("Ada_Lovelace_vae.zip", "al1815", "Ada Lovelace")
    odd = report("final_vae.zip", "al1815", "Ada Lovelace")
    assert settled(ada, odd, roster=ROSTER) == ["al1815", "waits"]


def test_owners_know_their_line_of_the_roster() -> None:
    found = owners({"a": report("Ada_Lovelace_vae.zip")}, COURSE, ROSTER)["a"]
    assert isinstance(found, Owner) and found.person is ROSTER.people[0]
