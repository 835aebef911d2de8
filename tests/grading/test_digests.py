"""What an edit touches: digests of questions and of the grader, and which oracles a suite can reach."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from autograder.regrade.oracles import CannotTell, reachable

from autograder.course.assignment import slugs
from autograder.grading import digests as module
from autograder.grading.digests import GRADER, PACKAGE, digests

ROOT = Path(__file__).resolve().parent.parent.parent
ORACLES = '''"""Oracles."""
import math
from functools import reduce

SCALE = 2.0

def double(x):
    """Twice x."""
    return SCALE * x

def _half(x):
    return x / 2

def quarter(x):
    return _half(_half(x))

def root(x):
    return math.sqrt(x)
'''
SUITE = '''from autograder.checks import same
from autograder.reference import mini as reference

def test_it(student, draw):
    """is right"""
    same(student.{name}(2), reference.{name}(2))
'''


def reached(suite: str, oracles: str, tmp_path: Path) -> list[str]:
    file = tmp_path / "mini.py"
    file.write_text(oracles)
    return list(reachable(ast.parse(suite), file, {"asked_for"}, "autograder.reference.mini"))


@pytest.mark.parametrize(
    ("edit", "touched"),
    [
        (("SCALE = 2.0", "SCALE = 1.0 + 1.0"), {"double"}),
        (("x / 2", "x * 0.5"), {"quarter"}),
        (("_half(_half(x))", "_half(x) / 2"), {"quarter"}),
        (("import math", "import cmath as math"), {"root"}),
        (("import math", "import math  # a remark"), set()),
        (("def root(x):\n", "def root(x):\n\n"), set()),
        (('"""Oracles."""', '"""The oracles."""'), set()),
        (("SCALE = 2.0", "SCALE = float(2)"), {"double", "quarter", "root"}),
        (("def root", "@register\ndef root"), {"double", "quarter", "root"}),
        (("def root(x):", "def root(x):\n    global SCALE"), {"double", "quarter", "root"}),
        (("def root", "if True:\n    SCALE = 3\n\ndef root"), {"double", "quarter", "root"}),
    ],
    ids=lambda value: " / ".join(value) if isinstance(value, tuple) else None,
)
def test_an_edit_of_the_oracles_touches_the_suites_that_reach_it(tmp_path: Path, edit: tuple[str, str], touched: set[str]) -> None:
    assert ORACLES.count(edit[0]) == 1
    edited = ORACLES.replace(*edit)
    assert touched == {
        name
        for name in ("double", "quarter", "root")
        if reached(SUITE.format(name=name), ORACLES, tmp_path) != reached(SUITE.format(name=name), edited, tmp_path)
    }


def test_a_name_counts_however_it_is_written(tmp_path: Path) -> None:
    base = "from autograder.reference import mini as reference\n"
    for use in ("getattr(student, 'quarter')(1)", "student.quarter(1)", "quarter(1)", "f(quarter=1)"):
        assert any("_half" in dump for dump in reached(base + use, ORACLES, tmp_path)), use
    assert not any("_half" in dump for dump in reached(base + "student.double(1)", ORACLES, tmp_path))
    assert any("asked_for" in dump for dump in reached(base, ORACLES + "\ndef asked_for(): pass\n", tmp_path))


@pytest.mark.parametrize(
    "suite",
    [
        "from autograder.reference import mini as reference\nuse(reference)",
        "import autograder.reference.mini",
        "from autograder.reference import another",
        "from autograder.reference.mini import *",
        "from autograder.suites.vae import test_other",
        "from . import helpers",
        "import importlib\nimportlib.import_module(name)",
        "eval(text)",
        "import builtins\nbuiltins.eval(text)",
        "from autograder.reference import mini as reference\nreference.__dict__[name]",
    ],
)
def test_what_cannot_be_told_is_said_to_be(tmp_path: Path, suite: str) -> None:
    with pytest.raises(CannotTell):
        reached(suite, ORACLES, tmp_path)


def test_a_network_may_be_put_into_evaluation_mode(tmp_path: Path) -> None:
    oracles = ORACLES + "\ndef quiet(net):\n    return net.eval()\n"
    assert any("eval" in dump for dump in reached(SUITE.format(name="quiet"), oracles, tmp_path))
    assert not any("eval" in dump for dump in reached(SUITE.format(name="root"), oracles, tmp_path))


@pytest.mark.parametrize("slug", slugs(ROOT))
def test_what_every_suite_of_the_course_reaches_can_be_told(slug: str) -> None:
    oracles = PACKAGE / "reference" / f"{slug}.py"
    n_all = len(ast.parse(oracles.read_bytes()).body)
    for file in sorted((PACKAGE / "suites" / slug).glob("test_*.py")):
        found = list(reachable(ast.parse(file.read_bytes()), oracles, set(), f"autograder.reference.{slug}"))
        assert 0 < len(found) < n_all / 2, file.name


def test_oracles_written_too_cleverly_are_taken_whole(tmp_path: Path) -> None:
    for line in ("globals()['double'] = None", "from autograder.release import build"):
        with pytest.raises(CannotTell):
            reached(SUITE.format(name="root"), f"{ORACLES}\n{line}\n", tmp_path)


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course and of what decides its scores, to edit."""
    import shutil

    for name in ("release/vae", "assignments/vae", "assignments/dgm", "data", "autograder"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, folder in {"PACKAGE": "", "SUITES": "suites", "REFERENCE": "reference"}.items():
        monkeypatch.setattr(module, name, tmp_path / "autograder" / folder)
    return tmp_path


def changed(root: Path, file: str, old: str, new: str) -> tuple[bool, set[str]]:
    """Whether the grader's digest changes by an edit, and of which questions."""
    before = digests.__wrapped__("vae", root)
    path = root / file
    data = path.read_bytes()
    assert data.count(old.encode()) >= 1, f"{old!r} is not in {file}"
    path.write_bytes(data.replace(old.encode(), new.encode(), 1))
    after = digests.__wrapped__("vae", root)
    path.write_bytes(data)
    assert digests.__wrapped__("vae", root) == before
    return before.grader != after.grader, {name for name in after.questions if before.questions.get(name) != after.questions[name]}


def test_edits_of_one_question_touch_it_and_what_uses_it(edited: Path) -> None:
    suites, toml = "autograder/suites/vae", "assignments/vae/assignment.toml"
    assert changed(edited, f"{suites}/test_kl_divergence.py", "draw.normal(5, 3)", "draw.normal(6, 3)") == (
        False,
        {"kl_divergence", "beta_vae_loss"},
    )
    assert changed(edited, f"{suites}/test_interpolate.py", "import torch", "import torch  # here") == (False, set())
    assert changed(edited, toml, 'title = "Free bits"', 'title = "Bits for free"') == (False, {"free_bits"})
    assert changed(edited, toml, 'covers = ["reparameterization"]', "covers = []") == (False, set())


def test_an_edit_of_one_oracle_does_not_touch_the_rest(edited: Path) -> None:
    oracles = "autograder/reference/vae.py"
    assert changed(edited, oracles, "reduce(torch.logaddexp, log_w.double())", "torch.logsumexp(log_w.double(), 0)") == (
        False,
        {"iwae_bound"},
    )
    _, touched = changed(edited, oracles, "total = torch.zeros_like(mean)", "total = 0 * mean")
    assert {"kl_divergence", "free_bits", "beta_vae_loss"} <= touched
    assert not touched & {"interpolate", "nearest_code", "moment_penalty"}


def test_a_helper_of_the_suites_touches_all_of_them_and_no_written_question(edited: Path) -> None:
    before = digests.__wrapped__("vae", edited)
    (edited / "autograder" / "suites" / "vae" / "helpers.py").write_text("def helper(): return 1\n")
    after = digests.__wrapped__("vae", edited)
    touched = {name for name in after.questions if before.questions[name] != after.questions[name]}
    assert {f"test_{name}.py" for name in touched} == {file.name for file in (ROOT / "autograder" / "suites" / "vae").glob("test_*.py")}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("autograder/checks.py", "rtol: float = 1e-4", "rtol: float = 1e-3"),
        ("autograder/sandbox/codec.py", '"""', '"""An edit. '),
        ("release/vae/lab.ipynb", '"cells"', ' "cells"'),
        ("assignments/dgm/nets.py", '"""', '"""An edit. '),
        ("data/digits.npz", "PK", "PQ"),
        ("assignments/vae/assignment.toml", "call_s = 10", "call_s = 11"),
    ],
)
def test_what_decides_every_score_touches_all(edited: Path, file: str, old: str, new: str) -> None:
    assert changed(edited, file, old, new) == (True, set())


def test_another_torch_is_another_grader(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests.__wrapped__("vae", ROOT)
    monkeypatch.setattr(module, "_version", lambda package: "0.0" if package == "torch" else "1.0")
    assert digests.__wrapped__("vae", ROOT).grader != before.grader


def test_nothing_that_grades_is_left_out_of_the_digest() -> None:
    """Follow the imports of ours from `autograder.grade`: each module is among those whose text is in the digest."""
    covered = {file for name in GRADER for file in ([PACKAGE / name] if name.endswith(".py") else (PACKAGE / name).rglob("*.py"))}
    waiting, seen = [PACKAGE / "grade.py", PACKAGE / "sandbox" / "worker.py"], set()
    while waiting:
        if (file := waiting.pop()) not in seen:
            seen.add(file)
            waiting += imported(file)
    assert len(seen) > 15
    assert {str(file.relative_to(PACKAGE)) for file in seen - covered} == set()


def imported(file: Path) -> list[Path]:
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        full = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)] if isinstance(node, ast.ImportFrom) else []
        full += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in full:
            if name.startswith("autograder."):
                place = PACKAGE.joinpath(*name.split(".")[1:])
                found += [path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()]
    return found
