"""An environment in which the wheel is installed, and how its commands are run."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Installed:
    """An environment in which the wheel is installed, and nothing else that pip knows of."""

    folder: Path

    @property
    def site_packages(self) -> Path:
        (found,) = self.folder.glob("lib/python3*/site-packages")
        return found

    def run(self, *line: object, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the environment, run where nothing leads to the checkout."""
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {"OMP_NUM_THREADS": "1", "AUTOGRADER_SECRET": "of the tests"}
        command, *arguments = map(str, line)
        done = subprocess.run(
            [str(self.folder / "bin" / command), *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        if check:
            assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
        return done
