"""A killed run and the one after it: the same gradebook as an unbroken one. What is unchanged is
skipped; what moved a score is told.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from class_of_five import SmallClass, changes, hand_in_times, make_class, reports, snapshot

from autograder.atomic_write import TEMPORARY
from autograder.class_run import run as classroom
from autograder.class_run.results_folder import labels, locked
from autograder.class_run.run import ClassRun, run_class
from autograder.errors import AutograderError
from autograder.executor.tasks import Task
from autograder.grading.digests import digests
from autograder.grading.grade import Graded, Options
from autograder.report import Check, QuestionResult, Report, Student, read

ROOT = Path(__file__).resolve().parent.parent.parent


# A class graded by the command line, killed and not


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallClass:
    return make_class(tmp_path_factory.mktemp("class"))


@pytest.fixture(scope="module")
def unbroken(small: SmallClass, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("unbroken")
    done = small.grade(out)
    assert done.returncode == 0, done.stderr
    assert {name: report.totals.auto for name, report in reports(out).items()} == {
        "Ada_Full": 3.0,
        "Ben_Positive": 2.0,
        "Cleo_Blank": 0.0,
        "Dan_Broken": 0.0,
        "Eva_Raises": 0.0,
    }
    return out


def assert_same(out: Path, unbroken: Path) -> None:
    expected, found = snapshot(unbroken), snapshot(out)
    for part in expected:
        assert found[part] == expected[part], part
    times = hand_in_times(out)
    assert times["Cleo_Blank"] == ("", ""), "it is not the time of grading"
    for in_database, in_file in times.values():
        assert in_file.startswith(in_database), "formgrader would not find it autograded"
        assert bool(in_file) == bool(in_database)
    assert len([one for one in times.values() if one[0]]) == 3


@pytest.mark.slow
def test_killed_while_it_grades(small: SmallClass, unbroken: Path, tmp_path: Path) -> None:
    """Three kills in one class: before the first report, between a notebook and its report, between
    two reports.
    """
    out = tmp_path / "out"
    for kill, n_reports in [
        (("write", "before", "report.json", 1), 0),
        (("write", "after", "lab.ipynb", 2), 1),
        (("write", "after", "report.json", 2), 3),
    ]:
        assert small.grade(out, kill=kill).returncode == -9
        assert len(reports(out)) == n_reports
        assert len(list(out.rglob(f"*{TEMPORARY}"))) == (n_reports == 0), (
            "a half-written report, which the next run removes"
        )
    done = small.grade(out)
    assert done.returncode == 0, done.stderr
    assert "not graded again: 3" in done.stdout
    assert_same(out, unbroken)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kill",
    [
        ("call", "", "update_or_create_source_cell", 4),
        ("write", "before", "gradebook.db", 1),
        ("write", "after", "recorded.json", 3),
        ("write", "before", "timestamp.txt", 2),
        ("write", "before", "recorded.json", 4),
        ("write", "before", "totals.csv", 1),
        ("write", "after", "totals.csv", 1),
    ],
    ids=[
        "half of the cells",
        "a new database",
        "before a commit",
        "after a commit",
        "before the recording is noted",
        "before the CSV",
        "after a CSV",
    ],
)
def test_killed_while_it_records(
    small: SmallClass, unbroken: Path, tmp_path: Path, kill: tuple[str, str, str, int]
) -> None:
    out = tmp_path / "out"
    for folder in (unbroken / "results" / "mini").glob("*_mini"):
        shutil.copytree(folder, out / "results" / "mini" / folder.name)
    assert small.grade(out, kill=kill).returncode == -9
    done = small.grade(out)
    assert done.returncode == 0, done.stderr
    assert "not graded again: 5" in done.stdout
    assert_same(out, unbroken)


@pytest.mark.slow
def test_an_unbroken_run_again_changes_nothing(
    small: SmallClass, unbroken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(unbroken, out)
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*.ipynb")}
    done = small.grade(out)
    assert "Graded: 0" in done.stdout
    assert "Scores that changed" not in done.stdout
    assert before == {file: file.stat().st_mtime_ns for file in out.rglob("*.ipynb")}
    assert hand_in_times(out) == hand_in_times(unbroken)
    assert_same(out, unbroken)


@pytest.fixture
def changed(small: SmallClass, unbroken: Path, tmp_path: Path) -> SmallClass:
    """A copy of the class, graded into `out`, to change the checks of."""
    root = tmp_path / "changed"
    shutil.copytree(small.root, root)
    shutil.copytree(unbroken, root / "out")
    return SmallClass(root)


DOUBLE, CUBE = (f"autograder/suites/mini/{name}" for name in ("double", "cube"))
TOML = "assignments/mini/assignment.toml"


@pytest.mark.slow
def test_only_what_a_change_touches_would_be_graded(changed: SmallClass) -> None:
    def would() -> set[str]:
        lines = changed.grade(changed.root / "out", "--dry-run").stdout.splitlines()
        why: list[str] = []
        for cells in (line.split("│")[1:-1] for line in lines if line.startswith("│")):
            if attempt := cells[3].strip():
                assert attempt == "first"
                why.append("")
            why[-1] = f"{why[-1]} {cells[-1].strip()}".strip()  # a long cell goes on below
        assert len(why) == 5
        return set(why)

    assert would() == {"unchanged"}
    changed.change(f"{DOUBLE}/checks.py", '@aspect("edges")\n', '@aspect("edges")  # a remark\n')
    changed.change(
        f"{DOUBLE}/oracle.py", "    return number * 2\n", "    return number * 2  # twice\n"
    )
    assert would() == {"unchanged"}
    changed.change(f"{CUBE}/oracle.py", "number**3", "number * number * number")
    assert would() == {"changed: cube", "unchanged"}, (
        "a rejected submission has nothing that a suite decides"
    )
    changed.change(f"{DOUBLE}/checks.py", "double(-3), ora", "double(-4 + 1), ora")
    assert would() == {"changed: double, cube", "unchanged"}
    changed.change(f"{CUBE}/checks.py", "cube(3), ora", "cube(4 - 1), ora")
    changed.change(TOML, 'title = "How fast it grows"', 'title = "How it grows"')
    assert would() == {"changed: double, cube, growth_study", "unchanged"}
    changed.change(
        "autograder/checks/compare.py",
        '"""The student\'s result is not right.',
        '"""The result is not right.',
    )
    assert would() == {"the grader or the release has changed"}


