"""What an edit touches: digests of questions and of the grader."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.grading import digests as module
from autograder.grading.digests import GRADER, PACKAGE, digests

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course and of what decides its scores, to edit."""
    import shutil

    for name in ("release/vae", "assignments/vae", "assignments/dgm", "data", "autograder"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "autograder")
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
    return before.grader != after.grader, {
        name for name in after.questions if before.questions.get(name) != after.questions[name]
    }


def test_edits_of_one_question_touch_it_and_what_uses_it(edited: Path) -> None:
    suites, toml = "autograder/suites/vae", "assignments/vae/assignment.toml"
    both = {"kl_divergence", "beta_vae_loss"}
    assert changed(
        edited, f"{suites}/kl_divergence/checks.py", "draw.normal(5, 3)", "draw.normal(6, 3)"
    ) == (False, both)
    assert changed(
        edited, f"{suites}/interpolate/checks.py", "import torch", "import torch  # here"
    ) == (False, set())
    assert changed(edited, toml, 'title = "Free bits"', 'title = "Bits for free"') == (
        False,
        {"free_bits"},
    )
    assert changed(edited, toml, 'covers = ["reparameterization"]', "covers = []") == (False, set())


def test_an_edit_of_an_oracle_touches_the_questions_that_import_it(edited: Path) -> None:
    suites = "autograder/suites/vae"
    alone = changed(
        edited,
        f"{suites}/iwae_bound/oracle.py",
        "reduce(torch.logaddexp, log_w.double())",
        "log_w.double().logsumexp(0)",
    )
    assert alone == (False, {"iwae_bound"})
    _, touched = changed(
        edited, f"{suites}/shared.py", "total = torch.zeros_like(mean)", "total = 0 * mean"
    )
    by_it = {"kl_divergence", "free_bits", "beta_vae_loss"}
    linear_model = {"log_marginal", "optimal_posterior", "gaussian_elbo", "elbo_gap"}
    assert touched == by_it | linear_model, "those that import from the same module"


def test_known_answers_decide_no_score(edited: Path) -> None:
    assert changed(edited, "autograder/suites/vae/kl_divergence/answers.py", "0.5", "0.25") == (
        False,
        set(),
    )


@pytest.mark.parametrize(
    "line",
    [
        "from autograder.suites.vae import helper",
        "import autograder.suites.vae.helper",
        "from .. import helper",
        "from ..helper import f",
    ],
)
def test_a_helper_touches_who_imports_it_in_whatever_way(edited: Path, line: str) -> None:
    folder = edited / "autograder" / "suites" / "vae"
    (folder / "helper.py").write_text("def f(): return 1\n")
    checks = folder / "interpolate" / "checks.py"
    checks.write_text(f"{checks.read_text()}\n{line}\n")
    assert changed(edited, "autograder/suites/vae/helper.py", "return 1", "return 2") == (
        False,
        {"interpolate"},
    )


def test_a_suite_that_cannot_be_parsed_or_is_missing_counts_as_it_is(edited: Path) -> None:
    checks = edited / "autograder" / "suites" / "vae" / "interpolate" / "checks.py"
    checks.write_text("def broken(:  # 1\n")
    assert changed(edited, "autograder/suites/vae/interpolate/checks.py", "# 1", "# 2") == (
        False,
        {"interpolate"},
    )
    before = digests.__wrapped__("vae", edited)
    checks.unlink()
    after = digests.__wrapped__("vae", edited)
    assert {
        name for name in after.questions if after.questions[name] != before.questions[name]
    } == {"interpolate"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("autograder/checks/compare.py", "rtol: float = 1e-4", "rtol: float = 1e-3"),
        ("autograder/worker/codec.py", '"""', '"""An edit. '),
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
    real = module.version
    monkeypatch.setattr(module, "version", lambda name: "0.0" if name == "torch" else real(name))
    assert digests.__wrapped__("vae", ROOT).grader != before.grader


def test_nothing_that_grades_is_left_out_of_the_digest() -> None:
    """Follow the imports of ours from `autograder.grading.grade`: each module is among those whose
    text is in the digest.
    """
    covered = {
        file
        for name in GRADER
        for file in ([PACKAGE / name] if name.endswith(".py") else (PACKAGE / name).rglob("*.py"))
    }
    waiting, seen = [PACKAGE / "grading" / "grade.py", PACKAGE / "worker" / "fork_server.py"], set()
    while waiting:
        if (file := waiting.pop()) not in seen:
            seen.add(file)
            waiting += imported(file)
    assert len(seen) > 15
    assert {str(file.relative_to(PACKAGE)) for file in seen - covered} == set()


def imported(file: Path) -> list[Path]:
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        full = (
            [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        full += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in full:
            if name.startswith("autograder."):
                place = PACKAGE.joinpath(*name.split(".")[1:])
                found += [
                    path
                    for path in (place.with_suffix(".py"), place / "__init__.py")
                    if path.is_file()
                ]
    return found
