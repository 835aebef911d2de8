"""Any names, folders, manifests and times, in any order: the same class; nobody is credited with the
file of somebody else; no file vanishes.

Files are found, opened, identified and settled as in a run; only the grading of code is left out.
"""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.class_run.class_results import ClassResults, settle_class
from autograder.class_run.results_folder import labels
from autograder.course.assignment import Assignment, Question
from autograder.errors import RejectedSubmission
from autograder.intake.find import Found, Search, find
from autograder.intake.found_file import FoundFile
from autograder.intake.read import read_submission
from autograder.intake.who import identify
from autograder.report import QuestionResult, Report, add_up
from tests.handins.row import zipped

COURSE = Assignment(
    slug="vae",
    title="VAE",
    due=datetime(2025, 12, 15, tzinfo=UTC),
    questions={
        "kl": Question(title="KL", notebook="lab", kind="code", points=2, covers=[], name="kl")
    },
)
RESULT = QuestionResult(
    name="kl", title="KL", notebook="lab", kind="code", points=2, score=1.5, outcome="graded"
)
PEOPLE = {
    "s01": "Ada Lovelace",
    "s02": "Alan Turing",
    "s03": "Kim Lee",
    "s04": "Lee Kim Park",
}


@dataclass(frozen=True)
class HandedIn:
    """One file: who really made it, in which form it comes, whom its manifest names."""

    author: str
    form: str
    claims: str
    """An id, `typo`, or empty: no manifest."""
    suffix: str
    day: int
    answer: int


HAND_INS = st.builds(
    HandedIn,
    author=st.sampled_from(sorted(PEOPLE)),
    form=st.sampled_from(
        [
            "plain",
            "canvas",
            "canvas_late",
            "moodle",
            "moodle_generic",
            "blackboard",
            "brightspace",
            "folder",
            "zip in zip",
            "notebook",
            "broken",
            "rar",
        ]
    ),
    claims=st.sampled_from(["author", "author", "author", "", "typo", *PEOPLE]),
    suffix=st.sampled_from(["", "-1", "-2", " (2)", " (10)", " copy", ".zip"]),
    day=st.integers(0, 20),
    answer=st.integers(0, 3),
)


def files_of(one: HandedIn) -> dict[str, bytes]:
    name = PEOPLE[one.author]
    cell = {"cell_type": "code", "metadata": {}, "source": f"# question: kl\nx = {one.answer}"}
    made = {"lab.ipynb": json.dumps({"nbformat": 4, "author": name, "cells": [cell]}).encode()}
    if one.claims:
        told = {"author": one.author, "typo": f"{one.author}x"}.get(one.claims, one.claims)
        manifest = {"schema": 1, "slug": "vae", "id": told, "declaration": True}
        manifest["name"] = PEOPLE.get(told, name)
        if one.day:
            manifest["created"] = f"2025-12-{one.day:02}T10:00:00Z"
        made["submission.json"] = json.dumps(manifest).encode()
    return made


