"""The autograder zip, run in a folder that is laid out like Gradescope's container (as root, with
and without user namespaces), and what becomes of good, broken and hostile uploads there.
"""

from __future__ import annotations

import io
import json
import os
import platform
import stat
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import nbformat
import pytest
from packaging.specifiers import SpecifierSet

from autograder.course.assignment import Assignment, Gradescope, load
from autograder.course.regions import as_written_by_a_student
from autograder.course.skeleton import make_course
from autograder.errors import CourseError
from autograder.grading.grade import Options, grade_one
from autograder.publish.gradescope import start
from autograder.publish.gradescope.archive import pack
from autograder.publish.gradescope.container import submission_in
from autograder.publish.gradescope.metadata import read_sender
from autograder.publish.gradescope.results import for_staff, results_of
from autograder.release.release import release
from autograder.report import (
    Check,
    QualityResult,
    QuestionResult,
    Report,
    Sender,
    Student,
    add_up,
)
from autograder.sandbox.isolation import find_bwrap
from tests.hostile.names import TEXTS

USERS = [
    {"id": 11, "name": "Ada Lovelace", "email": "ada@uni.example"},
    {"id": 12, "name": "Ben Turing", "email": "ben@uni.example"},
]
METADATA = {
    "id": 123,
    "created_at": "2026-12-01T14:22:32.365935-07:00",
    "assignment": {"title": "An example", "total_points": "6.0", "group_submission": False},
    "submission_method": "upload",
    "users": USERS[:1],
    "previous_submissions": [],
}
WRONG = "def softplus(x):\n    return torch.log1p(torch.exp(x))\n"
HOSTILE = """\
import glob, json, os
for place in ("/autograder/results", "/autograder/source"):
    try:
        with open(place + "/results.json", "w") as file:
            json.dump({"score": 1000, "output": "forged"}, file)
    except OSError:
        pass
loot = []
for name in glob.glob("/autograder/**/*.py", recursive=True):
    try:
        loot.append(open(name).read())
    except OSError:
        pass
print({"score": 1000})

def softplus(x):
    raise ValueError(f"{len(loot)} files were read, secret {os.environ.get('AUTOGRADER_SECRET')}")
"""


DOCKER_CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID"),
    *("SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"),
)
"""What root in a container has by default."""
NO_NAMESPACES = b"".join(
    struct.pack("<HBBI", *each)
    for each in (
        (0x20, 0, 0, 0),  # the number of the system call, on x86-64
        (0x15, 5, 0, 272),  # unshare
        (0x15, 5, 0, 435),  # clone3: libc falls back on clone
        (0x15, 0, 2, 56),  # clone
        (0x20, 0, 0, 16),  # its flags
        (0x45, 1, 0, 0x7E020000),  # CLONE_NEW...
        (0x06, 0, 0, 0x7FFF0000),  # allowed
        (0x06, 0, 0, 0x00050001),  # EPERM
        (0x06, 0, 0, 0x00050026),  # ENOSYS
    )
)
"""A seccomp filter as Docker's default one: no new namespaces."""


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course that `autograder init` makes, released."""
    root = tmp_path_factory.mktemp("gradescope") / "course"
    make_course(root)
    release("example", root)
    return root


@pytest.fixture(scope="session")
def archive(course: Path) -> Path:
    """Its autograder zip."""
    return pack("example", course, course / "dist" / "gradescope" / "example.zip").file


def notebook(course: Path, answer: str | None = None) -> bytes:
    """The student's lab; with the model solution if no answer is given."""
    solved = nbformat.read(course / "source" / "example" / "lab.ipynb", as_version=4)
    lab = nbformat.read(course / "release" / "example" / "lab.ipynb", as_version=4)
    (solution,) = (
        cell.source
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "softplus"
    )
    for cell in lab.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "softplus":
            cell.source = answer or as_written_by_a_student(solution)
    return nbformat.writes(lab).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return buffer.getvalue()


@dataclass
class Ran:
    results: dict[str, Any]
    stdout: str

    @property
    def all_text(self) -> str:
        return json.dumps(self.results)

    def test(self, end: str) -> dict[str, Any]:
        (found,) = (one for one in self.results["tests"] if one["name"].endswith(end))
        return found


