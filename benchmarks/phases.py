"""Where the time of `autograder grade` goes: the named functions of one slot, each with its own
share of the wall and CPU time.

A span's own time is without that of the spans within it, so the shares add up. Run by
grade_class.py in a process of its own.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IMPORTS = "start-up: imports"
SANDBOX = "start-up: sandbox and zygote"
CELLS = "student: running cells"
CALLS = "student: calls by checks"
OTHER_REQUESTS = "student: forgetting between questions"
REST = "rest"
SPANS: dict[str, tuple[str, str]] = {
    "autograder.sandbox.client:Sandbox.__enter__": (
        SANDBOX,
        "the bwrap process and the import of torch in it",
    ),
    "autograder.sandbox.client:Sandbox.fork": (
        "fork: a fresh worker",
        "asking the zygote, until the worker answers",
    ),
    "autograder.sandbox.client:Sandbox.__exit__": (
        "end of a sandbox",
        "until everything in it is gone",
    ),
    "autograder.class_run.run:plan_class": (
        "plan: what is to be graded",
        "digests of zips and suites, earlier reports",
    ),
    "autograder.intake.find:read_file": ("intake: read the file", ""),
    "autograder.intake.read:read_submission": ("intake: open the zip", ""),
    "autograder.align.align:align": ("align", "find the answers in the notebook"),
    "autograder.checks.suite:suite": ("collect suites", "once for each question and process"),
    "autograder.checks.judge:run_question": ("checks: our side", "oracles, comparisons"),
    "autograder.gradebook.record:record": (
        "gradebook",
        "scores and graded notebooks for formgrader",
    ),
    "autograder.publish.csv_files:write_csv": ("CSV", ""),
    "autograder.atomic_write:write_atomically": ("files: write and sync", "reports, notebooks"),
    "autograder.course.released:release_notebook": ("the course's own notebooks", "read once"),
}
REQUEST = "autograder.sandbox.client:WorkerChannel.request"
"""Waiting for student code: cells, or calls by checks, told apart by the message."""


def find(target: str) -> tuple[Any, str] | None:
    """Where `module:name` or `module:Class.name` stands: its owner and its name there. None when
    there is no such thing.
    """
    module_name, _, path = target.partition(":")
    *owners, name = path.split(".")
    try:
        owner: Any = importlib.import_module(module_name)
        for part in owners:
            owner = getattr(owner, part)
    except (ImportError, AttributeError):
        return None
    return (owner, name) if callable(getattr(owner, name, None)) else None


@dataclass
class Total:
    calls: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    longest_s: float = 0.0
    """Own wall time of the longest call: where the first one pays for what the others find ready.
    """


class Recorder:
    """Own time of nested spans, by phase; every thread has its own stack, and the totals are of all
    threads.
    """

    def __init__(self) -> None:
        self.totals: dict[str, Total] = {}
        self._local = threading.local()
        self._lock = threading.Lock()

    def run(
        self,
        phase: str,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        stack = self._local.__dict__.setdefault("stack", [])
        stack.append(Total())
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return function(*args, **kwargs)
        finally:
            wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
            within = stack.pop()
            if stack:
                stack[-1].wall_s += wall
                stack[-1].cpu_s += cpu
            with self._lock:
                total = self.totals.setdefault(phase, Total())
                total.calls += 1
                total.wall_s += wall - within.wall_s
                total.cpu_s += cpu - within.cpu_s
                total.longest_s = max(total.longest_s, wall - within.wall_s)

    def wrap(self, target: str, phase_of: Callable[[tuple[Any, ...]], str]) -> bool:
        """Put a span around `module:name` or `module:Class.name`, wherever it was imported to.
        False when there is no such function.
        """
        if (found := find(target)) is None:
            return False
        owner, name = found
        function = getattr(owner, name)

        @functools.wraps(function)
        def span(*args: Any, **kwargs: Any) -> Any:
            return self.run(phase_of(args), function, args, kwargs)

        setattr(owner, name, span)
        for module in [
            module for key, module in sys.modules.items() if key.partition(".")[0] == "autograder"
        ]:
            for key, value in list(vars(module).items()):
                if value is function:
                    setattr(module, key, span)
        return True


def _request_phase(args: tuple[Any, ...]) -> str:
    operation = args[1][0] if len(args) > 1 and args[1] else ""
    return CELLS if operation == "exec" else OTHER_REQUESTS if operation == "forget" else CALLS


def record_spans(recorder: Recorder) -> list[str]:
    """Wrap everything in SPANS; the names that are no longer there."""
    missing = []
    for target, (phase, _) in SPANS.items():
        if not recorder.wrap(target, lambda args, phase=phase: phase):  # type: ignore[misc]  # the default binds the loop's value
            missing.append(target)
    if not recorder.wrap(REQUEST, _request_phase):
        missing.append(REQUEST)
    return missing


def _import_everything() -> None:
    """What grading imports sooner or later, so that no phase pays for it."""
    for name in (
        "torch",
        "nbformat",
        "nbgrader.api",
        "nbgrader.converters",
        "rich.table",
        "pytest",
    ):
        importlib.import_module(name)
    for target in [*SPANS, REQUEST]:
        importlib.import_module(target.partition(":")[0])


def profile(files: list[Path], out: Path, slug: str, root: Path) -> dict[str, Any]:
    """Grade the files in this process, one after another, and say how long each phase took."""
    start, start_cpu = time.perf_counter(), time.process_time()
    recorder = Recorder()
    recorder.run(IMPORTS, _import_everything, (), {})
    missing = record_spans(recorder)
    class_run = importlib.import_module("autograder.class_run.run")
    grade = importlib.import_module("autograder.grading.grade")
    secret = importlib.import_module("autograder.course.secret")

    options = grade.Options(root=root, secret=secret.course_secret(root), jobs=1)
    class_run.grade_class(files, options, out=out, assignment=slug)
    wall_s, cpu_s = time.perf_counter() - start, time.process_time() - start_cpu
    phases = {name: vars(total) for name, total in recorder.totals.items()}
    inside = {key: sum(total[key] for total in phases.values()) for key in ("wall_s", "cpu_s")}
    phases[REST] = vars(Total(1, wall_s - inside["wall_s"], cpu_s - inside["cpu_s"]))
    return {"n": len(files), "wall_s": wall_s, "cpu_s": cpu_s, "phases": phases, "missing": missing}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.phases",
        description="Grade zips in one process; write seconds per phase.",
    )
    parser.add_argument("zips", nargs="+", type=Path)
    parser.add_argument("--slug", required=True)
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--json", required=True, type=Path)
    args = parser.parse_args()
    args.json.write_text(json.dumps(profile(args.zips, args.out, args.slug, args.root)))


if __name__ == "__main__":
    main()
