"""Wrong answers are drawn with what their author reads, and what comes back is graded."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from typer.testing import CliRunner

from autograder.course.assignment import labs
from autograder.course.model_answers import model_answers

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks/ is not installed

from benchmarks.mend import app  # noqa: E402


def test_what_is_drawn_says_why_and_what_comes_back_is_graded(tmp_path: Path) -> None:
    out = tmp_path / "drawn"
    done = CliRunner().invoke(app, ["draw", "vae", "--n", "3", "--seed", "2", "--out", str(out)])
    assert done.exit_code == 0, done.output
    solution = {
        question: source
        for name in labs("vae", ROOT)
        for question, source in model_answers(ROOT, "vae", name).items()
    }
    folders = sorted(out.iterdir())
    assert len(folders) == 3
    for folder in folders:
        drawn = json.loads((folder / ".drawn.json").read_text())
        question = drawn["name"].partition("__")[0]
        assert f"def {question}(" in (folder / "question.md").read_text()
        assert "SOLUTION" not in (folder / "question.md").read_text()
        points, *told = (folder / "told.txt").read_text().splitlines()
        assert points.endswith("points") and told and all(line.startswith("- ") for line in told)
    first, second, _ = folders
    question = json.loads((first / ".drawn.json").read_text())["name"].partition("__")[0]
    (first / "mended.py").write_text(solution[question])
    (second / "mended.py").write_text((second / "answer.py").read_text())
    graded = CliRunner().invoke(app, ["grade", str(out)], env={"COLUMNS": "200"})
    assert "full marks at the first try: 1 of 3" in graded.output
    assert "no mended.py" in graded.output
