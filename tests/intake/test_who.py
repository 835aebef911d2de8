"""File names: whose they are, which attempt, and whether they contradict a manifest."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.intake.hand_in_time import iso, parse_time
from autograder.intake.same_name import same_account, same_person
from autograder.intake.who import attempt_number, contradictions, identify

VAE = Assignment(slug="vae", title="", questions={})
BY_ID = Assignment(slug="vae", title="", questions={}, archive_name="{slug}_{id}.zip")


@pytest.mark.parametrize(
    ("file", "number"),
    [
        ("Ada_Lovelace_vae.zip", ()),
        ("Ada_Lovelace_vae.zip.zip", ()),
        ("Ada_Lovelace_vae-1.zip", (1,)),
        ("Ada_Lovelace_vae (10).zip", (10,)),
        ("Ada_Lovelace_vae(2).zip", (2,)),
        ("Ada_Lovelace_vae copy.zip", (1,)),
        ("Ada_Lovelace_vae copy 3.ZIP", (3,)),
        ("Ada_Lovelace_vae - Copy (2).zip", (1, 2)),
        ("Copy of Ada_Lovelace_vae.zip", (1,)),
        ("Ada_Lovelace_vae-2 (1).zip", (2, 1)),
        ("Ada_Lovelace_vae (1)-2.zip.zip", (1, 2)),
    ],
)
def test_what_platforms_and_browsers_add_is_no_part_of_a_name(
    file: str, number: tuple[int, ...]
) -> None:
    student = identify(file, VAE)
    assert (student.id, student.name) == ("Ada_Lovelace", "Ada Lovelace")
    assert attempt_number(file, VAE) == number
    assert contradictions(file, "al1815", "Ada Lovelace", VAE) == []


def test_a_dash_and_a_number_may_belong_to_an_id() -> None:
    assert identify("vae_s-12.zip", BY_ID).id == "s-12"
    assert attempt_number("vae_s-12.zip", BY_ID) == ()
    assert contradictions("vae_s-12.zip", "s-12", "Ada", BY_ID) == []
    assert attempt_number("homework-2.zip", VAE) == (2,)


AGREE = [
    ("Ada_Lovelace", "Ada Lovelace"),
    ("12345_assignsubmission_file_Some_One", "Some One"),
    ("lovelaceada_LATE_12345_67890_Ada_Lovelace", "Ada Lovelace"),
    ("AdaLovelace", "Ada Lovelace"),
    ("Lovelace_Ada", "Ada Lovelace"),
    ("OBrien", "O'Brien"),
    ("Zoe_Muller", "Zoë Müller"),
    ("Zoe_Mueller", "Zoë Müller"),
    ("Zoë_Müller", "Zoë Müller"),
    ("ukasz_ajac", "Łukasz Łajac"),
    ("Lukasz_Lajac", "Łukasz Łajac"),
    ("h", "h"),
    ("al1815", "李雷"),
    ("李雷", "李雷"),
    ("al1815", "..."),
    ("al1815", "Ada Lovelace"),
    ("Lei", "雷 Lei"),
    ("x" * 60, "x" * 90),
]


@pytest.mark.parametrize(("shown", "name"), AGREE)
def test_an_honest_name_contradicts_nothing(shown: str, name: str) -> None:
    for spelled in (shown, unicodedata.normalize("NFD", shown)):
        assert contradictions(f"{spelled}_vae.zip", "al1815", name, VAE) == []


@pytest.mark.parametrize("name", ["h", "...", "李雷", "y", "ry", "", "Ada Lovelace", "🙂"])
@pytest.mark.parametrize("shown", ["Mallory", "Mallory_May", "..._Mallory", "王明"])
def test_no_name_is_so_short_or_foreign_that_it_contradicts_nothing(shown: str, name: str) -> None:
    assert contradictions(f"{shown}_vae.zip", "al1815", name, VAE) == ["name"]


def test_first_and_last_names_are_compared_too() -> None:
    course = Assignment(
        slug="vae", title="", questions={}, archive_name="{first}.{last}_{slug}.zip"
    )
    assert contradictions("Ada.King_vae.zip", "s1", "Ada Lovelace", course) == ["last"]
    assert contradictions("Ada.Lovelace_vae.zip", "s1", "Ada Byron Lovelace", course) == []


def collected(name: str, student_id: str) -> str:
    """The file name that collect_submission.sh gives by the usual template."""

    def part(text: str) -> str:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
        return re.sub(r"[^A-Za-z0-9_-]", "", re.sub(r"\s+", "_", plain)).strip("_-")[:60]

    parts = [kept for kept in map(part, name.split()) if kept] or [part(student_id)]
    stem = re.sub(r"_{2,}", "_", f"{'_'.join(parts)}_vae").strip("._-")[:150]
    return f"{stem}.zip"


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@given(names.filter(lambda name: any(map(str.isalnum, name))), st.from_regex(r"[a-z0-9]{1,12}\Z"))
@example("ß", "s1")
@example("Ⅷ. Ludwig", "s1")
@example("-a- _b_", "s1")
@example("a.b c-1", "s1")
def test_whoever_uses_the_collector_is_never_contradicted(name: str, student_id: str) -> None:
    name = " ".join(name.split())
    assert contradictions(collected(name, student_id), student_id, name, VAE) == []


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Ada Lovelace", "Lovelace, Ada", True),
        ("Ada Lovelace", "Augusta Ada Lovelace", True),
        ("Ada", "Ada Lovelace", True),
        ("Ada King", "Ada Lovelace", False),
        ("Zoë Müller", "Zoe Mueller", True),
        ("h", "Ada Lovelace", False),
        ("", "Ada Lovelace", False),
        ("李雷", "李雷", True),
    ],
)
def test_who_is_the_same_person(left: str, right: str, same: bool) -> None:
    assert same_person(left, right) is same
    assert same_person(right, left) is same


# Times


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-15T22:10:00Z", "2026-12-15T22:10:00Z"),
        ("2026-12-15 23:30:00 +0100", "2026-12-15T22:30:00Z"),
        ("2026-12-15T23:30+01:00", "2026-12-15T22:30:00Z"),
        ("\ufeff2026-12-15 22:10:00.250000 UTC\n", "2026-12-15T22:10:00.250000Z"),
        ("2026-12-15 23:30:00 Europe/Berlin", "2026-12-15T22:30:00Z"),
        ("2026-12-15 23:30:00 PST", None),
        ("2026-12-15 23:30:00", None),
        ("03.12.2026", None),
        ("12/15/2026 11:30 PM", None),
        ("2026-02-30 10:00 Z", None),
        ("0001-01-01 00:00 +2300", None),
        ("2026-12-15 22:10:00 ../../etc/passwd", None),
        ("", None),
    ],
)
def test_times_are_read_with_their_zone_or_not_at_all(text: str, utc: str | None) -> None:
    time = parse_time(text)
    assert (iso(time) if time else None) == utc


def test_a_zone_may_be_agreed_on() -> None:
    assert parse_time("2026-12-15 22:10", UTC) == datetime(2026, 12, 15, 22, 10, tzinfo=UTC)


@given(st.text())
def test_any_text_is_a_time_or_none(text: str) -> None:
    assert (time := parse_time(text, UTC)) is None or parse_time(iso(time)) == time


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Ada Lovelace", "Lovelace Ada", True),
        ("Ada Lovelace", "Ada King Lovelace", True),
        ("Kim Lee", "Lee Kim Park", False),
        ("Ada Lovelace", "Ada Byron", False),
        ("", "Ada Lovelace", False),
    ],
)
def test_an_account_is_only_its_owners(left: str, right: str, same: bool) -> None:
    assert same_account(left, right) is same
    assert same_account(right, left) is same
