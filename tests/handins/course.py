"""A course of two small assignments, `mini` and `maxi`, in which the rows are graded.

They are the same but for their slugs. `maxi` names a time zone, a late policy and extensions.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "release")]

from mini_course import ORACLES, SUITES, write_course  # noqa: E402

from autograder.release.release import release  # noqa: E402

SLUGS = ("mini", "maxi")
MORE = {
    "mini": "",
    "maxi": """
time_zone = "Europe/Berlin"
extensions = { late_ext = 2026-02-03T22:00:00Z, "Group Extended" = 2026-02-03T22:00:00Z }
late_policy = { grace_s = 600, lost_per_day = 0.1, most_days = 3 }
""",
}


def make_course(root: Path) -> Path:
    """Write and release the course at `root`, with suites of its own; the folder."""
    write_course(root)
    text = (root / "assignments" / "mini" / "assignment.toml").read_text()
    text = text.replace("due = 2030-01-31", "due = 2026-01-31")
    shutil.copytree(root / "assignments" / "mini", root / "assignments" / "maxi")
    for slug in SLUGS:
        head, questions = text.split("\n[questions", 1)
        made = head.replace('"mini"', f'"{slug}"') + MORE[slug] + "\n[questions" + questions
        (root / "assignments" / slug / "assignment.toml").write_text(made)
        for question, suite in SUITES.items():
            folder = root / "suites" / slug / question
            folder.mkdir(parents=True)
            for name, source in {"checks": suite, "oracle": ORACLES[question]}.items():
                (folder / f"{name}.py").write_text(source.replace("suites.mini", f"suites.{slug}"))
        release(slug, root)
    return root
