"""What Gradescope's container starts: grade in another process, and write results.json whatever
becomes of it. Standard library only.

Messages on stdout are for staff; `output` is for the student.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HOME = Path("/autograder")
NEEDED_MB = 1000
"""The grader and a worker, each with torch."""
MEMORY_FILES = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)
KILLED = (-9, 137)
ARRIVED = "Your submission has arrived, and was not graded: "
AGAIN = " Staff will run it again; you need not do anything."


def main(home: Path = HOME) -> int:
    """Grade what is in `home`; always 0, with a valid results.json."""
    began = time.monotonic()
    results = home / "results" / "results.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    write(results, not_graded("the autograder was stopped before it was done."))
    have_mb = memory_mb()
    if have_mb is not None and have_mb < NEEDED_MB:
        write(results, not_graded("too little memory."))
        print(
            f"Not graded: too little memory. The container has {have_mb} MB, grading needs "
            f"{NEEDED_MB}. Choose at least 2 GB in the assignment's settings (Container "
            "Specifications), then use Regrade All Submissions."
        )
        return 0
    why = grade(home, results, began)
    if why:
        write(results, not_graded(why))
    return 0


def grade(home: Path, results: Path, began: float) -> str:
    """Why the submission was not graded; empty if it was."""
    course = home / "source" / "course"
    settings = json.loads((home / "source" / "gradescope.json").read_text(encoding="utf-8"))
    environment = {
        **os.environ,
        "AUTOGRADER_COURSE": str(course),
        "PYTHONPATH": os.pathsep.join([str(course), str(course / "assignments")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
    }
    line = [sys.executable, "-m", "autograder.publish.gradescope.container", str(home)]
    left_s = settings["seconds"] - (time.monotonic() - began)
    made = results.with_name(".graded.json")
    made.unlink(missing_ok=True)
    try:
        status = subprocess.run(
            line,
            cwd=course,
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            timeout=left_s,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"Not graded: it took more than {settings['seconds']} s. Give it more time and CPU.")
        return "it took too long."
    except OSError as error:
        print(f"Not graded: the grader could not be started: {error!r}")
        return "the autograder had a problem."
    if status in KILLED:
        print(
            "Not graded: the grader was killed, which is what the kernel does when memory runs "
            "out. Choose a larger container, then use Regrade All Submissions."
        )
        return "too little memory."
    if status or not valid(made):
        print(f"Not graded: the grader ended with status {status}.")
        return "the autograder had a problem."
    os.replace(made, results)
    return ""


def memory_mb() -> int | None:
    """What this container may use, in MB; None: no limit is known."""
    found = []
    for name in MEMORY_FILES:
        try:
            text = Path(name).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if text.isdigit() and int(text) < 2**60:
            found.append(int(text) // 2**20)
    return min(found, default=None)


def not_graded(why: str) -> dict[str, object]:
    """A valid result for a submission that was not graded."""
    return {
        "score": 0,
        "output": f"{ARRIVED}{why}{AGAIN}",
        "output_format": "text",
        "stdout_visibility": "hidden",
    }


def valid(file: Path) -> bool:
    """Whether Gradescope would take it: JSON with a score."""
    try:
        return isinstance(json.loads(file.read_text(encoding="utf-8"))["score"], int | float)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write(results: Path, content: dict[str, object]) -> None:
    made = results.with_name(".results.json.tmp")
    made.write_text(json.dumps(content), encoding="utf-8")
    os.replace(made, results)


if __name__ == "__main__":
    sys.exit(main())
