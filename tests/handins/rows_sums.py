"""Rows: sums, files, machines."""

from __future__ import annotations

import csv
import sqlite3
import subprocess
import sys

from tests.handins.row import HALF, Kit, row

GROUP = "sums, files, machines"


@row(GROUP, "points add up alike in report, CSV and gradebook", "otter 457, nbgrader 78")
def sums(kit: Kit):
    """The same number in all of them; full marks are exactly the maximum."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    kit.zip(f"{ada.filed}_mini.zip", ada)
    kit.zip(f"{ben.filed}_mini.zip", kit.files(ben, HALF))
    seen = yield
    with (seen.out / "results" / kit.slug / "csv" / "totals.csv").open() as stream:
        rows = {one["id"]: one for one in csv.DictReader(stream)}
    with sqlite3.connect(seen.out / "gradebook.db") as database:
        query = (
            "SELECT s.student_id, sum(coalesce(g.auto_score, 0)) FROM grade g JOIN base_cell b ON "
            "b.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id JOIN "
            "submitted_assignment s ON s.id = n.assignment_id WHERE b.name LIKE 'test_%' GROUP BY 1"
        )
        booked = dict(database.execute(query))
    for who, score in ((ada, 3.0), (ben, 2.0)):
        report = seen.graded(who, score)
        assert float(rows[who.id]["auto"]) == booked[who.id] == report.totals.auto == score


@row(GROUP, "names with brackets, blanks and accents", "nbgrader 1297, 1738")
def names(kit: Kit):
    """Graded."""
    who = kit.who()
    kit.zip(f"[gr 1] Zoë & {who.filed}_mini.zip", who)
    seen = yield
    assert len(seen.students) + len(seen.waiting) == 1 and not seen.error


@row(GROUP, "CRLF in a manifest and in cells", "nbgrader 1843")
def crlf(kit: Kit):
    """Graded."""
    who, lab = kit.who(), kit.notebook()
    for cell in lab["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    kit.lab(who, lab)
    seen = yield
    seen.graded(who)


@row(GROUP, "`LC_ALL=C`", "nbgrader 1297")
def locale_c(kit: Kit):
    """The names of files are read, and shown."""
    who = kit.who("Zoë")
    kit.zip(f"{who.filed}_mini.zip", who)
    seen = yield
    seen.graded(who)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            str(kit.folder),
            "--dry-run",
            "--out",
            str(seen.out),
        ],
        cwd=kit.course,
        env={
            **__import__("os").environ,
            "LC_ALL": "C",
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        },
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-500:]
