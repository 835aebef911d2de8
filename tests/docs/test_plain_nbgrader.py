"""The commands of docs/gradebook.md for plain nbgrader, run to the letter in a fresh course."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.course.skeleton import make_course

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "gradebook.md"
ANSWERS = {
    "Ada_Full": "def softplus(x):\n    return torch.nn.functional.softplus(x)",
    "Ben_Unstable": "def softplus(x):\n    return torch.log(1 + torch.exp(x))",
}


def commands() -> str:
    section = PAGE.read_text(encoding="utf-8").split("\n## Plain nbgrader\n")[1].split("\n## ")[0]
    found = re.search(r"```bash\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1].replace("vae", "example")


@pytest.mark.slow
def test_the_commands_give_the_scores_of_autograder_grade(tmp_path: Path) -> None:
    course, home = tmp_path / "course", tmp_path / "home"
    make_course(course)
    (home / "Downloads").mkdir(parents=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {
        "PATH": path,
        "HOME": str(home),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{course / 'assignments'}",
        "AUTOGRADER_SECRET": "of the tests",
    }
    environment.pop("AUTOGRADER_COURSE", None)

    def bash(text: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", text],
            cwd=course,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    release, *plain = commands().splitlines()
    bash(release)
    released = (course / "release" / "example" / "assignment.json").read_bytes()
    for name, answer in ANSWERS.items():
        lab = json.loads((course / "release" / "example" / "lab.ipynb").read_text())
        for cell in lab["cells"]:
            if cell["id"] == "softplus":
                cell["source"] = answer
        with zipfile.ZipFile(home / "Downloads" / f"{name}_example.zip", "w") as archive:
            archive.writestr("lab.ipynb", json.dumps(lab))
            archive.write(course / "release" / "example" / "theory.ipynb", "theory.ipynb")
    bash("\n".join(plain))
    with (course / "grades.csv").open() as stream:
        theirs = {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream)}
    line = "autograder grade ~/Downloads --isolation none --jobs 1 --out ~/out --json"
    ours = {
        report["file"].removesuffix("_example.zip"): report["totals"]["auto"]
        for report in json.loads(bash(line))
    }
    assert theirs == ours and ours["Ada_Full"] > ours["Ben_Unstable"] > 0
    assert (course / "release" / "example" / "assignment.json").read_bytes() == released
