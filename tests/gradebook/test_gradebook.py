"""Reports into nbgrader's gradebook: read back with nbgrader's own classes, and opened in its
formgrader.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import nbformat
import pytest
from nbformat import NotebookNode, v4
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.align.display import shown_markdown
from autograder.course.assignment import Assignment, Question
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import hand_in, memory
from autograder.gradebook import record as module
from autograder.gradebook.course import CONFIG, open_gradebook
from autograder.gradebook.hand_in import HandIn, times_of_others
from autograder.gradebook.record import Counted, Recorded, record
from autograder.report import Check, QuestionResult, Report, Student, add_up
from tests.formgrader_server import formgrader

HANDED_IN = HandIn(datetime(2026, 12, 1, 9, tzinfo=UTC))
BIN = Path(sys.executable).parent
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

ASSIGNMENT = Assignment(
    slug="mini",
    title="Mini",
    questions={
        "kl": Question(title="KL", notebook="lab", kind="code", points=5, covers=[], name="kl"),
        "extra": Question(
            title="Extra",
            notebook="lab",
            kind="code",
            points=3,
            covers=[],
            bonus=True,
            name="extra",
        ),
        "essay": Question(
            title="Essay", notebook="lab", kind="theory", points=4, covers=[], name="essay"
        ),
        "improve": Question(
            title="Improve",
            notebook="lab",
            kind="experiment",
            points=6,
            covers=[],
            bonus=True,
            name="improve",
        ),
    },
)


def marked(
    cell: NotebookNode, grade_id: str, *, points: float | None = None, solution: bool = False
) -> NotebookNode:
    grade = points is not None
    mark: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
    }
    cell.metadata["nbgrader"] = mark | ({"points": points} if grade else {})
    cell["id"] = grade_id
    return cell


def source_notebook() -> NotebookNode:
    solution = "{}\n### BEGIN SOLUTION\nsecret\n### END SOLUTION"
    code = solution.format("# question: kl")
    text = solution.format("<!-- question: essay -->")
    return v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        cells=[
            marked(v4.new_markdown_cell("# Mini <b>bold in the course's own text</b>"), "lab_1"),
            marked(v4.new_code_cell(code), "kl", solution=True),
            marked(v4.new_code_cell("check('kl')"), "test_kl", points=5),
            marked(v4.new_code_cell(code), "extra", solution=True),
            marked(v4.new_code_cell("check('extra')"), "test_extra", points=0),
            marked(v4.new_markdown_cell(text), "essay", points=4, solution=True),
            marked(v4.new_markdown_cell(text), "improve", points=0, solution=True),
        ],
    )


def write_source(course: Path, notebook: NotebookNode) -> None:
    folder = course / "source" / "mini"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lab.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")


def handed_in(answer: str = "return 0", essay: str = "my own words") -> NotebookNode:
    """A student's notebook after grading: their answers and outputs in the course's cells."""
    notebook = source_notebook()
    by_id = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells}
    by_id["kl"].source = answer
    by_id["kl"].outputs = [v4.new_output("stream", text="the student's own output 4711\n")]
    by_id["test_kl"].outputs = [
        v4.new_output("display_data", data={"image/png": PIXEL, "text/plain": "<Figure>"})
    ]
    by_id["essay"].source = essay
    return notebook


def report(
    student: str = "s1",
    *,
    name: str = "Ada Lovelace",
    kl: float | None = 3.0,
    extra: float | None = 2.0,
    blank_essay: bool = False,
    file: str = "Ada_Lovelace_mini.zip",
    sha256: str = "aa",
    status: Any = "graded",
    graded_at: str = "2026-12-01T10:00:00+01:00",
    kl_points: float = 5,
) -> Report:
    checks = [
        Check(name="test_shape", title="gives one number", weight=1, outcome="passed"),
        Check(
            name="test_values",
            title="agrees with the closed form",
            weight=1,
            outcome="failed",
            message="<script>mine</script>",
        ),
    ]
    graded: Any = "graded" if kl is not None else "ungraded"
    questions = [
        QuestionResult(
            name="kl",
            title="KL",
            notebook="lab",
            kind="code",
            points=kl_points,
            score=kl,
            outcome=graded,
            checks=checks,
        ),
        QuestionResult(
            name="extra",
            title="Extra",
            notebook="lab",
            kind="code",
            points=3,
            bonus=True,
            score=extra,
            outcome="graded",
        ),
        QuestionResult(
            name="essay", title="Essay", notebook="lab", kind="theory", points=4, blank=blank_essay
        ),
        QuestionResult(
            name="improve", title="Improve", notebook="lab", kind="experiment", points=6, bonus=True
        ),
    ]
    questions = questions if status != "rejected" else []
    who = Student(id=student, name=name)
    return Report(
        assignment="mini",
        file=file,
        sha256=sha256,
        status=status,
        student=who,
        questions=questions,
        totals=add_up(questions),
        graded_at=graded_at,
    )


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making a gradebook takes a second (nbgrader runs alembic), so it is made once and copied."""
    from autograder.gradebook.course import open_gradebook

    file = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with open_gradebook(file):
        pass
    return file


