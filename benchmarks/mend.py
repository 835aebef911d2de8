"""Does what a student reads help? Wrong answers, each with what its author would be told, are given
to somebody who knows the subject and has not seen the checks, and what comes back is graded.

.venv/bin/python benchmarks/mend.py draw gan --n 20 --out build/mend
(each folder of build/mend: question.md, answer.py, told.txt; write mended.py into it)
.venv/bin/python benchmarks/mend.py grade build/mend

Mended answers run in this very process: only grade those of people you trust.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

sys.path.insert(
    0, str(Path(__file__).resolve().parent.parent)
)  # started by its path, it would not find its own package

if TYPE_CHECKING:
    from autograder.audit.in_process import InProcessGrader
    from autograder.audit.known import Cell
    from autograder.report import QuestionResult

SECRET = "mend"
app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def draw(
    slug: Annotated[str, typer.Argument(help="The assignment.")],
    n: Annotated[int, typer.Option(help="How many wrong answers.")] = 20,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    out: Annotated[Path, typer.Option(help="A new folder.")] = Path("build/mend"),
) -> None:
    """Draw wrong answers by chance, and write for each what a student has before them."""
    from autograder.audit.in_process import InProcessGrader
    from autograder.audit.known import known_answers
    from autograder.course.assignment import course_root, load
    from autograder.publish.told import told

    root = course_root()
    wrong = [
        each
        for each in known_answers(root, load(slug, root))
        if each.kind == "wrong" and len(each.cells) == 1
    ]
    random.Random(seed).shuffle(wrong)
    times, turn = Counter[str](), dict[str, int]()
    for answer in wrong:  # each question once, then each again
        times[answer.question] += 1
        turn[answer.name] = times[answer.question]
    drawn = sorted(wrong, key=lambda answer: turn[answer.name])[:n]
    grader = InProcessGrader(root, slug)
    for number, answer in enumerate(drawn):
        question = answer.question
        result = _grade(grader, question, answer.cells)
        folder = out / f"{number:02d}_{question}"
        folder.mkdir(parents=True)
        (folder / "question.md").write_text(_text(root, slug, question, grader))
        (folder / "answer.py").write_text(answer.cells[0].source)
        (folder / "told.txt").write_text(
            f"{result.score:g} of {result.points:g} points\n"
            + "".join(f"- {line}\n" for line in told(result))
        )
        # for whoever reads the figures, not for whoever mends
        (folder / ".drawn.json").write_text(json.dumps({"slug": slug, "name": answer.name}))
    print(f"{out}: {len(drawn)} wrong answers")


@app.command()
def grade(
    folder: Annotated[Path, typer.Argument(help="What `draw` made, with a mended.py in each.")],
) -> None:
    """Grade the mended answers, and print how many got full marks."""
    from rich.console import Console
    from rich.table import Table

    from autograder.audit.in_process import InProcessGrader
    from autograder.audit.known import Cell
    from autograder.course.assignment import course_root
    from autograder.publish.told import told

    table = Table()
    for column in ("answer", "mended", "what is told now"):
        table.add_column(column, overflow="fold")
    graders: dict[str, InProcessGrader] = {}
    full = total = 0
    for drawn in sorted(folder.glob("*/.drawn.json")):
        about = json.loads(drawn.read_text())
        slug, question = about["slug"], about["name"].partition("__")[0]
        mended = drawn.parent / "mended.py"
        total += 1
        if not mended.is_file():
            table.add_row(about["name"], "no mended.py", "")
            continue
        if slug not in graders:
            graders[slug] = InProcessGrader(course_root(), slug)
        cells = (Cell(question, mended.read_text()),)
        result = _grade(graders[slug], question, cells)
        full += result.score == result.points
        score = f"{result.score:g} of {result.points:g}"
        table.add_row(about["name"], score, "\n".join(told(result)))
    Console().print(table)
    print(f"full marks at the first try: {full} of {total}")


def _grade(grader: InProcessGrader, question: str, cells: tuple[Cell, ...]) -> QuestionResult:
    from autograder.audit.grading import Task

    notebook = grader.assignment.questions[question].notebook
    (result,) = grader.grade(Task(notebook, SECRET, cells, only=(question,))).questions
    return result


def _text(root: Path, slug: str, question: str, grader: InProcessGrader) -> str:
    """What the notebook says before and in the question: its conventions, the text cells down to
    the answer, and the answer cell as it is released.
    """
    from autograder.course.cell_kinds import grade_id_of, kind_of
    from autograder.course.released import release_notebook

    notebook = grader.assignment.questions[question].notebook
    cells = release_notebook(root, slug, notebook).cells
    conventions = [
        cell.source for cell in cells if cell.source.startswith("## Notation and conventions")
    ]
    shown: list[str] = []
    for cell in cells:
        if grade_id_of(cell) == question:
            shown.append(f"```python\n{cell.source}\n```")
            break
        if kind_of(cell) == "answer":
            shown = []  # an earlier question ends here
        elif cell.cell_type == "markdown":
            shown.append(cell.source)
    return "\n\n".join([*conventions, *shown]) + "\n"


if __name__ == "__main__":
    app()
