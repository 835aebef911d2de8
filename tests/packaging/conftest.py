"""The wheel, built without a network, and a fresh environment without the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from installed import Installed

ROOT = Path(__file__).resolve().parents[2]
PACKAGED = [
    *("pyproject.toml", "README.md", "LICENSE", "requirements.txt", "nbgrader_config.py"),
    *("collect_submission.sh", "autograder", "assignments", "data"),
]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built in a copy, because a build writes into its folder."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in PACKAGED:
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=ignore)
        else:
            shutil.copy(ROOT / name, copy / name)
    out = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*PIP, "wheel", *options, "--wheel-dir", out, copy], check=True)
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel alone, without any package that it depends on."""
    folder = tmp_path_factory.mktemp("environment") / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    where = ["--python", folder / "bin" / "python"]
    options = ["--quiet", "--no-deps", "--no-index"]
    subprocess.run([*PIP, *where, "install", *options, wheel], check=True)
    return Installed(folder)


@pytest.fixture(scope="session")
def installed(bare: Installed) -> Installed:
    """The wheel, then the packages of this environment, without the checkout (editable here)."""
    (bare.site_packages / "packages_of_the_tests.pth").write_text(
        sysconfig.get_path("purelib") + "\n"
    )
    return bare