@pytest.mark.slow
def test_a_changed_suite_regrades_its_question_and_says_whose_score_moved(
    changed: SmallClass,
) -> None:
    """Also when the run is killed on the way: the next one tells of what the first had moved as
    well.
    """
    out = changed.root / "out"
    before = reports(out)
    zero = '@aspect("edges")\ndef test_zero(student, draw):\n    """is zero at zero"""\n'
    zero += "    same(student.double(0) + 1, 1)\n\n\n"
    negative = '@aspect("edges")\ndef test_negative'
    changed.change(f"{DOUBLE}/checks.py", negative, zero + negative)
    assert changed.grade(out, kill=("write", "before", "report.json", 3)).returncode == -9
    done = changed.grade(out)
    assert done.returncode == 0, done.stderr
    after = reports(out)
    assert "Graded: 2" in done.stdout, "Cleo, in whose middle it was killed, and Eva"
    for name in ("Ada_Full", "Ben_Positive", "Cleo_Blank", "Eva_Raises"):
        double, cube, *manual = after[name].questions
        assert [check.name for check in double.checks] == [
            "test_values",
            "test_zero",
            "test_negative",
        ]
        assert cube == before[name].questions[1], (
            "not run again: its seconds are those of the first time"
        )
        assert manual == before[name].questions[2:]
    assert after["Dan_Broken"] == before["Dan_Broken"]
    ben = after["Ben_Positive"].questions[0].score
    assert ben == pytest.approx(3 * 5 / 6)
    assert [
        (line["id"], line["question"], line["before"], line["after"]) for line in changes(out)
    ] == [("Ben_Positive", "double", 2.0, ben)]
    (check,) = changes(out)[0]["checks"]
    assert (check["name"], check["before"], check["after"]) == ("test_zero", None, "passed")
    shown = re.sub(r"\s+", " ", done.stdout)
    assert "Scores that changed" in shown
    assert re.search(
        r"Ben Positive . double . 2 . 2\.5 . \+0\.5 . test_zero \(is zero at zero\): "
        r"absent -> passed",
        shown,
    )
    grades = {(row[0], row[1]): row[2] for row in snapshot(out)["gradebook"]["grades"]}
    assert grades["Ben_Positive", "test_double"] == ben
    assert grades["Ada_Full", "test_double"] == 3.0
    again = changed.grade(out)
    assert "Scores that changed" not in again.stdout, "a change is told once"


