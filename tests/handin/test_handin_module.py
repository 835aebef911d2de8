"""The package itself: `python -m dgm.handin` on any system, with an old Python, alone."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from student_kit import DGM, TIMEOUT_S, WHO, Kit, manifest

MODULES = sorted((DGM / "handin").glob("*.py"))
OLDEST = ("python3.8", "python3.9", "python3.10")
WINDOWS_LIKE = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}


def run(kit: Kit, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """`python -m dgm.handin` in the kit's folder, without HOME and with a cp1252 console."""
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")
    environment = {key: os.environ[key] for key in kept if key in os.environ}
    command = [options.pop("python", sys.executable), "-m", "dgm.handin", *arguments]
    settings = {"cwd": kit.folder, "stdin": subprocess.DEVNULL, "timeout": TIMEOUT_S, **options}
    return subprocess.run(
        command, capture_output=True, env={**environment, **WINDOWS_LIKE}, **settings
    )


def test_it_hands_in_with_a_console_of_few_characters(kit: Kit) -> None:
    kit.spec["title"] = "Auto-\u00e9ncodeurs \u2264 \u738b"
    kit.save()
    done = run(kit, *WHO, "--name", "\u00c5sa \u738b")
    assert done.returncode == 0, done.stderr
    assert b"Auto-\xe9ncodeurs \\u2264 \\u738b (vae), from" in done.stderr
    written = manifest(Path(done.stdout.decode("cp1252").strip()))
    assert written["name"] == "\u00c5sa \u738b"


def test_it_replaces_an_earlier_archive(kit: Kit) -> None:
    assert run(kit, *WHO).returncode == 0
    again = run(kit, *WHO)
    assert again.returncode == 1 and b"already exists: replace it with --force" in again.stderr
    assert run(kit, *WHO, "--force").returncode == 0
    assert [file.name for file in kit.folder.glob("*.zip")] == ["Ada_Lovelace_vae.zip"]
    assert not list(kit.folder.glob(".collecting*"))


def test_a_students_own_modules_do_not_replace_pythons(kit: Kit) -> None:
    for name in ("json", "zipfile", "typing", "argparse", "tempfile"):
        kit.file(f"{name}.py", b"raise SystemExit('shadowed')")
    done = run(kit, *WHO)
    assert done.returncode == 0, done.stderr


def test_outside_a_kit_it_says_where_to_go(kit: Kit, tmp_path: Path) -> None:
    (kit.folder / "assignment.json").unlink()
    done = run(kit, *WHO)
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: ") and b"is not a kit folder" in done.stderr


def test_help_calls_it_by_its_name(kit: Kit) -> None:
    done = run(kit, "--help")
    assert done.returncode == 0
    assert (
        b"python -m dgm.handin --name" in done.stdout and b"collect_submission" not in done.stdout
    )


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_it_is_python_3_8_with_the_standard_library_alone(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 8))
    nodes = list(ast.walk(tree))
    imported = {
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    tops = {name.split(".")[0] for name in imported}
    assert tops <= {*sys.stdlib_module_names, "dgm"}
    assert all(name.startswith("dgm.handin") for name in imported if name.split(".")[0] == "dgm")


def test_importing_it_loads_neither_torch_nor_numpy(tmp_path: Path) -> None:
    line = "import sys, dgm.handin.command, dgm.handin.procedure\n"
    line += "print(sorted({'torch', 'numpy', 'IPython', 'autograder'} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", line],
        env={**os.environ, "PYTHONPATH": str(DGM.parent)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("version", OLDEST)
def test_an_old_python_runs_it(kit: Kit, version: str) -> None:
    python = _found(version)
    if python is None:
        pytest.skip(f"{version} is not installed")
    done = run(kit, *WHO, python=python)
    assert done.returncode == 0, done.stderr
    written = manifest(Path(done.stdout.decode("cp1252").strip()))
    assert written["versions"]["python"].startswith(version.replace("python", ""))


def _found(version: str) -> str | None:
    """An interpreter of that version, on the PATH or among pyenv's."""
    number = version.replace("python", "")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(version), *map(str, sorted(pyenv.glob(f"{number}.*/bin/python")))]
    for candidate in filter(None, candidates):
        if subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    return None