class Class:
    """A course with the mini assignment, and its results folder."""

    def __init__(self, folder: Path) -> None:
        self.course, self.root = folder / "course", folder / "out"
        self.db = self.root / "gradebook.db"
        write_source(self.course, source_notebook())

    def record(
        self, *graded: tuple[Report, dict[str, NotebookNode]], at: HandIn = HANDED_IN
    ) -> Recorded:
        """at: when each of them was handed in."""
        counted = [Counted(report, notebooks, at) for report, notebooks in graded]
        return record(self.db, self.root, ASSIGNMENT, counted, course=self.course)

    @property
    def timestamp(self) -> Path:
        return self.root / "submitted" / "s1" / "mini" / "timestamp.txt"

    def times(self) -> tuple[str, str]:
        """When the first student's was handed in, by the database and by the file."""
        with self.gradebook() as gradebook:
            time = gradebook.find_submission("mini", "s1").timestamp
        text = self.timestamp.read_text() if self.timestamp.exists() else ""
        return time.isoformat() if time else "", text

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.db}")

    def grade(self, cell: str, student: str = "s1") -> dict[str, Any]:
        with self.gradebook() as gradebook:
            return gradebook.find_grade(cell, "lab", "mini", student).to_dict()

    def type_in(
        self,
        cell: str,
        student: str = "s1",
        *,
        score: float | None = None,
        extra: float | None = None,
    ) -> None:
        """What formgrader does when a person types a score (its GradeHandler)."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(cell, "lab", "mini", student)
            grade.manual_score, grade.extra_credit = score, extra
            grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
            gradebook.db.commit()

    def dump(self) -> list[tuple[Any, ...]]:
        """Every value that grading writes, without nbgrader's random row ids."""
        with self.gradebook() as gradebook:
            rows: list[tuple[Any, ...]] = []
            for submission in gradebook.assignment_submissions("mini"):
                who = submission.student
                rows.append(
                    (who.id, who.first_name, who.last_name, submission.timestamp, submission.score)
                )
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        values = (
                            grade.auto_score,
                            grade.manual_score,
                            grade.extra_credit,
                            grade.needs_manual_grade,
                        )
                        rows.append((who.id, grade.name, *values))
                    rows += [
                        (who.id, comment.name, comment.auto_comment, comment.manual_comment)
                        for comment in notebook.comments
                    ]
            return sorted(rows, key=repr)


@pytest.fixture
def mini(tmp_path: Path, empty_gradebook: Path) -> Class:
    made = Class(tmp_path)
    made.root.mkdir()
    shutil.copy(empty_gradebook, made.db)
    return made


def test_scores_are_what_the_report_says(mini: Class) -> None:
    done = mini.record((report(), {"lab": handed_in()}))
    assert (done.students, done.notes) == (["s1"], [])
    values = {
        cell: tuple(
            mini.grade(cell)[key]
            for key in (
                "auto_score",
                "manual_score",
                "extra_credit",
                "needs_manual_grade",
                "max_score",
            )
        )
        for cell in ("test_kl", "test_extra", "essay", "improve")
    }
    assert values == {
        "test_kl": (3.0, None, None, False, 5.0),
        "test_extra": (0.0, None, 2.0, False, 0.0),
        "essay": (None, None, None, True, 4.0),
        "improve": (0.0, None, None, True, 0.0),
    }
    with mini.gradebook() as gradebook:
        submission = gradebook.find_submission("mini", "s1")
        assert (submission.score, submission.max_score) == (5.0, 9.0)
        assert submission.timestamp.isoformat() == "2026-12-01T09:00:00"
        assert (submission.student.first_name, submission.student.last_name) == ("Ada", "Lovelace")
        comment = gradebook.find_comment("kl", "lab", "mini", "s1").auto_comment
    assert "agrees with the closed form" in comment
    assert "<" not in comment, "what the student wrote starts no tag"
    assert "one number" not in comment


