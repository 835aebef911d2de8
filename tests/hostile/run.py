"""Grade every attack as one class in a planted course, and judge what came of it.

`python -m tests.hostile` in the top folder of the checkout; `--help` tells the rest.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from autograder.report import Report
from tests.hostile.attack import SLUG, Attack, Material
from tests.hostile.beacons import Beacons
from tests.hostile.course import ROOT, PlantedCourse, plant
from tests.hostile.neighbours import Graded, costs
from tests.hostile.traces import adopting, files_below, left_running, marked
from tests.hostile.verdict import Verdict, canaries_in, judge, judge_neighbour, visible

NEIGHBOUR_EACH = 6
"""An honest neighbour stands behind so many attacks."""
OWN_CACHE = "torchinductor_"
"""A folder that torch makes in the trusted process."""
LIMIT_S = 1800.0
"""When a run that has not ended is given up."""

Progress = Callable[[int, int], None]


@dataclass
class Entry:
    """One file of the class: an attack, or an honest neighbour (`attack` is None)."""

    name: str
    student_id: str
    attack: Attack | None
    path: Path
    report: Report | None = None


@dataclass
class Outcome:
    """What came of a run: a verdict for each entry, and problems that belong to none of them."""

    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.problems and all(verdict.ok for verdict in self.verdicts)


def run_class(
    attacks: Sequence[Attack],
    *,
    jobs: int = 0,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Plant a course in a folder of its own, grade all attacks and their neighbours there by
    `autograder grade`, and judge.

    `folder` is kept, a temporary one is removed.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="hostile-") as made:
            return run_class(attacks, jobs=jobs, folder=Path(made), progress=progress)
    course = plant(folder)
    (folder / "tmp").mkdir()
    with Beacons(folder) as beacons:
        material = Material(ROOT, grading=course.root, beacons=beacons.addresses)
        entries = make_class(attacks, material, folder / "submissions", course)
        before, marks = files_below(course.root), marked()
        start = time.monotonic()
        with adopting() as children:
            outcome = Outcome(problems=_grade(entries, course, folder, jobs, progress))
            running = left_running(children)
        outcome.seconds = time.monotonic() - start
    _judge_all(outcome, entries, course, folder / "out", beacons.heard)
    _charge(outcome, entries)
    outcome.problems += [f"left running: {process}" for process in running]
    outcome.problems += [f"left on the machine: {trace}" for trace in sorted(marked() - marks)]
    outcome.problems += [
        f"left in the temporary folder: {path.name}"
        for path in (folder / "tmp").iterdir()
        if not path.name.startswith(OWN_CACHE)
    ]
    after = files_below(course.root)
    outcome.problems += [
        f"changed in the course: {name}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    return outcome


def make_class(
    attacks: Sequence[Attack], material: Material, folder: Path, course: PlantedCourse
) -> list[Entry]:
    """The zips, each in a numbered folder so that the class is graded in this order, whatever their
    names.
    """
    entries: list[Entry] = []

    def add(
        name: str, attack: Attack | None, file_name: str, build: Callable[[Material], bytes]
    ) -> None:
        student_id = f"h{len(entries):04}"
        path = folder / f"{len(entries):04}" / file_name
        path.parent.mkdir(parents=True)
        path.write_bytes(build(material.of(name, student_id)))
        entries.append(Entry(name, student_id, attack, path))

    for index, attack in enumerate(attacks):
        if index % NEIGHBOUR_EACH == 0:
            add_neighbour(add, index // NEIGHBOUR_EACH, course)
        add(attack.name, attack, attack.file_name, attack.build)
    add_neighbour(add, -(-len(attacks) // NEIGHBOUR_EACH), course)
    return entries


def add_neighbour(add: Callable[..., None], number: int, course: PlantedCourse) -> None:
    """A student with every answer right; the first one's own notes are a canary for all others."""
    note = f"# {course.canaries['submission']}\nmine = 1" if number == 0 else ""

    def build(material: Material) -> bytes:
        return material.zip(
            material.notebooks(
                {name: material.solution(name) for name in material.questions}, last=note
            )
        )

    add(f"neighbour_{number:02}", None, f"neighbour_{number:02}_{SLUG}.zip", build)