# What is skipped and what is not, without running anything


class Recorder:
    """An executor that gives every task full marks, or what it is told, and remembers the tasks."""

    def __init__(self, outcome: Callable[[Task, Report], None] | None = None) -> None:
        self.tasks: list[Task] = []
        self._outcome = outcome

    def run(
        self, tasks: Sequence[Task], options: Options, started: Callable[[], None]
    ) -> Iterator[tuple[int, Graded]]:
        import hashlib

        self.tasks = list(tasks)
        now = digests("vae", options.root)
        for task in reversed(tasks):
            name = task.file.name
            check = Check(name="test_a", title="is right", weight=1, outcome="passed")
            questions = [
                QuestionResult(
                    name=question,
                    title=question,
                    notebook="lab",
                    kind="code",
                    points=2,
                    score=2.0,
                    outcome="graded",
                    checks=[check],
                    suite_sha256=digest,
                )
                for question, digest in now.questions.items()
            ]
            report = Report(
                assignment="vae",
                file=name,
                sha256=hashlib.sha256(task.file.read_bytes()).hexdigest(),
                grader_sha256=now.grader,
                status="graded",
                student=Student(id=task.file.stem),
                questions=questions,
                graded_at="2026-12-01T10:00:00+00:00",
                notebooks={"lab": hashlib.sha256(b"{}").hexdigest()},
            )
            if self._outcome:
                self._outcome(task, report)
            yield task.index, Graded(report, {"lab": "{}"})


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[ClassRun, list[Task]]]:
    """Grade Ada's and Ben's files with an executor of the test; no gradebook."""
    monkeypatch.setattr(classroom.ClassRecorder, "define", lambda *_: None)
    monkeypatch.setattr(classroom.ClassRecorder, "write", lambda *_: ([], []))
    for name in ("Ada_vae.zip", "Ben_vae.zip"):
        (tmp_path / name).write_bytes(name.encode())

    def run(outcome: Any = None, **options: Any) -> tuple[ClassRun, list[Task]]:
        executor = Recorder(outcome)
        files = [tmp_path / "Ada_vae.zip", tmp_path / "Ben_vae.zip"]
        monkeypatch.setattr(classroom, "choose_executor", lambda *_: executor)
        done = run_class(
            files, Options(root=ROOT, isolation="none"), out=tmp_path / "out", **options
        )
        return done, executor.tasks

    return run


Run = Callable[..., tuple[ClassRun, list[Task]]]


def report_file(tmp_path: Path, name: str) -> Path:
    return tmp_path / "out" / "results" / "vae" / f"{name}_vae" / "report.json"


def names(tasks: list[Task]) -> list[str]:
    return [task.file.stem.removesuffix("_vae") for task in tasks]


def test_what_is_unchanged_is_skipped_and_shown_at_once(run: Run) -> None:
    first, tasks = run()
    assert (names(tasks), first.n_skipped) == (["Ada", "Ben"], 0)
    heard: list[str] = []
    second, tasks = run(progress=lambda report: heard.append(report.file))
    assert (tasks, second.n_skipped, second.reports, second.changes) == ([], 2, first.reports, [])
    assert heard == ["Ada_vae.zip", "Ben_vae.zip"]


def test_force_grades_all_again_and_keeps_nothing(run: Run) -> None:
    run()
    _, tasks = run(force=True)
    assert [(task.file.stem, task.before) for task in tasks] == [
        ("Ada_vae", None),
        ("Ben_vae", None),
    ]


def test_another_file_of_the_same_name_is_graded(run: Run, tmp_path: Path) -> None:
    run()
    (tmp_path / "Ben_vae.zip").write_bytes(b"a second try")
    assert names(run()[1]) == ["Ben"]