def test_a_new_gradebook_is_made_without_the_environment_activated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    made = Class(tmp_path)
    assert made.record((report(), {"lab": handed_in()})).students == ["s1"]
    assert os.environ["PATH"] == "/usr/bin:/bin"


def test_ungraded_waits_for_a_person_and_blank_does_not(mini: Class) -> None:
    mini.record((report(kl=None, status="ungraded", blank_essay=True), {"lab": handed_in()}))
    assert (mini.grade("test_kl")["auto_score"], mini.grade("test_kl")["needs_manual_grade"]) == (
        None,
        True,
    )
    assert (mini.grade("essay")["auto_score"], mini.grade("essay")["needs_manual_grade"]) == (
        0.0,
        False,
    )
    with mini.gradebook() as gradebook:
        assert gradebook.find_comment("essay", "lab", "mini", "s1").auto_comment == "No response."


@pytest.mark.parametrize("bonus", [False, True])
@pytest.mark.parametrize(("score", "blank"), [(2.0, False), (0.0, True), (None, False)])
def test_a_quality_question_needs_nobody_unless_it_could_not_be_measured(
    mini: Class, score: float | None, blank: bool, bonus: bool
) -> None:
    source = source_notebook()
    check = marked(v4.new_code_cell("show"), "test_moons", points=0 if bonus else 4)
    write_source(
        mini.course, v4.new_notebook(metadata=source.metadata, cells=[*source.cells, check])
    )
    outcome: Any = "ungraded" if score is None else "graded"
    one = report()
    one.questions.append(
        QuestionResult(
            name="moons",
            title="Moons",
            notebook="lab",
            kind="quality",
            points=4,
            bonus=bonus,
            score=score,
            outcome=outcome,
            blank=blank,
        )
    )
    done = mini.record((one, {"lab": handed_in()}))
    assert done.notes == []
    grade = mini.grade("test_moons")
    assert grade["needs_manual_grade"] == (score is None)
    assert grade["max_score"] == (0 if bonus else 4)
    assert (grade["auto_score"], grade["extra_credit"]) == ((0, score) if bonus else (score, None))


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -3.0, 5.5])
def test_impossible_scores_are_never_written(mini: Class, score: float) -> None:
    done = mini.record((report(kl=score, extra=score), {"lab": handed_in()}))
    for cell, auto in (("test_kl", None), ("test_extra", 0.0)):
        grade = mini.grade(cell)
        assert (grade["auto_score"], grade["extra_credit"], grade["needs_manual_grade"]) == (
            auto,
            None,
            True,
        )
    assert len(done.notes) == 2


def test_a_report_on_other_points_is_not_trusted(mini: Class) -> None:
    done = mini.record((report(kl=3, kl_points=10), {"lab": handed_in()}))
    assert mini.grade("test_kl")["auto_score"] is None
    assert "10 points, but the gradebook says 5" in done.notes[0]


def test_recording_twice_changes_nothing(mini: Class) -> None:
    graded = (report(), {"lab": handed_in()})
    mini.record(graded)
    before = (
        mini.dump(),
        sorted(
            file.read_bytes()
            for file in mini.root.rglob("*")
            if file.is_file() and file.suffix != ".db"
        ),
    )
    mini.record(graded)
    assert before == (
        mini.dump(),
        sorted(
            file.read_bytes()
            for file in mini.root.rglob("*")
            if file.is_file() and file.suffix != ".db"
        ),
    )


def test_what_is_in_place_is_skipped(mini: Class) -> None:
    mini.record((report(), {"lab": handed_in()}))
    rows, page = mini.dump(), mini.root / "autograded" / "s1" / "mini" / "lab.ipynb"
    text, written = page.read_bytes(), page.stat().st_mtime_ns
    again = mini.record((report(), Unread()))
    assert (again.n_skipped, again.students, again.notes) == (1, ["s1"], [])
    assert (mini.dump(), page.read_bytes(), page.stat().st_mtime_ns) == (rows, text, written)


