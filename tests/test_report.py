"""Reports: the page that documents them, their way through JSON, their totals, and writing that is
all or nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import report as module
from autograder.atomic_write import TEMPORARY, write_atomically
from autograder.errors import AutograderError
from autograder.report import (
    Check,
    Outcome,
    QualityResult,
    QuestionResult,
    Report,
    Student,
    Totals,
    add_up,
    read,
    to_json,
)

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "report-schema.md").read_text(encoding="utf-8")
STRUCTS = [
    value
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, msgspec.Struct)
]


def section(struct: type) -> str:
    found = re.search(rf"^## `{struct.__name__}`\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"docs/report-schema.md has no section ## `{struct.__name__}`"
    return found[1]


def example() -> bytes:
    found = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert found, "docs/report-schema.md has no example"
    return found[1].encode()


def test_the_module_has_the_structs_that_are_tested() -> None:
    assert {Check, QualityResult, QuestionResult, Student, Totals, Report} <= set(STRUCTS)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_page_documents_every_field_in_order(struct: type[msgspec.Struct]) -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", section(struct), re.MULTILINE)
    assert rows == list(struct.__struct_fields__)


@pytest.mark.parametrize(
    ("struct", "field"),
    [
        (Report, "status"),
        (QuestionResult, "kind"),
        (QuestionResult, "outcome"),
        (QualityResult, "met"),
        (Check, "outcome"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_page_lists_every_value_of_a_closed_field(struct: type[msgspec.Struct], field: str) -> None:
    (annotation,) = [info.type for info in msgspec.structs.fields(struct) if info.name == field]
    row = re.search(rf"^\| `{field}` \| (.+?) \|", section(struct), re.MULTILINE)
    assert row
    assert set(re.findall(r"`(\w+)`", row[1])) == set(get_args(annotation))


def test_example_on_the_page_is_a_whole_report() -> None:
    decoded = msgspec.json.decode(example(), type=Report)
    assert msgspec.to_builtins(decoded) == json.loads(example()), (
        "a field of the example is missing or unknown"
    )
    assert decoded.totals == add_up(decoded.questions)
    (code,) = [question for question in decoded.questions if question.kind == "code"]
    passed = sum(check.weight for check in code.checks if check.outcome == "passed")
    assert code.score == code.points * passed / sum(check.weight for check in code.checks)


def question(
    kind: str, points: float, score: float | None = None, *, bonus: bool = False
) -> QuestionResult:
    return QuestionResult(
        name="q", title="Q", notebook="lab", kind=kind, points=points, score=score, bonus=bonus
    )  # type: ignore[arg-type]


def test_add_up_keeps_bonus_out_of_every_maximum() -> None:
    totals = add_up(
        [
            question("code", 5, 3.5),
            question("code", 4, None),
            question("quality", 6, 3),
            question("theory", 3),
            question("experiment", 8),
            question("code", 2, 1.5, bonus=True),
            question("experiment", 6, bonus=True),
            question("theory", 1, 1, bonus=True),
        ]
    )
    assert totals == Totals(auto=6.5, auto_max=15, manual_max=11, bonus=2.5)


def test_a_mark_by_hand_is_not_counted_as_automatic() -> None:
    assert add_up([question("theory", 3, 2)]) == Totals(manual_max=3)


def test_full_marks_are_exactly_the_maximum() -> None:
    """Whatever the points are, and in whatever order they are added up."""
    for points in ([0.1] * 10, [1 / 3] * 3, [0.1, 0.2, 0.3, 0.7], [2 / 3, 1 / 3, 1.1]):
        full = [question("code", each, each) for each in points]
        totals = add_up(full)
        assert totals.auto == totals.auto_max == add_up(full[::-1]).auto
    assert add_up([question("code", 0.1, 0.1), question("code", 0.2, 0.2)]).auto == 0.3
    assert add_up([question("code", 1, 0.3333)] * 3).auto == 0.9999


def test_all_checks_passed_are_all_points_even_a_third() -> None:
    from autograder.checks.judge import score
    from autograder.course.assignment import Question

    asked = Question(title="T", notebook="lab", kind="code", points=1 / 3, covers=[], name="t")
    checks = [Check(name=str(n), title="", weight=1 / 3, outcome="passed") for n in range(3)]
    assert score(asked, checks) == 1 / 3


def test_add_up_of_nothing_is_zero() -> None:
    assert add_up([]) == Totals()


points = st.floats(0, 100)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
checks = st.builds(
    Check,
    name=texts,
    title=texts,
    weight=points,
    outcome=st.sampled_from(get_args(Outcome)),
    message=texts,
    staff=texts,
)
results = st.builds(
    QuestionResult,
    name=texts,
    title=texts,
    notebook=texts,
    kind=st.sampled_from(["code", "quality", "theory", "experiment"]),
    points=points,
    bonus=st.booleans(),
    score=st.none() | points,
    outcome=st.sampled_from(["graded", "manual", "ungraded"]),
    found=texts,
    blank=st.booleans(),
    checks=st.lists(checks, max_size=3),
    notes=st.lists(texts, max_size=2),
)
students = st.builds(
    Student,
    id=texts,
    name=texts,
    collaborators=st.none() | texts,
    declared=st.none() | st.booleans(),
)
reports = st.builds(
    Report,
    assignment=texts,
    file=texts,
    sha256=texts,
    status=st.sampled_from(["graded", "rejected", "ungraded"]),
    message=texts,
    student=students,
    questions=st.lists(results, max_size=3),
    notes=st.lists(texts, max_size=2),
    seconds=points,
)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(reports, max_size=3))
def test_reports_come_back_from_json_as_they_went(some: list[Report]) -> None:
    for one in some:
        one.totals = add_up(one.questions)
        assert msgspec.json.decode(to_json(one), type=Report) == one
    assert msgspec.json.decode(to_json(some), type=list[Report]) == some


def test_written_report_is_read_back(tmp_path: Path) -> None:
    one = msgspec.json.decode(example(), type=Report)
    file = tmp_path / "new" / "folder" / "report.json"
    write_atomically(file, to_json(one))
    assert read(file) == one


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        (lambda raw: raw | {"schema": 1}, "schema 1"),
        (lambda raw: raw | {"status": "fine"}, "status"),
        (lambda raw: {key: value for key, value in raw.items() if key != "student"}, "student"),
        (lambda raw: raw | {"seconds": "1"}, "seconds"),
    ],
    ids=["other schema", "unknown status", "no student", "text for a number"],
)
def test_what_is_no_report_is_refused(
    tmp_path: Path, damage: Callable[[dict[str, object]], object], cause: str
) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(damage(json.loads(example()))))
    with pytest.raises(msgspec.ValidationError, match=cause):
        read(file)


def test_half_a_report_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(example()[:200])
    with pytest.raises(msgspec.DecodeError):
        read(file)


def test_writing_replaces_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    write_atomically(file, b"old and longer")
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["report.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), OSError("disk full")], ids=["interrupted", "disk full"]
)
@pytest.mark.parametrize("before", [None, b"old"], ids=["no file yet", "a file there"])
def test_a_failed_write_leaves_no_partial_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: BaseException,
    before: bytes | None,
) -> None:
    file = tmp_path / "report.json"
    if before is not None:
        file.write_bytes(before)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        write_atomically(file, b"new")
    assert os.listdir(tmp_path) == ([] if before is None else ["report.json"]), (
        "no temporary file stays"
    )
    assert before is None or file.read_bytes() == before


def test_a_process_killed_in_the_middle_leaves_the_old_report(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(b"old")
    program = (
        "import os, signal, sys; from pathlib import Path; from autograder import atomic_write\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "atomic_write.write_atomically(Path(sys.argv[1]), b'new' * 100_000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], cwd=ROOT, timeout=60, check=False
    )
    assert done.returncode == -9
    assert file.read_bytes() == b"old"
    assert list(tmp_path.glob("*.json")) == [file], (
        "what a kill leaves behind does not pass for a report"
    )
    (left,) = [other for other in tmp_path.iterdir() if other != file]
    assert left.name.endswith(TEMPORARY), "and the next run knows it for its own"


def test_reports_are_read_from_files_and_folders(tmp_path: Path) -> None:
    one = module.Report(
        assignment="vae", file="a.zip", sha256="", status="graded", student=module.Student(id="a")
    )
    two = module.Report(
        assignment="vae", file="b.zip", sha256="", status="rejected", student=module.Student(id="b")
    )
    for report in (one, two):
        write_atomically(
            tmp_path / "results" / report.student.id / "report.json", module.to_json(report)
        )
    write_atomically(tmp_path / "grades.json", module.to_json([one, two]))
    assert module.read_all([tmp_path / "results"]) == [one, two]
    assert module.read_all(
        [tmp_path / "grades.json", tmp_path / "results" / "a" / "report.json"]
    ) == [one, two, one]
    (tmp_path / "other.json").write_text('{"schema": 2}')
    older = msgspec.to_builtins(one) | {"schema": 1}
    (tmp_path / "older.json").write_text(json.dumps([older]))
    for path in (
        tmp_path / "other.json",
        tmp_path / "older.json",
        tmp_path / "absent.json",
        tmp_path / "empty",
    ):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with pytest.raises(AutograderError, match=path.name):
            module.read_all([path])
