"""Grade the small class on odd machines."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.isolation import find_bwrap
from tests.class_in_parts import FIRST_PART, HAND_INS, make_class_in_parts
from tests.class_of_five import SmallClass, copy_grader, make_class, snapshot
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
    """The small class in a folder, the one whose assignment has parts, and what grading them gives
    on an ordinary machine.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.course: SmallClass = make_class(folder / "course")
        self.in_parts = SmallClass(make_class_in_parts(folder / "in_parts").root)
        copy_grader(self.in_parts.root)
        (folder / "jumps").mkdir()
        (folder / "jumps" / "sitecustomize.py").write_text(JUMPS)
        self.usual: dict[bool, dict[str, object]] = {}

    def come(self, machine: Machine) -> Came:
        root = self.folder / str(MACHINES.index(machine))
        root.mkdir()
        out = root / machine.out
        start = time.monotonic()
        done = self._run(machine.line, out, machine.parts)
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
            self._graded_in_order(out, machine.parts)
        usual = self._usual(machine.parts)
        differ = [key for key, value in self._snapshot(out).items() if value != usual[key]]
        return f"other {', '.join(differ)} than usual" if differ else ""

    def _usual(self, parts: bool) -> dict[str, object]:
        if parts not in self.usual:
            out = self._graded_in_order(self.folder / f"usual_{parts}", parts)
            self.usual[parts] = self._snapshot(out)
        return self.usual[parts]

    def _graded_in_order(self, out: Path, parts: bool) -> Path:
        done = self._run("{grade}", out, parts)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return out

    def _run(self, line: str, out: Path, parts: bool) -> subprocess.CompletedProcess[str]:
        course = self.in_parts if parts else self.course
        names = [f"{name}.zip".format("code", "written") for name in HAND_INS] if parts else []

        def grade(what: list[Path]) -> str:
            made = f"{sys.executable} -m autograder grade {' '.join(map(str, what))} --out '{out}'"
            made += "" if "--jobs" in line else " --jobs 1"
            return made + ("" if "--isolation" in line else " --isolation none")

        files = [course.submissions / name for name in names]
        filled = line.format(
            grade=grade([course.submissions]),
            first=grade(files[:FIRST_PART]),
            second=grade(files[FIRST_PART:]),
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
            cwd=course.root,
            env=course.environment,
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