class Unread(dict[str, NotebookNode]):
    """Notebooks that nobody may ask for."""

    def __iter__(self) -> Any:
        raise AssertionError("a submission that is in place was read")

    __getitem__ = keys = items = values = __iter__


def other_score(mini: Class) -> None:
    with mini.gradebook() as gradebook:
        gradebook.find_grade("test_kl", "lab", "mini", "s1").auto_score = 1.0
        gradebook.db.commit()


def other_source(mini: Class) -> None:
    notebook = source_notebook()
    notebook.cells[0].source = "# Another heading"
    write_source(mini.course, notebook)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda mini: mini.db.unlink(),
        lambda mini: (mini.root / "autograded" / "s1" / "mini" / "lab.ipynb").unlink(),
        lambda mini: (mini.root / "submitted" / "s1" / "mini" / "timestamp.txt").unlink(),
        other_score,
        other_source,
    ],
    ids=["no database", "no notebook", "no time", "a database with other scores", "another source"],
)
def test_what_is_not_in_place_any_more_is_recorded_again(mini: Class, spoil: Any) -> None:
    mini.record((report(), {"lab": handed_in()}))
    rows = mini.dump()
    spoil(mini)
    again = mini.record((report(), {"lab": handed_in()}))
    assert (again.n_skipped, again.notes) == (0, [])
    assert mini.dump() == rows
    assert (mini.root / "autograded" / "s1" / "mini" / "lab.ipynb").is_file()
    assert mini.record((report(), {"lab": handed_in()})).n_skipped == 1


ADA = (report(), {"lab": handed_in()})


def test_a_time_that_others_put_on_record_is_found_and_kept(mini: Class) -> None:
    mini.record(ADA)
    assert times_of_others(mini.root, "mini") == {}, "what we wrote is ours"
    mini.timestamp.write_text("2026-11-30 08:00:00 UTC\n")
    assert times_of_others(mini.root, "mini") == {"s1": datetime(2026, 11, 30, 8, tzinfo=UTC)}
    theirs = HandIn(datetime(2026, 11, 30, 8, tzinfo=UTC), others=True)
    for n_skipped in (0, 1):
        assert mini.record(ADA, at=theirs).n_skipped == n_skipped
        assert mini.times() == ("2026-11-30T08:00:00", "2026-11-30 08:00:00 UTC\n")
    assert times_of_others(mini.root, "mini"), "and is still theirs"


def test_an_offset_is_written_so_that_formgrader_reads_it(mini: Class) -> None:
    """nbgrader takes `+0100` for 100 seconds, and would not find the submission autograded."""
    mini.timestamp.parent.mkdir(parents=True)
    mini.timestamp.write_text("2026-12-15 23:30:00 +0100\n")
    times = times_of_others(mini.root, "mini")
    assert times == {"s1": datetime(2026, 12, 15, 22, 30, tzinfo=UTC)}
    mini.record(ADA, at=HandIn(times["s1"], others=True))
    assert mini.times() == ("2026-12-15T22:30:00", "2026-12-15 22:30:00.000000 UTC\n")
    assert times_of_others(mini.root, "mini") == times, "it does not become ours"
    assert [row["autograded"] for row in nbgrader_api(mini).get_submissions("mini")] == [True]


def test_without_a_time_there_is_none_and_nobody_is_late(mini: Class) -> None:
    """Neither is the time of grading written, nor does formgrader miss anything."""
    late = msgspec.structs.replace(ASSIGNMENT, due=datetime(2026, 1, 1, tzinfo=UTC))
    counted = [Counted(*ADA)]
    record(mini.db, mini.root, late, counted, course=mini.course)
    assert mini.times() == ("", "")
    with mini.gradebook() as gradebook:
        assert gradebook.find_submission("mini", "s1").total_seconds_late == 0
    assert [row["autograded"] for row in nbgrader_api(mini).get_submissions("mini")] == [True]
    assert record(mini.db, mini.root, late, counted, course=mini.course).n_skipped == 1


def test_a_time_of_ours_goes_when_it_is_known_no_longer(mini: Class) -> None:
    mini.record(ADA)
    assert mini.times()[0] == "2026-12-01T09:00:00"
    mini.record(ADA, at=HandIn())
    assert mini.times() == ("", "")


