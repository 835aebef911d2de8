"""What a run leaves of the whole class, whatever was graded when: `class.json`, the CSV files."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.class_run import run as module
from autograder.class_run.class_results import ClassResults, read_class
from autograder.class_run.run import run_class
from autograder.course.assignment import load
from autograder.errors import AutograderError, UsageError
from autograder.executor.tasks import Task
from autograder.gradebook import record as gradebook
from autograder.gradebook.record import Counted, Recorded
from autograder.grading.digests import digests
from autograder.grading.grade import Graded, Options
from autograder.intake.who import contradictions, identify
from autograder.report import HandedIn, QuestionResult, Report, Student

ROOT = Path(__file__).resolve().parents[2]
COURSE = load("vae", ROOT)


class FromText:
    """An executor for which a file's own text is its manifest: `id name|time`; empty: none."""

    def run(
        self, tasks: Sequence[Task], options: Options, started: Callable[[], None]
    ) -> Iterator[tuple[int, Graded]]:
        for task in tasks:
            yield task.index, Graded(self._report(task, options))

    def _report(self, task: Task, options: Options) -> Report:
        data, file = task.file.read_bytes(), task.file.name
        who, _, at = data.decode().partition("|")
        student_id, _, name = who.partition(" ")
        student = identify(file, COURSE)
        if who:
            student = Student(id=student_id, name=name, claimed_id=student_id)
            student.contradictions = contradictions(file, student_id, name, COURSE)
        now = digests("vae", options.root)
        questions = [
            QuestionResult(
                name=name,
                title="T",
                notebook="lab",
                kind="code",
                points=2,
                score=1.0,
                outcome="graded",
                suite_sha256=digest,
            )
            for name, digest in now.questions.items()
        ]
        return Report(
            assignment="vae",
            file=file,
            sha256=hashlib.sha256(data).hexdigest(),
            status="graded",
            grader_sha256=now.grader,
            student=student,
            questions=questions,
            graded_at="2027-01-01T00:00:00+00:00",
            handed_in=HandedIn(time=at, source="manifest") if at else None,
        )