def write(one: HandedIn, folder: Path) -> None:
    name = PEOPLE[one.author]
    filed = f"{name.replace(' ', '_')}_vae{one.suffix}"
    number = 100 + int(one.author[1:])
    key = "".join(reversed(name.lower().split()))
    files = files_of(one)
    path = {
        "canvas": f"{key}_{number}_{number}7_{filed}.zip",
        "canvas_late": f"{key}_LATE_{number}_{number}8_{filed}.zip",
        "moodle": f"{name}_{number}_assignsubmission_file/{filed}.zip",
        "moodle_generic": f"{name}_{number}_assignsubmission_file/vae{one.suffix}.zip",
        "blackboard": f"Lab_{one.author}_attempt_2025-12-{one.day + 1:02}-10-00-00_{filed}.zip",
        "brightspace": f"{number}-9 - {name} - Dec {one.day + 1}, 2025 1103 PM - {filed}.zip",
        "rar": f"{filed}.rar",
    }.get(one.form, f"{filed}.zip")
    if one.form == "folder":
        if (folder / filed).is_file():
            return  # a folder holds one thing of a name
        for file, data in files.items():
            (folder / filed).mkdir(exist_ok=True)
            (folder / filed / file).write_bytes(data)
        return
    if one.form == "notebook":
        (folder / f"{name.replace(' ', '_')}_lab.ipynb").write_bytes(files["lab.ipynb"])
        return
    data = zipped(files)
    data = {"broken": data[: len(data) // 2], "zip in zip": zipped({"x.zip": data})}.get(
        one.form, data
    )
    (folder / path).parent.mkdir(exist_ok=True)
    if not (folder / path).is_dir():
        (folder / path).write_bytes(b"Rar!" if one.form == "rar" else data)


def graded(file: FoundFile) -> tuple[Report, str]:
    """The report, without any code run, and the name of who made the file."""
    student = identify(file.name, COURSE, file.sender)
    data = file.read_bytes()
    report = Report(
        assignment="vae",
        file=file.name,
        sha256=str(hash(data)),
        status="rejected",
        student=student,
        sender=file.sender,
        graded_at="2026-06-01T00:00:00+00:00",
    )
    try:
        opened = read_submission(data, file.name, COURSE, sender=file.sender)
    except RejectedSubmission as error:
        report.status = "ungraded" if error.waits else "rejected"
        return report, ""
    report.student, report.handed_in = opened.student, opened.handed_in
    report.status, report.questions = "graded", [RESULT]
    report.totals = add_up(report.questions)
    return report, json.loads(opened.notebooks["lab"])["author"]


def settle(folder: Path, order: random.Random) -> tuple[Found, ClassResults, dict[str, str]]:
    found = find([folder], Search({"lab.ipynb"}, is_one=lambda name: "_vae" in name))
    paired = list(zip(labels(found.files), found.files, strict=True))
    order.shuffle(paired)
    made = {label: graded(file) for label, file in paired}
    results = settle_class({label: report for label, (report, _) in made.items()}, COURSE)
    return found, results, {label: author for label, (_, author) in made.items()}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(hand_ins=st.lists(HAND_INS, min_size=1, max_size=8), seed=st.integers(0, 99))
@example(
    hand_ins=[
        HandedIn("s01", form, "author", suffix, 0, 0)
        for form, suffix in (("plain", ""), ("folder", ".zip"), ("folder", ".zip"), ("plain", ""))
    ],
    seed=0,
)
def test_any_class(hand_ins: list[HandedIn], seed: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for one in hand_ins:
            write(one, folder)
        found, results, authors = settle(folder, random.Random(seed))
        _, again, _ = settle(folder, random.Random(seed + 1))
        assert results == again, "the order of the files matters"
        shown = {one.folder for one in results.students}
        shown |= {other.folder for one in results.students for other in one.others}
        shown |= {one.folder for one in results.waiting}
        assert shown == set(labels(found.files)), "a file vanished"
        on_disk = [path for path in folder.rglob("*") if path.is_file()]
        inside = {name for file in found.files for name in members(file)}
        told = {Path(path).resolve() for path in found.aside}
        assert {path.resolve() for path in on_disk} == inside | told
        for one in results.students:
            if one.status == "graded":
                honest = PEOPLE.get(one.id.casefold(), one.name or one.id)
                assert same(honest, authors[one.folder]), (one.id, one.name, authors[one.folder])


def members(file: FoundFile) -> list[Path]:
    path = Path(file.source.path.decode())
    if file.source.in_zip:
        return [path.resolve()]
    return [(path / name.decode()).resolve() for name in file.source.members] or [path.resolve()]


def same(shown: str, author: str) -> bool:
    plain = shown.replace("_lab", "").replace("_vae", "").replace("_", " ").casefold()
    words = sorted(author.casefold().split())
    return sorted(plain.split()) == words or plain.replace(" ", "") in (
        "".join(author.casefold().split()),
        "".join(reversed(author.casefold().split())),
    )