@pytest.mark.parametrize("text", ["03.12.2026", "12/15/2026 11:30 PM", "2026-12-15 23:30 PST", "?"])
def test_what_is_no_time_makes_way_and_is_kept(mini: Class, text: str) -> None:
    mini.timestamp.parent.mkdir(parents=True)
    mini.timestamp.write_text(text)
    assert times_of_others(mini.root, "mini") == {}
    (note,) = mini.record(ADA, at=HandIn()).notes
    assert text in note
    assert mini.timestamp.with_name("timestamp_as_given.txt").read_text() == text
    assert mini.times() == ("", "")
    assert [row["autograded"] for row in nbgrader_api(mini).get_submissions("mini")] == [True]
    assert mini.record(ADA, at=HandIn()).n_skipped == 1


@pytest.mark.parametrize(
    "regrade", [False, True], ids=["a first recording", "a regrade that moves the bonus"]
)
@pytest.mark.parametrize("n_writes", [1, 2, 3])
def test_a_recording_that_was_cut_off_takes_its_own_work_for_its_own(
    mini: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, regrade: bool, n_writes: int
) -> None:
    """After the commit nothing has been noted yet: neither bonus points nor the hand-in time may
    pass for a person's.
    """
    whole = Class(tmp_path / "whole")
    whole.root.mkdir(parents=True)
    shutil.copy(mini.db, whole.db)
    for one in (mini, whole):
        if regrade:
            one.record((report(extra=1.0), {"lab": handed_in()}), at=HandIn())
    whole.record((report(), {"lab": handed_in()}))

    write, done = module.write_atomically, 0

    def cut_off(file: Path, data: bytes) -> None:
        nonlocal done
        if done == n_writes:
            raise KeyboardInterrupt
        done += 1
        write(file, data)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(module, "write_atomically", cut_off)
        patched.setattr(memory, "write_atomically", cut_off)
        patched.setattr(hand_in, "write_atomically", cut_off)
        mini.record((report(), {"lab": handed_in()}))
    assert mini.record((report(), {"lab": handed_in()})).notes == []
    assert mini.dump() == whole.dump()
    assert mini.grade("test_extra")["extra_credit"] == 2.0
    time = (mini.root / "submitted" / "s1" / "mini" / "timestamp.txt").read_text()
    assert time == (whole.root / "submitted" / "s1" / "mini" / "timestamp.txt").read_text()


def test_a_database_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.gradebook import course

    def stop() -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(course, "_alembic_version", stop)
        with course.open_gradebook(tmp_path / "gradebook.db"):
            pass
    assert list(tmp_path.iterdir()) == []
    with (
        course.open_gradebook(tmp_path / "gradebook.db"),
        sqlite3.connect(tmp_path / "gradebook.db") as database,
    ):
        ((version,),) = database.execute("SELECT version_num FROM alembic_version")
    import nbgrader.api

    monkeypatch.setenv("PATH", str(BIN), prepend=os.pathsep)
    assert version == nbgrader.api.get_alembic_version()


def test_regrading_keeps_what_people_typed(mini: Class) -> None:
    mini.record((report(), {"lab": handed_in()}))
    mini.type_in("essay", score=3.5, extra=0.5)
    mini.type_in("improve", extra=4.0)
    with mini.gradebook() as gradebook:
        gradebook.find_comment("essay", "lab", "mini", "s1").manual_comment = "well argued"
        gradebook.db.commit()
    mini.record((report(kl=5.0, extra=3.0), {"lab": handed_in()}))
    essay, improve = mini.grade("essay"), mini.grade("improve")
    assert (essay["manual_score"], essay["extra_credit"], essay["needs_manual_grade"]) == (
        3.5,
        0.5,
        False,
    )
    assert (improve["extra_credit"], improve["needs_manual_grade"]) == (4.0, False)
    assert mini.grade("test_kl")["auto_score"] == 5.0
    assert mini.grade("test_extra")["extra_credit"] == 3.0
    with mini.gradebook() as gradebook:
        assert gradebook.find_comment("essay", "lab", "mini", "s1").manual_comment == "well argued"
        assert gradebook.find_submission("mini", "s1").score == 5.0 + 3.0 + 3.5 + 0.5 + 4.0


