"""The worked example of docs/authoring.md, followed to the letter in a fresh course."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.course.skeleton import make_course

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "authoring.md"
HEADING = "## A worked example: add a question\n"
STEP = re.compile(
    r"^\d+\. (?P<text>.*?)^   ```(?P<language>\w+)\n(?P<code>.*?)^   ```$", re.M | re.S
)
FILE = re.compile(r"`([\w/]+/[\w.]+)`")


@dataclass(frozen=True)
class Step:
    """A numbered step: its prose, and the code of its fenced block."""

    text: str
    language: str
    code: str


def steps() -> list[Step]:
    section = PAGE.read_text(encoding="utf-8").split(HEADING)[1].split("\n## ")[0]
    return [
        Step(found["text"], found["language"], textwrap.dedent(found["code"]))
        for found in STEP.finditer(section)
    ]


def follow(step: Step, course: Path) -> None:
    """Add the block to the end of the file that the step names."""
    (name,) = FILE.findall(step.text)
    file = course / name
    file.parent.mkdir(exist_ok=True)
    before = file.read_text(encoding="utf-8") + "\n" if file.exists() else ""
    file.write_text(before + step.code, encoding="utf-8")


def run(line: str, course: Path, *options: str) -> str:
    """What a command of the page prints, run by this environment's grader in the course."""
    program, *arguments = shlex.split(line)
    assert program == "autograder"
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *arguments, *options],
        cwd=course,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'assignments'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_question_of_the_page_is_released_and_its_audit_is_in_order(tmp_path: Path) -> None:
    *writing, building = steps()
    course = tmp_path / "my-course"
    make_course(course)
    for step in writing:
        follow(step, course)

    release, audit, mutants = building.code.splitlines()
    assert audit in mutants, "the last command measures the same question, with mutants"
    run(release, course)
    result = json.loads(run(mutants, course, "--isolation", "none", "--jobs", "1", "--json"))[0]

    answers = next(step.code for step in writing if "answers.py" in step.text)
    totals = result["totals"]
    assert result["ok"]
    assert totals["wrong_caught"] == totals["wrong"] == answers.count("# %% spoils") > 3
    assert totals["right_kept"] == totals["right"] == answers.count("# %% right") > 1
    assert totals["mutants_caught"] == totals["mutants"] > 0
    assert not totals["collateral"]
