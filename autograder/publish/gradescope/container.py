"""Grade the one submission in Gradescope's container: what start.py starts and looks after."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.course.assignment import load
from autograder.course.parts import notebooks_in
from autograder.errors import AutograderError, RejectedSubmission
from autograder.grading.grade import Graded, Options, grade_one
from autograder.grading.visible import verdicts
from autograder.intake.class_folder import is_archive, is_junk
from autograder.intake.found_file import FoundFile, Source
from autograder.intake.read import read_submission
from autograder.intake.untrusted_text import printable, utf8
from autograder.publish.gradescope.metadata import read_sender
from autograder.publish.gradescope.results import for_staff, results_of
from autograder.report import Sender

MAX_FILES = 5000
GRADING_SHARE = 0.6
"""Of the time that there is; the visible checks get what is left of it."""
SPARE_S = 30.0
"""What starting and writing take beside it."""
MADE = ".graded.json"
"""What start.py puts in the place of results.json when it is valid."""
ZIP_NAMES = "__zip filename__"
"""What Gradescope may leave next to an upload that it has unpacked."""


def main(home: Path) -> None:
    """Write `results/.graded.json`. Raises AutograderError when our side fails."""
    began = time.monotonic()
    settings = json.loads((home / "source" / "gradescope.json").read_text(encoding="utf-8"))
    root, slug = home / "source" / "course", settings["slug"]
    assignment = load(slug, root)
    options = Options(
        root=root,
        isolation=settings["isolation"],
        secret=settings["secret"],
        submission_s=GRADING_SHARE * settings["seconds"],
        part=settings.get("part", ""),
    )
    file = submission_in(home / "submission")
    sender = read_sender(home / "submission_metadata.json", Path(file.name).name)
    data = file.read_bytes()
    graded = grade_one(data, file.name, slug, options, sender=sender)
    left_s = settings["seconds"] - SPARE_S - (time.monotonic() - began)
    said = _visible(data, file.name, sender, graded, replace(options, submission_s=left_s))
    results = results_of(graded.report, said, assignment, time.monotonic() - began)
    for line in for_staff(graded.report):
        print(printable(line))
    write_atomically(home / "results" / MADE, json.dumps(results).encode("ascii"))


def submission_in(folder: Path) -> FoundFile:
    """What was uploaded: an archive as it is, else all files, packed. Links are left out."""
    files = []
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_junk(name))
        below = Path(where).relative_to(folder)
        for name in sorted(names):
            path = Path(where) / name
            if name != ZIP_NAMES and not is_junk(name) and path.is_file() and not path.is_symlink():
                files.append((below / name).as_posix())
        if len(files) > MAX_FILES:
            break
    archives = [name for name in files if is_archive(name)]
    if len(archives) == 1 and not any(name.endswith(".ipynb") for name in files):
        source = Source(os.fsencode(folder / archives[0]))
        return FoundFile(utf8(Path(archives[0]).name), source)
    members = tuple(os.fsencode(name) for name in files)
    if not members:
        raise RejectedSubmission("Nothing was uploaded: hand in the archive that the kit makes.")
    return FoundFile("submission", Source(os.fsencode(folder), members=members))


def _visible(
    data: bytes, name: str, sender: Sender, graded: Graded, options: Options
) -> dict[str, str]:
    """What the visible checks say; nothing where the file could not be opened."""
    if not graded.report.questions:
        return {}
    assignment = load(graded.report.assignment, options.root)
    if options.time_for(assignment) < SPARE_S:
        print("The visible checks were not run: grading took nearly all of the time.")
        return {}
    notebooks = read_submission(data, name, assignment, sender=sender).notebooks
    wanted = notebooks_in(assignment, graded.report.parts)
    notebooks = {one: notebooks[one] for one in wanted if one in notebooks}
    try:
        return verdicts(notebooks, assignment, options)
    except AutograderError as error:
        print(printable(f"The visible checks could not be run: {error.message} {error.detail}"))
        return {}


def _rejected(home: Path, message: str) -> None:
    results = {"score": 0, "output": message, "output_format": "text", "tests": []}
    write_atomically(home / "results" / MADE, json.dumps(results).encode("ascii"))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    try:
        main(place)
    except RejectedSubmission as error:
        print(printable(error.message))
        _rejected(place, error.message)
    except Exception as error:  # whatever it is, it is for staff alone
        detail = getattr(error, "detail", "") or traceback.format_exc()
        print(printable(f"{error}\n{detail}"))
        sys.exit(1)