def run(
    tmp_path: Path,
    archive: Path,
    files: dict[str, bytes],
    *,
    metadata: bytes | None = None,
    memory: str = "max",
    namespaces: bool = True,
    python: str = sys.executable,
) -> Ran:
    """Run `/autograder/run_autograder` as Gradescope does, and check what it always must give."""
    home = tmp_path / "autograder"
    for folder in ("source", "submission", "results"):
        (home / folder).mkdir(parents=True)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(home / "source")
    (home / "run_autograder").write_bytes((home / "source" / "run_autograder").read_bytes())
    (home / "run_autograder").chmod(0o755)
    for name, data in files.items():
        (home / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "submission" / name).write_bytes(data)
    told = json.dumps(METADATA).encode() if metadata is None else metadata
    (home / "submission_metadata.json").write_bytes(told)
    (tmp_path / "memory.max").write_text(f"{memory}\n")
    if os.geteuid() != 0:
        pytest.skip("needs root, which Gradescope's container has")
    line = [str(find_bwrap()), "--unshare-pid"]
    for name in DOCKER_CAPABILITIES:
        line += ["--cap-add", f"CAP_{name}"]
    filters = tmp_path / "seccomp"
    filters.write_bytes(b"" if namespaces else NO_NAMESPACES)
    handle = os.open(filters, os.O_RDONLY)
    line += [] if namespaces else ["--seccomp", str(handle)]
    line += ["--die-with-parent", "--tmpfs", "/"]
    for place in sorted(Path("/").iterdir()):
        if place.name in ("proc", "dev", "sys", "tmp", "autograder"):
            continue
        if place.is_symlink():
            line += ["--symlink", os.readlink(place), str(place)]
        elif place.is_dir():
            line += ["--ro-bind", str(place), str(place)]
    line += [
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--perms",
        "1777",
        "--tmpfs",
        "/tmp",
        "--bind",
        str(home),
    ]
    line += ["/autograder", "--dir", "/sys/fs/cgroup", "--ro-bind"]
    line += [str(tmp_path / "memory.max"), "/sys/fs/cgroup/memory.max", "--chdir", "/autograder"]
    line += ["--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/root"]
    line += ["--setenv", "AUTOGRADER_PYTHON", python, "--", "/autograder/run_autograder"]
    try:
        done = subprocess.run(
            line, capture_output=True, text=True, check=False, timeout=560, pass_fds=[handle]
        )
    finally:
        os.close(handle)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((home / "results" / "results.json").read_text(encoding="utf-8"))
    assert_gradescope_takes(results)
    return Ran(results, done.stdout + done.stderr)


def assert_gradescope_takes(results: dict[str, Any]) -> None:
    """The rules of its specification."""
    places = {"visible", "hidden", "after_due_date", "after_published"}
    assert isinstance(results["score"], int | float)
    for test in results.get("tests", []):
        assert isinstance(test["name"], str) and isinstance(test["output"], str)
        assert test["status"] in ("passed", "failed")
        assert test.get("visibility", "visible") in places
        if "score" in test:
            assert 0 <= test["score"] <= test["max_score"]
    for place in results.get("leaderboard", []):
        assert isinstance(place["value"], int | float) and place["order"] in ("asc", "desc")


@pytest.mark.sandbox
def test_an_unpacked_upload_in_a_wrapping_folder_gets_its_points(
    course: Path, archive: Path, tmp_path: Path
) -> None:
    files = {"example/lab.ipynb": notebook(course), "__zip filename__": b"x", ".DS_Store": b"x"}
    ran = run(tmp_path, archive, files, memory=str(2 * 2**30))
    assert ran.results["score"] == 4
    visible, hidden = ran.test("visible checks"), ran.test("(softplus)")
    assert visible["status"] == "passed" and visible["visibility"] == "visible"
    assert "score" not in visible
    assert (hidden["score"], hidden["max_score"], hidden["status"]) == (4, 4, "passed")
    assert hidden["visibility"] == "after_due_date"
    assert ran.results["stdout_visibility"] == "hidden"
    assert "Isolation of student code:" in ran.stdout
    assert "marked by people" in ran.results["output"]


