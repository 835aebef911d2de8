"""Grade the small class on odd machines."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.isolation import find_bwrap
from tests.class_of_five import SmallClass, make_class, snapshot
from tests.machines.machine import JUMPS, MACHINES, Machine

TIMEOUT_S = 300
STATUS = {"graded": 0, "refused": 2, "stopped": 1}


@dataclass
class Came:
    """What came of a machine; `problem` is empty where that is as it should be."""

    machine: Machine
    status: int
    seconds: float
    told: str
    """The last line of standard error."""
    problem: str


class Machines:
    """The small class in a folder, and what grading it gives on an ordinary machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.course: SmallClass = make_class(folder / "course")
        (folder / "jumps").mkdir()
        (folder / "jumps" / "sitecustomize.py").write_text(JUMPS)
        self.usual = self._snapshot(self._graded_in_order(folder / "usual"))

    def come(self, machine: Machine) -> Came:
        root = self.folder / str(MACHINES.index(machine))
        root.mkdir()
        out = root / machine.out
        start = time.monotonic()
        done = self._run(machine.line, out)
        seconds = time.monotonic() - start
        lines = done.stderr.strip().splitlines() or [""]
        problem = self._problem(machine, done, out)
        shutil.rmtree(root, ignore_errors=True)
        return Came(machine, done.returncode, seconds, lines[-1].strip(), problem)

    def _problem(self, machine: Machine, done: subprocess.CompletedProcess[str], out: Path) -> str:
        if done.returncode != STATUS[machine.comes]:
            return f"status {done.returncode}: {done.stderr[-500:]}"
        if "Traceback" in done.stderr:
            return f"a traceback: {done.stderr[-500:]}"
        if machine.sentence not in done.stderr:
            return f"does not say {machine.sentence!r}: {done.stderr[-500:]}"
        if machine.comes == "refused":
            left = list(out.rglob("*")) if out.is_dir() else []
            return f"it left {left}" if left else ""
        if machine.comes == "stopped":
            self._graded_in_order(out)
        differ = [key for key, value in self._snapshot(out).items() if value != self.usual[key]]
        return f"other {', '.join(differ)} than usual" if differ else ""

    def _graded_in_order(self, out: Path) -> Path:
        done = self._run("{grade}", out)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return out

    def _run(self, line: str, out: Path) -> subprocess.CompletedProcess[str]:
        root = self.course.root
        grade = f"{sys.executable} -m autograder grade {self.course.submissions} --out '{out}'"
        if "--jobs" not in line:
            grade += " --jobs 1"
        if "--isolation" not in line:
            grade += " --isolation none"
        filled = line.format(
            grade=grade,
            python=sys.executable,
            out=f"'{out}'",
            root=out.parent,
            jumps=self.folder / "jumps",
            bwrap=f"{find_bwrap()} --dev-bind / /",
        )
        return subprocess.run(
            filled,
            shell=True,
            executable="/bin/bash",
            cwd=root,
            env=self.course.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
        )

    def _snapshot(self, out: Path) -> dict[str, object]:
        """Without the isolation, and without nbgrader's configuration, which has the place in
        it.
        """
        found = snapshot(out)
        for report in found["reports"].values():
            report.pop("isolation", None)
        found["files"] = {
            name: data for name, data in found["files"].items() if "nbgrader_config" not in name
        }
        return found