class Class:
    """A folder of what students handed in, graded file by file into `out`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder / "in", folder / "out"
        self.folder.mkdir()
        self.recorded: list[Counted] = []

    def hand_in(self, name: str, manifest: str = "") -> Path:
        (self.folder / f"{name}.zip").write_text(manifest)
        return self.folder / f"{name}.zip"

    def grade(self, *files: Path, out: Path | None = None, **options: Any) -> ClassResults:
        options.setdefault("assignment", "vae")
        done = run_class(
            list(files), Options(root=ROOT, isolation="none"), out=out or self.out, **options
        )
        return done.classes[0]

    def record(self, *given: Any, **_: Any) -> Recorded:
        self.recorded = list(given[3])
        return Recorded()

    def totals(self) -> dict[str, dict[str, str]]:
        file = self.out / "results" / "vae" / "csv" / "totals.csv"
        with file.open(newline="", encoding="utf-8") as stream:
            return {row["id"]: row for row in csv.DictReader(stream)}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    made = Class(tmp_path)
    monkeypatch.setattr(module, "choose_executor", lambda *_: FromText())
    monkeypatch.setattr(gradebook, "record", made.record)
    return made


def test_grading_one_late_file_keeps_everybody_in_the_tables(small: Class) -> None:
    small.grade(small.hand_in("Ada_vae", "s01 Ada"), small.hand_in("Ben_vae", "s02 Ben"))
    small.grade(small.hand_in("Cy_vae", "s03 Cy|2026-12-20T00:00:00Z"))
    assert list(small.totals()) == ["s01", "s02", "s03"]
    kl = (small.out / "results" / "vae" / "csv" / "kl_divergence.csv").read_text()
    assert [line.split(",")[0] for line in kl.splitlines()] == ["id", "s01", "s02", "s03"]
    assert [one.report.student.id for one in small.recorded] == ["s01", "s02", "s03"]
    assert float(small.totals()["s03"]["late_s"]) > 0


def test_the_order_and_the_split_into_runs_do_not_matter(small: Class, tmp_path: Path) -> None:
    files = [
        small.hand_in("Ada_vae", "s01 Ada|2026-12-01T00:00:00Z"),
        small.hand_in("Ada_vae-1", "S01 Ada|2026-12-03T00:00:00Z"),
        small.hand_in("Ada_vae (10)", "s01 Ada|2026-12-02T00:00:00Z"),
        small.hand_in("Ben_vae", "s02 Ben"),
        small.hand_in("Ben_vae (2)", "s02 Ben"),
        small.hand_in("Mallory_vae", "s02 Ben|2026-12-09T00:00:00Z"),
        small.hand_in("Cy_vae"),
    ]
    small.grade(*files)
    whole = (small.out / "results" / "vae" / "class.json").read_bytes()
    for number, parts in enumerate([(files[::-1],), (files[4:], files[:4]), [[f] for f in files]]):
        out = tmp_path / f"split {number}"
        for part in parts:
            small.grade(*part, out=out)
        assert (out / "results" / "vae" / "class.json").read_bytes() == whole
    found = read_class(small.out / "results" / "vae" / "class.json")
    assert {one.id: one.file for one in found.students} == {
        "Cy": "Cy_vae.zip",
        "s01": "Ada_vae-1.zip",
        "s02": "Ben_vae (2).zip",
    }
    assert [one.file for one in found.waiting] == ["Mallory_vae.zip"]


def test_the_gradebook_gets_the_settled_id_and_the_report_keeps_the_claimed(small: Class) -> None:
    roster = small.folder / "class.csv"
    roster.write_text("id,name\nAL1815,Ada Lovelace\n")
    small.grade(small.hand_in("Ada_vae", "al1815 Ada"), roster=roster)
    (counted,) = small.recorded
    assert (counted.report.student.id, counted.report.student.name) == ("AL1815", "Ada Lovelace")
    assert list(small.totals()) == ["AL1815"]
    kept = (small.out / "results" / "vae" / "Ada_vae" / "report.json").read_bytes()
    assert msgspec.json.decode(kept, type=Report).student.id == "al1815"


def test_a_roster_that_cannot_be_read_is_a_usage_error(small: Class) -> None:
    ada = small.hand_in("Ada_vae", "s01 Ada")
    with pytest.raises(UsageError, match=r"none\.csv: cannot be read"):
        small.grade(ada, roster=small.folder / "none.csv")
    (small.folder / "empty.csv").write_text("")
    with pytest.raises(UsageError, match=r"empty\.csv: is empty"):
        small.grade(ada, roster=small.folder / "empty.csv")


def test_a_roster_is_kept_until_another_is_given(small: Class) -> None:
    roster = small.folder / "class.csv"
    roster.write_text("id,name\ns01,Ada\ns09,Zed\n")
    ada, eve = small.hand_in("Ada_vae", "s01 Ada"), small.hand_in("Eve_vae", "s66 Eve")
    assert small.grade(ada).with_roster is False
    assert [one.id for one in small.grade(ada, roster=roster).without_submission] == ["s09"]
    roster.unlink()
    found = small.grade(eve)
    assert [one.id for one in found.students] == ["s01"]
    assert [one.file for one in found.waiting] == ["Eve_vae.zip"]
    assert {row["status"] for row in small.totals().values()} == {"graded", "missing", "waits"}
    roster.write_text("id\ns01\ns66\n")
    assert [one.id for one in small.grade(eve, roster=roster).students] == ["s01", "s66"]


def test_a_roster_that_cannot_be_used_stops_a_run_before_it_grades(small: Class) -> None:
    roster = small.folder / "class.csv"
    roster.write_text("name\nAda\n")
    for file in (roster, small.folder / "gone.csv"):
        with pytest.raises(AutograderError, match=file.name):
            small.grade(small.hand_in("Ada_vae"), roster=file)
    assert not list(small.out.rglob("report.json")) and not list(small.out.rglob("roster.csv"))


def test_a_time_that_staff_put_on_record_counts(small: Class) -> None:
    file = small.hand_in("Ada_vae", "s01 Ada|2026-12-20T00:00:00Z")
    assert small.grade(file).students[0].late_s > 0
    recorded = small.out / "submitted" / "s01" / "vae" / "timestamp.txt"
    recorded.parent.mkdir(parents=True)
    recorded.write_text("2026-12-15 23:30:00 +0100\n")
    (student,) = small.grade(file).students
    assert (student.handed_in, student.time_from) == ("2026-12-15T22:30:00Z", "timestamp.txt")
    assert student.late_s == 0
    (counted,) = small.recorded
    assert counted.handed_in.others


def test_what_is_of_no_known_assignment_waits(small: Class) -> None:
    found = small.grade(small.hand_in("homework"), assignment=None)
    assert found.assignment == "unknown"
    assert "homework.zip" in found.waiting[0].why and "--assignment" in found.waiting[0].why


def test_a_report_that_cannot_be_read_is_said(small: Class) -> None:
    small.grade(small.hand_in("Ada_vae", "s01 Ada"), small.hand_in("Ben_vae", "s02 Ben"))
    (small.out / "results" / "vae" / "Ben_vae" / "report.json").write_text("{")
    found = small.grade(small.folder / "Ada_vae.zip")
    assert [one.folder for one in found.waiting] == ["Ben_vae"]
    assert "grade it again" in found.waiting[0].why.lower()
