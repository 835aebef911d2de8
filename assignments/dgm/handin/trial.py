"""A trial of the archive just written: unpacked into a clean folder, its notebooks run there.

It says what the grader will see of each code question: blank, lost, not running, or what its
visible checks say.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from dgm.handin.answers import find_answers, not_needed
from dgm.handin.cell_rules import grade_id
from dgm.handin.dialogue import Dialogue
from dgm.handin.display_text import one_line
from dgm.handin.errors import HandInError
from dgm.handin.kit import CourseCell, Kit, is_inside
from dgm.handin.notebook import Cell, is_train, read_notebook

LIMIT_S = 600
"""Of one notebook."""
PASS = "visible checks pass"
"""What dgm.check says of a question whose visible checks all pass."""
MAX_LINES = 40


def offer_trial(kit: Kit, archive: Path, asked: bool, dialogue: Dialogue) -> None:
    """Try the archive if asked for, else mention it. Its failure costs nothing else."""
    if not asked:
        option = dialogue.option("trial")
        if dialogue.interactive and option.startswith("--"):
            dialogue.say(f"  to try the archive in a clean folder, add {option}")
        return
    labs = [name for name, course in kit.notebooks.items() if _answers(course)]
    with tempfile.TemporaryDirectory(prefix="trial-") as place:
        folder = Path(os.path.realpath(place)) / kit.slug
        try:
            unpack(archive, folder)
        except (OSError, zipfile.BadZipFile) as error:
            dialogue.say(f"  no trial: {error}")
            return
        dialogue.say("\nTrial: the archive in a clean folder, training cells left out")
        for name in labs:
            dialogue.say(f"  running {name}.ipynb ...")
            for line in try_notebook(kit, folder, name):
                dialogue.say(f"  {line}")


def unpack(archive: Path, folder: Path) -> None:
    """Write the archive's files below `folder`, and nothing outside of it."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(str(archive)) as packed:
        for name in packed.namelist():
            target = folder / name
            if name.endswith("/") or not is_inside(folder, target):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(packed.read(name))


def try_notebook(kit: Kit, folder: Path, name: str) -> list[str]:
    """Run a notebook of the unpacked archive; a sentence on each question that does not pass."""
    file = folder / (name + ".ipynb")
    try:
        cells = read_notebook(file.read_bytes(), file.name)
    except (OSError, HandInError) as error:
        return [one_line(str(error))]
    course = kit.notebooks[name]
    found = find_answers(cells, course)
    lost = {
        wanted.id: "not found in the notebook" if found[wanted.id].how == "missing" else "blank"
        for wanted in _answers(course)
        if found[wanted.id].cell is None or found[wanted.id].blank
    }
    spare = not_needed(found, kit.choices)
    names = {
        id(one.cell): question for question, one in found.items() if one.cell and not one.blank
    }
    said, problem = _run(kit, folder, _plan(cells, names))
    if problem:
        return [f"no trial of {file.name}: {problem}"]
    answers = [wanted for wanted in _answers(course) if wanted.id not in spare]
    return _sentences(file.name, answers, lost, said)


def _answers(course: list[CourseCell]) -> list[CourseCell]:
    return [wanted for wanted in course if wanted.kind == "answer"]


def _plan(cells: list[Cell], names: dict[int, str]) -> list[dict[str, str]]:
    """The cells to run, in order. name: the question of an answer, `test_...` of a check."""
    plan = []
    for number, cell in enumerate(cells, 1):
        if cell.get("cell_type") != "code" or is_train(cell) or not cell["source"].strip():
            continue
        name = names.get(id(cell)) or grade_id(cell) or ""
        plan.append({"name": name, "place": f"cell {number}", "source": cell["source"]})
    return plan


def _run(kit: Kit, folder: Path, plan: list[dict[str, str]]) -> tuple[dict[str, Any], str]:
    """What the process of trial_run.py found, or why there is nothing."""
    out = folder.parent / "said.json"
    if out.exists():
        out.unlink()
    helpers = folder.parent / "helpers"  # nothing else of the kit may be imported
    mine = Path(__file__).resolve().parents[1]
    if not helpers.exists():
        shutil.copytree(str(mine), str(helpers / mine.name))
    environment = dict(
        os.environ,
        PYTHONPATH=str(helpers),
        MPLBACKEND="agg",
        DGM_FAST="1",
        PYTHONIOENCODING="utf-8",
    )
    for data in (mine.parents[1] / "data", kit.folder / "data"):
        if data.is_dir():
            environment["DGM_DATA"] = str(data)
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "dgm.handin.trial_run", str(out)],
            cwd=str(folder),
            input=json.dumps(plan).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT_S,
            env=environment,
        )
        said = json.loads(out.read_text(encoding="utf-8"))
    except subprocess.TimeoutExpired:
        return {}, f"it took more than {LIMIT_S} s"
    except (OSError, ValueError) as error:
        return {}, f"its process could not be run ({one_line(str(error))})"
    if done.returncode and said["at"]:
        said["errors"][said["at"]] = f"it ended its process (status {done.returncode})"
        said["ended"] = "code below it was not run"
    return said, ""


def _sentences(
    file: str, answers: list[CourseCell], lost: dict[str, str], said: dict[str, Any]
) -> list[str]:
    errors, verdicts = said.get("errors", {}), said.get("verdicts", {})
    lines, n_passed = [], 0
    for wanted in answers:
        told = lost.get(wanted.id)
        if told is None and wanted.id in errors:
            told = f"its cell does not run: {errors[wanted.id]}"
        if told is None:
            told = verdicts.get(f"test_{wanted.id}") or said.get("ended", PASS)
        if told == PASS:
            n_passed += 1
        else:
            lines.append(f"{wanted.id}: {one_line(told)}")
    known = {wanted.id for wanted in answers}
    for name, error in errors.items():
        if name not in known and not name.startswith("test_"):
            lines.append(f"{name} does not run: {one_line(error)}")
    if any("ModuleNotFoundError" in error for error in errors.values()):
        lines.append("Activate the environment in which you run Jupyter, and try again.")
    if len(lines) > MAX_LINES:
        lines[MAX_LINES:] = [f"and {len(lines) - MAX_LINES} more"]
    return [f"{file}: {n_passed} of {len(answers)} code questions run and pass", *lines]
