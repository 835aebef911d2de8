"""An id in a manifest is its writer's word: nobody takes another's place with it, and handing in twice stays possible."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.class_run.who_counts import settle
from autograder.course.assignment import load
from autograder.report import Report, Student

COURSE = load("vae", Path(__file__).resolve().parents[2])


def report(file: str, student_id: str, name: str, manifest: bool = True, status: str = "graded") -> Report:
    student = Student(id=student_id, name=name, declared=True if manifest else None)
    return Report(assignment="vae", file=file, sha256="ab" * 32, status=status, student=student)  # type: ignore[arg-type]


ADA = report("Ada_Lovelace_vae.zip", "s01", "Ada Lovelace")


def ids(*reports: Report, earlier: tuple[Report, ...] = ()) -> list[str]:
    return [settled.student.id for settled in settle(list(reports), earlier, COURSE)[0]]


@pytest.mark.parametrize(
    ("rival", "becomes"),
    [
        pytest.param(report("Mallory_vae.zip", "s01", "Ada Lovelace"), "Mallory", id="another file name"),
        pytest.param(report("s01_vae.zip", "s01", "s01", manifest=False), "s01-abababab", id="no manifest"),
    ],
)
def test_a_claim_that_the_file_name_does_not_bear_out_loses(rival: Report, becomes: str) -> None:
    assert ids(ADA, rival) == ["s01", becomes]
    assert ids(rival, ADA) == [becomes, "s01"]
    assert ids(rival, earlier=(ADA,)) == [becomes], "another run's claim counts as well"
    assert ids(ADA, earlier=(rival,)) == ["s01"]


def test_two_good_claims_under_two_names_both_lose() -> None:
    mallory = report("Mallory_M_vae.zip", "s01", "Mallory M")
    settled, notes = settle([ADA, mallory], [], COURSE)
    assert [one.student.id for one in settled] == ["Ada_Lovelace", "Mallory_M"]
    assert len(notes) == 2 and "Mallory_M_vae.zip" in notes[0]
    assert ADA.student.id == "s01", "the report itself is not changed"


def test_handing_in_again_is_no_quarrel() -> None:
    assert ids(ADA, report("Ada_Lovelace_vae (1).zip", "s01", "ada  lovelace")) == ["s01", "s01"]
    assert ids(report("x_vae.zip", "x", "x", manifest=False), report("x_vae.zip", "x", "x", manifest=False)) == ["x", "x"]


def test_one_alone_keeps_its_id_and_rejected_ones_claim_nothing() -> None:
    assert ids(report("odd_name.zip", "s01", "Ada Lovelace")) == ["s01"]
    assert ids(ADA, report("s01.zip", "s01", "", status="rejected")) == ["s01", "s01"]