def test_a_score_that_a_person_overrode_waits_again_when_the_automatic_one_moves(
    mini: Class,
) -> None:
    mini.record((report(kl=3.0), {"lab": handed_in()}))
    mini.type_in("test_kl", score=4.0)
    mini.type_in("test_extra", extra=1.0)
    mini.record((report(kl=3.0), {"lab": handed_in()}))
    assert mini.grade("test_kl")["needs_manual_grade"] is False
    assert (
        mini.grade("test_extra")["extra_credit"],
        mini.grade("test_extra")["needs_manual_grade"],
    ) == (1.0, False)
    mini.record((report(kl=0.0), {"lab": handed_in()}))
    grade = mini.grade("test_kl")
    assert (grade["manual_score"], grade["auto_score"], grade["needs_manual_grade"]) == (
        4.0,
        0.0,
        True,
    )
    assert mini.grade("test_extra")["extra_credit"] == 1.0


def test_a_new_file_of_the_student_asks_people_to_look_again(mini: Class) -> None:
    mini.record((report(sha256="aa"), {"lab": handed_in()}))
    mini.type_in("essay", score=3.5)
    mini.record((report(sha256="bb"), {"lab": handed_in(essay="quite another text")}))
    assert (mini.grade("essay")["manual_score"], mini.grade("essay")["needs_manual_grade"]) == (
        3.5,
        True,
    )
    assert "quite another text" in (mini.root / "autograded/s1/mini/lab.ipynb").read_text()


def test_what_is_in_the_gradebook_and_counts_for_nobody_is_said(mini: Class) -> None:
    mini.record(ADA, (report("s2", file="Mallory_mini.zip"), {"lab": handed_in()}))
    (note,) = mini.record(ADA).notes
    assert note.startswith("Mallory_mini.zip") and "nbgrader db student remove s2" in note


def test_a_rejected_submission_makes_the_student_known_and_no_submission(mini: Class) -> None:
    done = mini.record((report(status="rejected"), {}))
    assert done.students == []
    with mini.gradebook() as gradebook:
        assert gradebook.find_student("s1").last_name == "Lovelace"
        with pytest.raises(MissingEntry):
            gradebook.find_submission("mini", "s1")
    assert not (mini.root / "autograded").exists()


@pytest.mark.parametrize(
    "bad_id", ["", "../../evil", "a/b", ".hidden", "--help", "x" * 200, "<img>", "nul\0"]
)
def test_an_id_that_is_no_id_stops_nobody_else(mini: Class, bad_id: str) -> None:
    done = mini.record(
        (report(bad_id, file="bad.zip"), {"lab": handed_in()}), (report("s2"), {"lab": handed_in()})
    )
    assert done.students == ["s2"]
    assert done.notes[0].startswith("bad.zip")
    assert [folder.name for folder in (mini.root / "autograded").iterdir()] == ["s2"]


def test_hostile_names_are_neither_markup_nor_extra_columns(mini: Class) -> None:
    mini.record(
        (report(name='=cmd()<script>alert("1")</script>, O\'Brien\r\n, Zoë'), {"lab": handed_in()})
    )
    with mini.gradebook() as gradebook:
        student = gradebook.find_student("s1")
    assert (student.first_name, student.last_name) == ("cmd script alert 1 script O'Brien", "Zoë")


def test_a_name_from_the_class_list_stays(mini: Class) -> None:
    with mini.gradebook() as gradebook:
        gradebook.add_student("s1", first_name="Augusta Ada", last_name="King")
    mini.record((report(), {"lab": handed_in()}))
    with mini.gradebook() as gradebook:
        assert gradebook.find_student("s1").last_name == "King"


def test_one_failure_rolls_back_alone(mini: Class) -> None:
    blocked = mini.root / "autograded" / "s1"
    blocked.parent.mkdir()
    blocked.write_text("a file where a folder must be")
    done = mini.record((report("s1"), {"lab": handed_in()}), (report("s2"), {"lab": handed_in()}))
    assert done.students == ["s2"]
    assert "not in the gradebook" in done.notes[0]
    with mini.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == ["s2"]


def test_a_report_without_questions_waits_for_a_person(mini: Class) -> None:
    ours = report(status="ungraded", graded_at="", sha256="")
    ours.questions = []
    done = mini.record((ours, {}))
    assert done.students == ["s1"]
    assert len(done.notes) == 1
    assert all(
        mini.grade(cell)["needs_manual_grade"]
        for cell in ("test_kl", "test_extra", "essay", "improve")
    )