@pytest.mark.sandbox
def test_a_bare_notebook_without_user_namespaces_and_a_group(
    course: Path, archive: Path, tmp_path: Path
) -> None:
    told = json.dumps({**METADATA, "users": USERS}).encode()
    ran = run(
        tmp_path,
        archive,
        {"lab.ipynb": notebook(course, WRONG)},
        metadata=told,
        namespaces=False,
    )
    assert "Group: ada@uni.example, ben@uni.example" in ran.stdout
    isolated = "Isolation of student code: Landlock" in ran.stdout
    refused = "cannot be isolated" in ran.stdout
    assert isolated or refused, ran.stdout
    if isolated:
        assert "no user namespaces, so a weaker isolation" in ran.stdout
        assert 0 < ran.results["score"] < 4
        assert ran.test("visible checks")["output"].startswith("not yet: ")
        assert ran.test("(softplus)")["output"]
    assert "Landlock" not in ran.all_text and "isolated" not in ran.all_text


@pytest.mark.sandbox
def test_a_hostile_zip_forges_nothing_and_learns_nothing(
    course: Path, archive: Path, tmp_path: Path
) -> None:
    data = zipped({"lab.ipynb": notebook(course, HOSTILE), "results.json": b'{"score": 99}'})
    ran = run(tmp_path, archive, {"Ada_Lovelace_example.zip": data})
    assert ran.results["score"] == 0
    assert "0 files were read, secret None" in ran.test("(softplus)")["output"]
    assert "forged" not in ran.all_text
    secret = (course / ".autograder-secret").read_text().strip()
    for hidden in (secret, "oracle", "def test_", "/autograder/source"):
        assert hidden not in ran.all_text


def test_grading_ends_within_the_time_that_gradescope_gives(course: Path) -> None:
    options = Options(root=course, isolation="none", secret="s", submission_s=0.0)
    data = zipped({"lab.ipynb": notebook(course)})
    (asked, *_) = grade_one(data, "x.zip", "example", options).report.questions
    assert asked.score == 0 and asked.outcome == "graded"
    assert asked.checks[0].message == "the time for the whole submission was used up"


def test_too_little_memory_is_told_and_nothing_is_started(
    course: Path, archive: Path, tmp_path: Path
) -> None:
    files = {"lab.ipynb": notebook(course)}
    ran = run(tmp_path, archive, files, memory=str(768 * 2**20))
    assert ran.results["score"] == 0 and "tests" not in ran.results
    assert "was not graded: too little memory. Staff" in ran.results["output"]
    assert "The container has 768 MB" in ran.stdout and "at least 2 GB" in ran.stdout


def test_uploads_that_cannot_be_graded_get_a_sentence(archive: Path, tmp_path: Path) -> None:
    for name, files, said in (
        ("nothing", {}, "Nothing was uploaded"),
        ("broken", {"x.zip": b"PK\x03\x04 cut"}, "damaged or cut off"),
        ("odd metadata", {"x.zip": b"PK\x03\x04 cut"}, "damaged or cut off"),
    ):
        told = b'["not", {' if name == "odd metadata" else None
        ran = run(tmp_path / name, archive, files, metadata=told)
        assert ran.results["score"] == 0 and said in ran.results["output"], ran.stdout


