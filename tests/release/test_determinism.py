"""The same text gives the same bytes, wherever and whenever it is built; `check` tells when the
course is out of date.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from mini_course import Course, write_course

from autograder.release import generate as student
from autograder.release.release import release

HERE = Path(__file__).resolve().parents[2]


def release_elsewhere(root: Path, cwd: Path, hash_seed: str) -> None:
    """Release in a fresh process, as another machine would: other folder, hash seed, time zone,
    locale and umask.
    """
    code = (
        "import os, sys, pathlib; from autograder.release.release import release; os.umask(0o077); "
        "release('mini', pathlib.Path(sys.argv[1]))"
    )
    path = os.pathsep.join([str(HERE), str(HERE / "assignments")])
    environment = {
        **os.environ,
        "PYTHONHASHSEED": hash_seed,
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "PYTHONPATH": path,
    }
    subprocess.run(
        [sys.executable, "-c", code, str(root)],
        cwd=cwd,
        env=environment,
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_twice_the_same_bytes(course: Course) -> None:
    release("mini", course.root)
    first = course.built()
    assert set(first) == {
        *("source/mini/lab.ipynb", "source/mini/theory.ipynb", "dist/mini.zip"),
        *("release/mini/lab.ipynb", "release/mini/theory.ipynb", "release/mini/assignment.json"),
    }
    for name in first:
        (course.root / name).unlink()
    release("mini", course.root)
    assert course.built() == first


def test_same_bytes_from_another_folder_with_another_hash_seed(
    released: Course, tmp_path: Path
) -> None:
    for seed in ("0", "4711"):
        other = write_course(tmp_path / f"another course {seed}")
        (cwd := tmp_path / f"elsewhere{seed}").mkdir()
        release_elsewhere(other.root, cwd, seed)
        assert other.built() == released.built()
        assert list(cwd.iterdir()) == [], (
            "a release leaves nothing in the folder it is started from"
        )


def test_the_working_folder_is_left_alone(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    release("mini", course.root)
    assert Path.cwd() == tmp_path


def test_what_a_release_returns(course: Course) -> None:
    done = release("mini", course.root)
    assert all(path.is_file() for path in (*done.source, *done.release, done.kit))
    assert done.max_points == 9
    assert done.table == [
        ("double", "lab", "code", 3, False),
        ("cube", "lab", "code", 1.5, True),
        ("growth_study", "lab", "experiment", 4, False),
        ("why_even", "theory", "theory", 2, False),
    ]
    assert done.different == []


def test_nothing_is_printed(course: Course, capfd: pytest.CaptureFixture[str]) -> None:
    release("mini", course.root)
    assert capfd.readouterr() == ("", "")


def test_check_writes_nothing_and_names_what_is_missing(course: Course) -> None:
    found = release("mini", course.root, check=True)
    assert course.built() == {}
    assert found.different == [*found.source, *found.release]


def test_check_names_what_differs(course: Course) -> None:
    release("mini", course.root)
    assert release("mini", course.root, check=True).different == []
    course.lab("A lab about doubling.", "A lab about doubling numbers.")
    course.toml('title = "A small assignment"', 'title = "Another small assignment"')
    (course.root / "source/mini/answers.md").write_text("nbgrader would copy this to students")
    built = course.built()
    root = course.root
    assert release("mini", root, check=True).different == [
        *(root / "source/mini/lab.ipynb", root / "source/mini/answers.md"),
        *(root / "release/mini/assignment.json", root / "release/mini/lab.ipynb"),
    ]
    assert course.built() == built


def test_the_release_is_what_nbgraders_own_command_makes(released: Course, tmp_path: Path) -> None:
    """`nbgrader generate_assignment` on the committed source, with the course's own
    nbgrader_config.py.
    """
    folder = tmp_path / "plain"
    (folder / "source/mini").mkdir(parents=True)
    for name in ("lab", "theory"):
        (folder / f"source/mini/{name}.ipynb").write_bytes(
            (released.root / f"source/mini/{name}.ipynb").read_bytes()
        )
    (folder / "nbgrader_config.py").write_text((HERE / "nbgrader_config.py").read_text())
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "mini"]
    # nbgrader starts `alembic` by its bare name; an activated environment has it on the path.
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]]),
    }
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert (folder / "gradebook.db").is_file()
    for name in ("lab", "theory"):
        plain = (folder / f"release/mini/{name}.ipynb").read_text(encoding="utf-8")
        assert plain.rstrip("\n") + "\n" == (
            released.root / f"release/mini/{name}.ipynb"
        ).read_text(encoding="utf-8")


def test_generate_records_the_assignment_in_a_gradebook_when_asked(
    released: Course, tmp_path: Path
) -> None:
    """For plain `nbgrader autograde`, which takes locked cells and hidden tests from the
    gradebook.
    """
    from nbgrader.api import Gradebook

    db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    student.generate(
        "mini",
        {name: released.notebook("source", name) for name in ("lab", "theory")},
        db_url=db_url,
    )
    with Gradebook(db_url, "dgm") as gradebook:
        assignment = gradebook.find_assignment("mini")
        assert assignment.max_score == 9
        assert {notebook.name for notebook in assignment.notebooks} == {"lab", "theory"}
        assert (
            "autograder.kernel" in gradebook.find_source_cell("test_double", "lab", "mini").source
        )
