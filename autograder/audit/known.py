"""Known answers of a question: `suites/<slug>/<question>/answers.py`, in percent format, and the
notebooks that they make.

`# %% spoils: logvar_as_std` begins an answer; the comment below it is one sentence on the mistake
(or the style), and the rest is the code of the answer cell. Where one cell is not enough, `# %%
answer="other"` replaces another answer as well, and `# %%` is a scratch cell of the student's own,
after the cell before it. The first word says what the answer is: `right`; `spoils`, a mistake that
spoils a result or a training run; `corner`, one that most users of the answer would never meet.
"""

from __future__ import annotations

import ast
import copy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from autograder.course.assignment import Assignment, suites_folder
from autograder.course.course_text import read_text
from autograder.errors import CourseError, UsageError

if TYPE_CHECKING:
    from nbformat import NotebookNode

FILE = "answers.py"
ANSWER = re.compile(
    r"^# %% (?P<worth>spoils|corner|right): (?P<name>[a-z0-9_]+)[ \t]*$", re.MULTILINE
)
HEADER = re.compile(r'^# %%(?: +answer="(?P<answer>\w+)")?[ \t]*$', re.MULTILINE)
ANY_HEADER = re.compile(r"^# ?%%.*$", re.MULTILINE)


Harm = Literal["spoils", "corner", ""]
"""How bad a mistake is; empty where there is none."""
HARMS: dict[str, Harm] = {"spoils": "spoils", "corner": "corner", "right": ""}
"""By the first word of an answer's header."""


@dataclass(frozen=True)
class Cell:
    """A cell to put into the notebook: the answer of `question`, or (scratch) one of the student's
    own that follows that answer.
    """

    question: str
    source: str
    scratch: bool = False


@dataclass(frozen=True)
class KnownAnswer:
    """One answer whose worth is known; `name` is `<question>__<what>`."""

    kind: Literal["wrong", "right"]
    harm: Harm
    question: str
    name: str
    sentence: str
    cells: tuple[Cell, ...]


def check_question(assignment: Assignment, question: str | None) -> None:
    """Raise UsageError unless it is a question that can have known answers (or None: every one)."""
    code = [each.name for each in assignment.with_checks()]
    if question is not None and question not in code:
        raise UsageError(
            f"{question!r} is not a code question of {assignment.slug}: they are {', '.join(code)}"
        )


def known_answers(
    root: Path, assignment: Assignment, question: str | None = None
) -> list[KnownAnswer]:
    """Every known answer of an assignment (or of one question), wrong ones first. Raises
    CourseError that names file and answer.
    """
    folder = suites_folder(root) / assignment.slug
    found = [
        answer
        for asked in assignment.with_checks(question)
        for answer in read_known_answers(folder / asked.name / FILE, asked.name, assignment)
    ]
    return sorted(found, key=lambda answer: answer.kind, reverse=True)


def read_known_answers(file: Path, question: str, assignment: Assignment) -> list[KnownAnswer]:
    """The answers in one file, in its order; none where there is no file. Raises CourseError that
    says how they are written.
    """
    if not file.is_file():
        return []
    text = read_text(file)
    headers = list(ANSWER.finditer(text))
    for header in ANY_HEADER.finditer(text):
        if not ANSWER.match(header[0]) and (
            not HEADER.match(header[0]) or not headers or header.start() < headers[0].start()
        ):
            raise CourseError(
                f"{file}: {header[0]!r}: an answer begins with `# %% spoils: its_name`, `# %% "
                "corner: its_name` or `# %% right: its_name`"
            )
    ends = [*(header.start() for header in headers[1:]), len(text)]
    found = [
        _answer(header, text[header.end() : end], question, assignment, file)
        for header, end in zip(headers, ends, strict=True)
    ]
    named = [(answer.kind, answer.name) for answer in found]
    if twice := [
        name for number, (kind, name) in enumerate(named) if (kind, name) in named[:number]
    ]:
        raise CourseError(
            f"{file}: two answers are called {twice[0].partition('__')[2]!r}; rename one"
        )
    return found


def _answer(
    header: re.Match[str], body: str, question: str, assignment: Assignment, file: Path
) -> KnownAnswer:
    where = f"{file}: {header[0]!r}"
    sentence, code = _sentence(body.strip("\n").split("\n"))
    if not sentence.endswith(".") or not code.strip():
        raise CourseError(
            f"{where}: below it comes a comment, one sentence on what the answer does, that ends "
            "with a full stop; then the code of its cell"
        )
    try:
        ast.parse(code)
    except SyntaxError as error:
        raise CourseError(f"{where}: line {error.lineno} of its code: {error.msg}") from error
    harm = HARMS[header["worth"]]
    return KnownAnswer(
        "wrong" if harm else "right",
        harm,
        question,
        f"{question}__{header['name']}",
        sentence,
        tuple(_cells(code, question, assignment, where)),
    )


def _sentence(lines: list[str]) -> tuple[str, str]:
    """The comment at the top, up to the line that ends with a full stop, and the code below it."""
    words: list[str] = []
    for number, line in enumerate(lines):
        if not line.startswith("# "):
            break
        words.append(line[2:].strip())
        if line.rstrip().endswith("."):
            return " ".join(words), "\n".join(lines[number + 1 :])
    return " ".join(words), "\n".join(lines[len(words) :])


def _cells(code: str, question: str, assignment: Assignment, where: str) -> list[Cell]:
    headers = list(HEADER.finditer(code))
    ends = [header.start() for header in headers] + [len(code)]
    cells = [Cell(question, code[: ends[0]].strip() + "\n")]
    for header, end in zip(headers, ends[1:], strict=True):
        answer = header["answer"]
        if answer is not None and (not _is_code(answer, assignment) or answer == question):
            raise CourseError(
                f"{where}: {header[0]}: {answer!r} is not another code question of "
                f"{assignment.slug}"
            )
        cells.append(
            Cell(
                answer or cells[-1].question,
                code[header.end() : end].strip() + "\n",
                scratch=answer is None,
            )
        )
    return cells


def _is_code(question: str, assignment: Assignment) -> bool:
    return question in assignment.questions and assignment.questions[question].has_checks


def handed_in(release: NotebookNode, answers: dict[str, str], cells: tuple[Cell, ...]) -> bytes:
    """The released notebook as a student hands it in: `answers` by grade_id, then the known
    answer's own cells, in their places.
    """
    import nbformat
    from nbformat import v4

    replaced = {cell.question: cell.source for cell in cells if not cell.scratch}
    made = copy.deepcopy(release)
    made.cells = []
    for cell in copy.deepcopy(release.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type == "code" and name in answers:
            cell.source = (
                f"# question: {name}\n{replaced[name]}" if name in replaced else answers[name]
            )
        made.cells.append(cell)
        for number, scratch in enumerate(
            each for each in cells if each.scratch and each.question == name
        ):
            made.cells.append(
                v4.new_code_cell(scratch.source, id=f"own-{name[:40]}-{number}".replace("_", "-"))
            )
    return nbformat.writes(made).encode()