def test_a_broken_notebook_costs_its_page_and_not_its_scores(mini: Class) -> None:
    done = mini.record((report(), {"lab": NotebookNode({"cells": [{"cell_type": "code"}]})}))
    assert done.students == ["s1"]
    assert "cannot be shown" in done.notes[0]
    assert mini.grade("test_kl")["auto_score"] == 3.0


def test_no_notebooks_leave_those_of_the_last_recording(mini: Class) -> None:
    mini.record((report(), {"lab": handed_in("the first")}))
    mini.record((report(kl=4.0), {}))
    assert "the first" in (mini.root / "autograded/s1/mini/lab.ipynb").read_text()


def test_a_course_with_other_cells_is_refused(mini: Class) -> None:
    mini.record((report(), {"lab": handed_in()}))
    changed = source_notebook()
    del changed.cells[-1]
    write_source(mini.course, changed)
    with pytest.raises(CourseError, match="Cannot add or remove cells"):
        mini.record((report(), {"lab": handed_in()}))


def test_a_course_without_a_build_is_refused(mini: Class) -> None:
    shutil.rmtree(mini.course / "source")
    with pytest.raises(CourseError, match="autograder release mini"):
        mini.record()


def test_a_file_that_is_no_gradebook_is_refused(mini: Class) -> None:
    mini.db.write_bytes(b"not SQLite at all, but long enough to have a header" * 40)
    with pytest.raises(AutograderError, match="cannot be used as a gradebook"):
        mini.record()


def test_cells_are_in_the_gradebook_as_after_generate_assignment(mini: Class) -> None:
    mini.record()
    with mini.gradebook() as gradebook:
        notebook = gradebook.find_notebook("lab", "mini")
        assert {cell.name for cell in notebook.grade_cells} == {
            "test_kl",
            "test_extra",
            "essay",
            "improve",
        }
        answer = gradebook.find_source_cell("kl", "lab", "mini")
    assert "secret" not in answer.source
    assert len(answer.checksum) == 32


def settings(folder: Path) -> CourseDirectory:
    """What nbgrader finds when it is started in a folder."""
    found = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
    return CourseDirectory(config=found)


def test_the_folder_for_formgrader_can_be_moved_and_copied(mini: Class, tmp_path: Path) -> None:
    mini.record((report(), {"lab": handed_in()}))
    text = (mini.root / CONFIG).read_text()
    assert str(tmp_path) not in text
    copied = shutil.copytree(mini.root, tmp_path / "another place" / "copy")
    found = settings(copied)
    assert found.root == str(copied.resolve())
    assert found.db_url == f"sqlite:///{copied.resolve() / 'gradebook.db'}"
    assert (copied / "source" / "mini" / "lab.ipynb").is_file()
    before = mini.db.read_bytes()
    config = PyFileConfigLoader(CONFIG, path=str(copied)).load_config()
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    assert [row["student"] for row in api.get_submissions("mini")] == ["s1"]
    with api.gradebook as gradebook:
        gradebook.find_grade("essay", "lab", "mini", "s1").manual_score = 2
        gradebook.db.commit()
    assert mini.db.read_bytes() == before


def test_settings_of_somebody_are_left_alone(mini: Class) -> None:
    (mini.root / CONFIG).write_text("# mine\n")
    mini.record()
    assert (mini.root / CONFIG).read_text() == "# mine\n"
    assert not (mini.root / "source").exists()


def test_generate_in_formgrader_leaves_the_released_assignment(mini: Class) -> None:
    """The button removes a release before it builds one."""
    released = mini.course / "release" / "mini" / "lab.ipynb"
    released.parent.mkdir(parents=True)
    released.write_text(nbformat.writes(handed_in()))
    before = released.read_bytes()
    mini.record((report(), {"lab": handed_in()}))
    assert (mini.root / "release" / "mini" / "lab.ipynb").read_bytes() == before
    config = PyFileConfigLoader(CONFIG, path=str(mini.root)).load_config()
    done = NbGraderAPI(CourseDirectory(config=config), config=config).generate_assignment("mini")
    assert done["success"], done
    assert released.read_bytes() == before
    assert (mini.root / "release" / "mini" / "lab.ipynb").read_bytes() != before
    assert mini.record((report(), {"lab": handed_in()})).notes == []


