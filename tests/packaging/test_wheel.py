"""`pip install .`: what the wheel holds, and a course elsewhere, made and graded with it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from installed import Installed

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = ROOT / "autograder" / "suites"
"""This course's own hidden checks and oracles, but for the package that they are in."""


@pytest.fixture(scope="module")
def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_module_is_in_it_but_the_hidden_ones(members: set[str]) -> None:
    modules = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "autograder").rglob("*.py")
        if HIDDEN not in file.parents or file.parent == HIDDEN
    }
    modules |= {
        f"dgm/{file.relative_to(ROOT / 'assignments' / 'dgm').as_posix()}"
        for file in (ROOT / "assignments" / "dgm").rglob("*.py")
    }
    assert modules == {name for name in members if name.endswith(".py")}


def test_the_other_files_that_the_grader_needs_are_in_it(members: set[str]) -> None:
    skeleton = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "autograder" / "skeleton").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    needed = {"autograder/py.typed", "dgm/py.typed", "autograder/release/kit_readme.md"}
    assert needed | skeleton <= members
    tops = {name.partition("/")[0] for name in members}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"autograder", "dgm"}


def test_what_the_skeleton_shares_with_the_checkout_is_copied_into_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in ("collect_submission.sh", "nbgrader_config.py", "assignments/requirements.txt"):
            assert archive.read(f"autograder/skeleton/{name}") == (ROOT / name).read_bytes()


def test_its_metadata_keep_it_off_the_index_and_name_licences_and_extras(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        text = archive.read(metadata).decode()
    lines = text.splitlines()
    assert "Classifier: Private :: Do Not Upload" in lines
    assert "License-Expression: MIT" in lines
    for extra in ("staff", "cluster", "dev"):
        assert f"Provides-Extra: {extra}" in lines
    students = {line for line in lines if line.startswith("Requires-Dist") and "extra" not in line}
    assert "Requires-Dist: torch>=2.9" in students
    assert not [line for line in students if "nbgrader" in line]
    for licence in ("LICENSE", "data/LICENSE-digits.txt"):
        assert [name for name in names if name.endswith(f".dist-info/licenses/{licence}")]


def test_without_the_staffs_packages_it_says_what_to_install(
    bare: Installed, tmp_path: Path
) -> None:
    """Python's own -I -S: no package of anybody is there."""
    line = (
        "import sys; sys.path.append(sys.argv.pop(1)); from autograder.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", line, str(bare.site_packages), "doctor"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "is not installed" in done.stderr
    assert "[staff]" in done.stderr
    assert "Traceback" not in done.stderr


# A course elsewhere


@pytest.fixture(scope="module")
def course(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made with `autograder init` and released, by the installed wheel."""
    folder = tmp_path_factory.mktemp("elsewhere")
    installed.run("autograder", "init", "course", cwd=folder)
    installed.run("autograder", "release", cwd=folder / "course")
    return folder / "course"


def test_it_is_the_wheel_that_runs(installed: Installed, tmp_path: Path) -> None:
    program = "import autograder, dgm; print(autograder.__file__, dgm.__file__)"
    told = installed.run("python", "-c", program, cwd=tmp_path).stdout
    assert all(Path(file).is_relative_to(installed.folder) for file in told.split())
    assert installed.run("autograder", "--version", cwd=tmp_path).stdout == "autograder 0.1.0\n"
    assert installed.run("python", "-m", "autograder", "--version", cwd=tmp_path).returncode == 0


def test_init_refuses_a_folder_that_is_not_empty(installed: Installed, course: Path) -> None:
    before = (course / "README.md").read_bytes()
    done = installed.run("autograder", "init", ".", cwd=course, check=False)
    assert done.returncode == 2
    assert "not an empty folder" in done.stderr
    assert (course / "README.md").read_bytes() == before


def test_a_new_course_is_released_and_stays_up_to_date(installed: Installed, course: Path) -> None:
    installed.run("autograder", "release", "--check", cwd=course)
    with zipfile.ZipFile(course / "dist" / "example.zip") as kit:
        names = set(kit.namelist())
    assert {"example/lab.ipynb", "example/dgm/check.py", "example/requirements.txt"} <= names
    assert not [
        name
        for name in names
        if "suites" in name or (name.endswith("/answers.py") and "/dgm/" not in name)
    ]


def hand_in(course: Path, installed: Installed, folder: Path) -> Path:
    """The kit, filled in with the model solution and zipped by its own script."""
    with zipfile.ZipFile(course / "dist" / "example.zip") as kit:
        kit.extractall(folder)  # our own kit
    source = json.loads((course / "source" / "example" / "lab.ipynb").read_text())
    (folder / "example" / "lab.ipynb").write_text(json.dumps(source))
    who = ["--name", "Ada Lovelace", "--id", "ada", "--collaborators", "None", "--honest", "--yes"]
    script = ["bash", "collect_submission.sh", *who, "--output", str(folder)]
    subprocess.run(script, cwd=folder / "example", check=True, capture_output=True)
    return folder / "Ada_Lovelace_example.zip"


@pytest.mark.slow
def test_a_hand_in_is_graded(installed: Installed, course: Path, tmp_path: Path) -> None:
    file = hand_in(course, installed, tmp_path)
    graded = [
        "--isolation",
        "none",
        "--jobs",
        1,
        "--json",
    ]  # this environment's packages are out of a sandbox's sight
    done = installed.run(
        "autograder", "grade", file, "--out", tmp_path / "out", *graded, cwd=course
    )
    (report,) = json.loads(done.stdout)
    assert report["status"] == "graded"
    assert report["totals"]["auto"] == report["totals"]["auto_max"] == 4
    assert (tmp_path / "out" / "gradebook.db").is_file()


@pytest.mark.slow
def test_the_audit_of_a_new_course_is_in_order(installed: Installed, course: Path) -> None:
    done = installed.run(
        "autograder", "audit", "--isolation", "none", "--jobs", 1, "--json", cwd=course
    )
    (audit,) = json.loads(done.stdout)
    assert audit["ok"]
    assert audit["totals"]["wrong"] == audit["totals"]["wrong_caught"] == 5
    assert audit["totals"]["right"] == audit["totals"]["right_kept"] == 2