def _grade(
    entries: list[Entry], course: PlantedCourse, folder: Path, jobs: int, progress: Progress | None
) -> list[str]:
    """Run the command line as staff would, and read what it says; the problems of the run as a
    whole.
    """
    out = folder / "out"
    line = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        "--json",
        "--assignment",
        SLUG,
        "--out",
        str(out),
        "--jobs",
        str(jobs),
    ]
    environment = course.environment | {"TMPDIR": str(folder / "tmp")}
    with (folder / "stdout").open("w+b") as stdout, (folder / "stderr").open("w+b") as stderr:
        process = subprocess.Popen(
            [*line, *(str(entry.path) for entry in entries)],
            cwd=course.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        over = threading.Event()
        if progress:
            threading.Thread(
                target=_watch, args=(out, len(entries), progress, over), daemon=True
            ).start()
        try:
            process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            over.set()
    said = (folder / "stderr").read_text(encoding="utf-8", errors="replace")[-600:]
    try:
        reports = msgspec.json.decode((folder / "stdout").read_bytes(), type=list[Report])
    except msgspec.MsgspecError:
        by_digest = {report.sha256: report for report in _reports_below(out)}
        for entry in entries:
            entry.report = by_digest.get(_digest(entry.path))
        return [f"the run did not end as it should: exit status {process.returncode}; {said}"]
    for entry, report in zip(entries, reports, strict=True):
        entry.report = report
    return [] if process.returncode in (0, 3) else [f"exit status {process.returncode}; {said}"]


def _watch(out: Path, total: int, progress: Progress, over: threading.Event) -> None:
    while not over.wait(1.0):
        progress(len(list(out.glob("results/*/*/report.json"))), total)


def _digest(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def _reports_below(out: Path) -> list[Report]:
    from autograder.report import read

    return [read(file) for file in out.glob("results/*/*/report.json")]


def _charge(outcome: Outcome, entries: list[Entry]) -> None:
    """Put what each attack cost its neighbours into its verdict."""
    graded = {
        entry.name: Graded(
            datetime.fromisoformat(entry.report.graded_at).timestamp(), entry.report.seconds
        )
        for entry in entries
        if entry.report and entry.report.graded_at
    }
    attacks = {entry.name for entry in entries if entry.attack}
    cost = costs(
        {name: one for name, one in graded.items() if name in attacks},
        [one for name, one in graded.items() if name not in attacks],
    )
    for verdict in outcome.verdicts:
        verdict.cost_s = cost.get(verdict.name, 0.0)


def _judge_all(
    outcome: Outcome,
    entries: list[Entry],
    course: PlantedCourse,
    out: Path,
    heard: list[tuple[str, str]],
) -> None:
    for entry in entries:
        verdict = (
            judge(entry.attack, entry.report)
            if entry.attack
            else judge_neighbour(entry.name, entry.report)
        )
        secrets = {
            kind: canary
            for kind, canary in course.canaries.items()
            if entry is not entries[0] or kind != "submission"
        }
        seen = msgspec.json.encode(visible(msgspec.to_builtins(entry.report)))
        for file in sorted((out / "autograded" / entry.student_id).rglob("*.ipynb")):
            seen += file.read_bytes()
        verdict.problems += [f"a canary is out: {kind}" for kind in canaries_in(seen, secrets)]
        verdict.problems += [
            f"heard outside on {where}" for where, said in heard if said == entry.name
        ]
        outcome.verdicts.append(verdict)
    known = {entry.name for entry in entries}
    outcome.problems += [
        f"heard outside on {where}: {said!r}" for where, said in heard if said not in known
    ]
    for file in sorted(out.glob("results/*/csv/*.csv")):
        outcome.problems += [
            f"a canary is out in {file.name}: {kind}"
            for kind in canaries_in(file.read_bytes(), course.canaries)
        ]
