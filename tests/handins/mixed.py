"""`python -m tests.handins.mixed`: a folder that mixes all platforms' files, as `--dry-run` shows
it; then the class that it gives, under ten shuffles of the files' order and names.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.class_run.class_results import ClassResults
from autograder.class_run.run import run_class, search_in
from autograder.grading.grade import Options
from autograder.intake.find import find_submissions
from tests.handins.course import make_course
from tests.handins.row import HALF, Kit, zipped

PLACES = ("", "export 1/", "from mail/", "zz/")


def make_folder(folder: Path, course: Path, names: random.Random) -> Kit:
    """Nine students' files, as Canvas, Moodle, Blackboard, Brightspace, Gradescope and people send
    them. Names and places that mean nothing are drawn.
    """
    kit = Kit(folder, course, "mixed", "mini")
    ada, ben, cleo, dan, eva, finn, gül, hana, ivo = (
        kit.who(first)
        for first in ("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gül", "Hana", "Ivo")
    )

    def place() -> str:
        return names.choice(PLACES)

    def number() -> int:
        return names.randrange(1000, 9999)

    word = names.choice(["abgabe", "mini", "final v2", "New folder"])
    kit.zip(f"{place()}mixedada_{number()}_{number()}_{ada.filed}_mini.zip", kit.files(ada))
    bulk = {f"{ben.name}_{number()}_assignsubmission_file/{word}.zip": zipped(kit.files(ben))}
    kit.zip(f"{place()}COURSE-Assignment {number()}.zip", bulk)
    stamp = "2025-12-01-13-45-10"
    kit.zip(f"{place()}Lab_{cleo.id}_attempt_{stamp}_{word}.zip", kit.files(cleo, HALF))
    day = "Dec 1, 2025 1103 PM"
    kit.zip(f"{place()}{number()}-{number()} - {dan.name} - {day} - {word}.zip", kit.files(dan))
    export, one = f"{place()}assignment_{number()}_export", f"submission_{number()}"
    kit.write(
        f"{export}/submission_metadata.yml",
        f"---\n{one}:\n  :submitters:\n  - :name: {eva.name}\n    :sid: {eva.id}\n"
        "  :created_at: 2025-12-01 22:10:00.000000000 Z\n",
    )
    kit.write_all(f"{export}/{one}", kit.files())
    older = {"created": "2025-12-01T09:00:00Z"}
    kit.zip(f"{place()}{finn.filed}_mini.zip", kit.files(finn, HALF, **older))
    copy = names.choice([" (1)", "-1", " copy"])
    kit.zip(f"{place()}{finn.filed}_mini{copy}.zip", kit.files(finn))  # newer: it counts
    kit.write_all(f"{place()}{gül.filed}_mini", kit.files(gül))
    kit.zip(
        f"{place()}{hana.filed}_mini.zip",
        {f"{word}/{name}": data for name, data in kit.files(hana).items()},
    )
    kit.write(f"{place()}{ivo.filed}_mini.rar", b"Rar!\x1a\x07\x00")
    kit.write("index.html", "<html></html>")
    return kit


def grade(kit: Kit, out: Path, order: random.Random) -> list[ClassResults]:
    """The class (and what is of no assignment), graded with the files in a drawn order."""
    files = find_submissions(kit.paths, search_in(kit.course))
    order.shuffle(files)
    options = Options(root=kit.course, isolation="none", secret="s", jobs=1)
    return run_class(files, options, out=out, assignment="mini").classes


def told(classes: list[ClassResults]) -> list[tuple[Any, ...]]:
    """What the class table says of each student and of what waits, without the files' names."""
    students = [
        (one.id, one.name, one.status, one.totals.auto, one.handed_in, one.time_from)
        for made in classes
        for one in made.students
    ]
    waiting = [one.why.rpartition(".zip: ")[2] for made in classes for one in made.waiting]
    return [*sorted(students), *((why,) for why in sorted(waiting))]


def main(
    shuffles: Annotated[int, typer.Option(min=2, help="Orders and names to try.")] = 10,
    seed: Annotated[int, typer.Option(help="Of the first one.")] = 0,
) -> None:
    """Exit status 1 when two shuffles give two classes."""
    with tempfile.TemporaryDirectory(prefix="mixed-") as made:
        folder = Path(made)
        course = make_course(folder / "course")
        results = []
        for number in range(seed, seed + shuffles):
            kit = make_folder(folder / f"in_{number}", course, random.Random(number))
            if number == seed:
                line = [sys.executable, "-m", "autograder", "grade", kit.folder, "--dry-run"]
                subprocess.run([*line, "--assignment", "mini"], cwd=course, check=False)
            results.append(told(grade(kit, folder / f"out_{number}", random.Random(number))))
        for row in results[0]:
            print(*row)
        for one in results[1:]:
            for row in sorted(map(str, {*one} ^ {*results[0]})):
                print("differs:", row)
        different = sum(one != results[0] for one in results)
        print(f"{shuffles} shuffles of order and names: {shuffles - different} give this class")
        raise typer.Exit(1 if different else 0)


if __name__ == "__main__":
    typer.run(main)