@pytest.mark.parametrize(
    "damage",
    [b"", b'{"schema": 2, "assignment": "vae", "fi', b'{"schema": 1}', b"[1, 2]", b"\xff\xfe"],
)
def test_a_damaged_report_is_graded_again_with_a_word_to_staff(
    run: Run, tmp_path: Path, damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = run()
    report_file(tmp_path, "Ben").write_bytes(damage)
    second, tasks = run()
    assert [(task.file.stem, task.before) for task in tasks] == [("Ben_vae", None)]
    assert second.reports == first.reports
    assert "Ben_vae/report.json: graded again" in capsys.readouterr().err


@pytest.mark.parametrize(
    "damage",
    [lambda file: file.unlink(), lambda file: file.write_text("{ }")],
    ids=["gone", "another"],
)
def test_a_report_whose_notebook_is_not_its_own_is_graded_again(
    run: Run, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    run()
    damage(report_file(tmp_path, "Ada").with_name("lab.ipynb"))
    assert names(run()[1]) == ["Ada"]
    assert names(run()[1]) == []


def test_what_our_side_failed_at_is_tried_again_with_the_report_that_has_the_rest(run: Run) -> None:
    def fail_one(task: Task, report: Report) -> None:
        if task.file.stem == "Ben_vae":
            report.status = "ungraded"
            report.questions[0].score, report.questions[0].outcome = None, "ungraded"

    first, _ = run(fail_one)
    second, tasks = run()
    assert names(tasks) == ["Ben"]
    assert tasks[0].before == first.reports[1]
    assert [(change.question, change.before, change.after) for change in second.changes] == [
        ("reconstruction_loss", None, 2.0)
    ]


def test_a_rejected_file_stays_rejected_until_something_changes(run: Run, tmp_path: Path) -> None:
    def reject(task: Task, report: Report) -> None:
        report.status, report.questions = "rejected", []

    run(reject)
    assert run()[1] == []
    report = read(report_file(tmp_path, "Ada"))
    report.grader_sha256 = "that of an older grader"
    report_file(tmp_path, "Ada").write_bytes(msgspec.json.encode(report))
    assert names(run()[1]) == ["Ada"]


def test_a_question_graded_by_another_suite_is_what_is_graded_again(
    run: Run, tmp_path: Path
) -> None:
    run()
    report = read(report_file(tmp_path, "Ben"))
    report.questions[1].suite_sha256 = "that of an older suite"
    report_file(tmp_path, "Ben").write_bytes(msgspec.json.encode(report))
    assert names(run()[1]) == ["Ben"]


# The folder


def test_two_runs_never_write_to_one_folder(run: Run, tmp_path: Path) -> None:
    with locked(tmp_path / "out"), pytest.raises(AutograderError, match="another run is writing"):
        run()
    assert names(run()[1]) == ["Ada", "Ben"]


def test_an_interrupted_run_is_gone_on_with_from_its_start(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), locked(tmp_path) as first:
        raise KeyboardInterrupt
    with locked(tmp_path) as second:
        assert second == first
    with locked(tmp_path) as third:
        assert third > first


def test_only_our_own_leftovers_are_removed(run: Run, tmp_path: Path) -> None:
    run()
    ours = [
        report_file(tmp_path, "Ada").with_name(f".abc{TEMPORARY}"),
        tmp_path / "out" / f".gradebook.db{TEMPORARY}-journal",
    ]
    theirs = [
        report_file(tmp_path, "Ada").with_name(".report.json.swp"),
        tmp_path / "out" / ".hidden",
        tmp_path / f".abc{TEMPORARY}",
    ]
    for file in ours + theirs:
        file.write_text("half")
    run()
    assert not any(file.exists() for file in ours)
    assert all(file.exists() for file in theirs)


def test_every_file_has_a_folder_of_its_own() -> None:
    files = [Path("a/x.zip"), Path("b/x.zip"), Path("b/x~2.zip"), Path("c/x.ZIP"), Path("c/y.zip")]
    assert labels(files) == ["x", "x~2", "x~2~2", "x~3", "y"]


@pytest.mark.parametrize("name", ["csv", "class.json", "CLASS.JSON", "roster.csv", "changes.jsonl"])
def test_no_file_name_takes_the_place_of_what_is_kept_of_the_class(name: str) -> None:
    assert labels([Path(f"{name}.zip")]) == [f"_{name}"]