def test_a_folder_with_the_signs_of_an_address(tmp_path: Path) -> None:
    file = tmp_path / "a?mode=memory&b=%41 #c" / "gradebook.db"
    with open_gradebook(file) as gradebook:
        gradebook.add_student("ada")
    assert [each.name for each in file.parent.iterdir()] == ["gradebook.db"]
    with open_gradebook(file) as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]


def test_a_gradebook_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "gradebook.db"
    with open_gradebook(file):
        pass
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o664)  # as an earlier version made it, for a group that may write
    with open_gradebook(file):
        pass
    assert stat.S_IMODE(file.stat().st_mode) == 0o660


def test_an_empty_file_becomes_a_gradebook(mini: Class) -> None:
    mini.db.write_bytes(b"")
    assert mini.record((report(), {"lab": handed_in()})).students == ["s1"]


def test_a_locked_gradebook_is_waited_for(mini: Class) -> None:
    mini.record()
    other = sqlite3.connect(mini.db, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(8, lambda: other.execute("COMMIT")).start()
    assert mini.record((report(), {"lab": handed_in()})).students == ["s1"]
    other.close()


def nbgrader_api(mini: Class) -> NbGraderAPI:
    config = Config()
    config.CourseDirectory.root = str(mini.root)
    config.CourseDirectory.source_directory = str(mini.course / "source")
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def test_nbgrader_finds_every_submission_autograded(mini: Class) -> None:
    mini.record(
        (report("s1"), {"lab": handed_in()}),
        (report("s2"), {"lab": handed_in()}),
        (report("s3", status="rejected"), {}),
    )
    api = nbgrader_api(mini)
    assert api.get_assignment("mini")["num_submissions"] == 2
    assert [
        (row["student"], row["autograded"], row["score"], row["max_score"])
        for row in api.get_submissions("mini")
    ] == [
        ("s1", True, 5.0, 9.0),
        ("s2", True, 5.0, 9.0),
    ]
    assert {row["student"] for row in api.get_notebook_submissions("mini", "lab")} == {"s1", "s2"}
    assert [row["autograded"] for row in api.get_student_submissions("s1")] == [True]
    assert [row["submitted"] for row in api.get_student_submissions("s3")] == [False]


def environment() -> dict[str, str]:
    return os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.slow
def test_nbgrader_exports_the_gradebook(mini: Class) -> None:
    mini.record((report(), {"lab": handed_in()}))
    run = subprocess.run(
        [BIN / "nbgrader", "export"],
        cwd=mini.root,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    header, row = (mini.root / "grades.csv").read_text().splitlines()
    values = dict(zip(header.split(","), row.split(","), strict=True))
    assert (values["student_id"], values["max_score"], values["score"]) == ("s1", "9.0", "5.0")


@pytest.mark.slow
def test_formgrader_shows_the_submission(mini: Class) -> None:
    """The real thing: a Jupyter server in the results folder, as docs/gradebook.md tells a teaching
    assistant to start it.
    """
    hostile = "<script>window.pwned = 1</script> and <img src=x onerror=alert(1)> with $0<t<T$"
    mini.record((report(), {"lab": handed_in(essay=shown_markdown(hostile, {}))}))
    with formgrader(mini.root, mini.root.parent / "home") as server:
        (submission,) = server.api("submitted_notebooks/mini/lab")
        page = server.ask(f"/formgrader/submissions/{submission['id']}/")
        grades = server.api(f"grades?submission_id={submission['id']}")
        (assignment,) = server.api("assignments")
    assert {grade["name"]: grade["auto_score"] for grade in grades} == {
        "test_kl": 3.0,
        "test_extra": 0.0,
        "essay": None,
        "improve": 0.0,
    }
    assert (assignment["name"], assignment["num_submissions"]) == ("mini", 1)
    assert "the student's own output 4711" in page
    assert f"data:image/png;base64,{PIXEL}" in page
    assert "<b>bold in the course's own text</b>" in page
    assert 'id="test_kl"' in page and 'id="essay"' in page
    assert "window.pwned" in page and "<script>window.pwned" not in page
    assert "<img src=x" not in page and '<img src="x"' not in page