def test_without_a_python_there_are_valid_results(archive: Path, tmp_path: Path) -> None:
    ran = run(tmp_path, archive, {"x.zip": b""}, python="/nowhere/python")
    assert "could not start" in ran.results["output"]
    assert "/autograder/venv/bin/python is missing" in ran.stdout


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "too little memory"),
        ("raise SystemExit(3)", "the autograder had a problem"),
        ("open('results/.graded.json', 'w').write('{')", "the autograder had a problem"),
        ("import time; time.sleep(60)", "it took too long"),
    ],
)
def test_however_the_grader_ends_there_are_valid_results(
    tmp_path: Path, ending: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "source" / "course" / "autograder" / "publish" / "gradescope"
    module.mkdir(parents=True)
    (tmp_path / "results").mkdir()
    for folder in (module, module.parent, module.parent.parent):
        (folder / "__init__.py").write_text("")
    (module / "container.py").write_text(f"import os; os.chdir({str(tmp_path)!r})\n{ending}\n")
    (tmp_path / "source" / "gradescope.json").write_text('{"seconds": 2}')
    assert start.main(tmp_path) == 0
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    assert_gradescope_takes(results)
    assert said in results["output"]
    assert "Not graded" in capsys.readouterr().out


def test_the_zip_has_what_grading_needs_and_no_answers(course: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        names = set(packed.namelist())
        modes = {one.filename: stat.S_IMODE(one.external_attr >> 16) for one in packed.infolist()}
        scripts = [packed.read(name) for name in ("setup.sh", "run_autograder")]
        pinned = packed.read("requirements.txt").decode()
        torch = packed.read("requirements-torch.txt").decode()
        python = packed.read("python-version").decode().strip()
    assert {"setup.sh", "run_autograder", "course/suites/example/softplus/checks.py"} <= names
    assert not [
        name
        for name in names
        if name.endswith(("/answers.py", "theory.md", "lab.py")) and "dgm/handin" not in name
    ]
    assert not [name for name in names if name.startswith(("course/source/", "source/"))]
    assert not [name for name in names if "__pycache__" in name or "/skeleton/" in name]
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert all(text.startswith(b"#!/usr/bin/env bash\n") and b"\r" not in text for text in scripts)
    assert all("==" in line for line in pinned.splitlines()) and "+" not in torch
    wanted = SpecifierSet(python)
    assert platform.python_version() in wanted
    assert "3.11.0rc1" not in wanted and "3.11.0" not in wanted, "Ubuntu 22.04's python3.11"
    again = pack("example", course, archive.with_name("again.zip")).file
    assert again.read_bytes() == archive.read_bytes()


def test_scripts_are_valid_bash(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        for name in ("setup.sh", "run_autograder"):
            (tmp_path / name).write_bytes(packed.read(name))
            done = subprocess.run(["bash", "-n", tmp_path / name], capture_output=True, check=False)
            assert done.returncode == 0, done.stderr


def test_an_assignment_that_was_not_released_is_refused(tmp_path: Path) -> None:
    make_course(tmp_path / "course")
    with pytest.raises(CourseError, match=r"lab\.ipynb is missing: run `autograder release"):
        pack("example", tmp_path / "course", tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


# Results, from reports


def question(name: str, score: float | None, points: float, **fields: Any) -> QuestionResult:
    outcome = fields.pop("outcome", "graded")
    return QuestionResult(
        name=name,
        title=name.title(),
        notebook="lab",
        kind=fields.pop("kind", "code"),
        points=points,
        score=score,
        outcome=outcome,
        **fields,
    )


def report(*questions: QuestionResult, **fields: Any) -> Report:
    return Report(
        assignment="mini",
        file="x.zip",
        sha256="",
        status="graded",
        student=Student(id="al1815", name="Ada", claimed_id="al1815"),
        questions=list(questions),
        totals=add_up(list(questions)),
        **fields,
    )


MINI = Assignment(slug="mini", title="Mini", questions={})


def test_parts_add_up_and_staff_texts_stay_out() -> None:
    third = question(
        "third",
        0.3333,
        1,
        checks=[
            Check(name="test_x", title="is right", weight=1, outcome="failed", staff="expected 7")
        ],
    )
    asked = [third, question("two", 0.6667, 1), question("three", 0.3333, 1)]
    made = results_of(report(*asked, staff_notes=["/srv/path"]), {}, MINI, 3.2)
    assert_gradescope_takes(made)
    assert abs(sum(one["score"] for one in made["tests"]) - made["score"]) < 2e-6
    assert made["tests"][0]["output"] == "is right"
    assert "expected 7" not in json.dumps(made) and "/srv/path" not in json.dumps(made)
    assert "leaderboard" not in made


@pytest.mark.parametrize("said", [text for _, text in TEXTS.values()], ids=list(TEXTS))
def test_whatever_a_student_wrote_the_results_are_short_lines(said: str) -> None:
    """As the message of an error, name and note: no control character, override or surrogate."""
    failed = [
        Check(name=f"test_{n}", title="is right", weight=1, outcome="failed", message=said)
        for n in range(300)
    ]
    one = report(question("one", 0, 1, checks=failed, notes=[said] * 300), notes=[said] * 300)
    one.student.name, one.message = said, said
    made = results_of(one, {"one": said}, MINI, 3.2)
    assert_gradescope_takes(made)
    assert len(json.dumps(made)) < 400_000
    texts = [made["output"], *(test["output"] for test in made["tests"]), *for_staff(one)]
    assert all(few_odd(text) for text in texts)


def few_odd(text: str) -> bool:
    return text.replace("\n", "").replace("\u200c", "").replace("\u200d", "").isprintable()


def test_a_quality_question_is_on_the_leaderboard_if_the_course_says_so() -> None:
    def measured(value: float | None, full: float, half: float) -> QuestionResult:
        quality = QualityResult(artifact="a", metric="m", full=full, half=half, value=value)
        return question(f"q{full:g}", 1, 2, kind="quality", quality=quality)

    course = msgspec.structs.replace(MINI, gradescope=Gradescope(leaderboard=True, hidden="hidden"))
    made = results_of(
        report(measured(1043.7, 900, 1200), measured(0.8, 0.9, 0.5), measured(None, 1, 2)),
        {},
        course,
        1,
    )
    assert made["leaderboard"] == [
        {"name": "Q900", "value": 1043.7, "order": "asc"},
        {"name": "Q0.9", "value": 0.8, "order": "desc"},
    ]
    assert {one["visibility"] for one in made["tests"]} == {"hidden"}


def test_what_is_ungraded_or_bonus_says_so() -> None:
    asked = [
        question("open", None, 4, outcome="ungraded"),
        question("extra", 2, 2, bonus=True),
        question("essay", None, 3, kind="theory", outcome="manual"),
    ]
    made = results_of(report(*asked), {"extra": "visible checks pass"}, MINI, 1)
    assert made["score"] == 2
    outputs = {one["name"]: one["output"] for one in made["tests"]}
    assert "manual review" in outputs["Open (open)"]
    assert outputs["Extra: visible checks"] == "visible checks pass"
    assert not any("Essay" in name for name in outputs)
    assert "1 questions need manual review" in made["output"]


def test_staff_read_whose_manifest_names_somebody_else() -> None:
    one = report(isolation="Landlock 7, seccomp")
    one.student.contradictions = ["platform"]
    one.sender = Sender(platform="gradescope", name="Eve", email="eve@uni.example")
    lines = "\n".join(for_staff(one))
    assert "The manifest names al1815, but Gradescope says that Eve uploaded it" in lines
    assert "weaker isolation" in lines


def test_metadata_is_read_however_odd_it_is(tmp_path: Path) -> None:
    file = tmp_path / "submission_metadata.json"
    assert read_sender(file, "x").name == ""
    for text in ("", "[", "[]", '{"users": 3}', '{"users": [3], "created_at": 5}', "[" * 100000):
        file.write_text(text)
        assert read_sender(file, "x").account == ""
    for time in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9" * 5000):
        file.write_text(json.dumps({**METADATA, "created_at": time}))
        assert (read_sender(file, "x").time, read_sender(file, "x").name) == ("", "Ada Lovelace")
    file.write_text(json.dumps({**METADATA, "users": USERS * 50_000}))
    assert len(read_sender(file, "x").group) == 200
    file.write_text(json.dumps({**METADATA, "users": USERS}))
    sender = read_sender(file, "x")
    assert (sender.name, sender.email, sender.time) == (
        *("Ada Lovelace", "ada@uni.example"),
        "2026-12-01T21:22:32Z",
    )
    assert [one.email for one in sender.group] == ["ada@uni.example", "ben@uni.example"]


def test_links_in_an_upload_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.ipynb").write_text("secret")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "lab.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (folder / "theory.ipynb").write_text("{}")
    (folder / "x.zip").symlink_to(tmp_path / "secret.ipynb")
    (folder / "all").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.ipynb")
    data = submission_in(folder).read_bytes()
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["theory.ipynb"]


def test_the_table_in_assignment_toml(course: Path, tmp_path: Path) -> None:
    make_course(tmp_path / "course")
    file = tmp_path / "course" / "assignments" / "example" / "assignment.toml"
    file.write_text(file.read_text() + '\n[gradescope]\nhidden = "sometimes"\n')
    with pytest.raises(CourseError, match=r"assignment\.toml.*sometimes"):
        load("example", tmp_path / "course")
