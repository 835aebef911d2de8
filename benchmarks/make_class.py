"""A made-up class for measurements: N realistic submissions of an assignment, the same for the same
seed.

Each student starts from the release. Answers are the model solution's, or come from the known right
and wrong answers beside the suite; training cells carry figures of the size that real ones have,
and artifacts lie beside the notebooks. The zip has the manifest that collect_submission.sh writes.
Student number i is the same in a class of any size, so the first ten of a thousand are the class of
ten.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import random
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import msgspec

from autograder.audit.known import KnownAnswer, known_answers
from autograder.course.assignment import course_root, load
from autograder.course.cell_kinds import grade_id_of, kind_of
from autograder.course.regions import as_written_by_a_student
from autograder.demo import ENDLESS, WORK_IN_PROGRESS
from autograder.demo_artifacts import stand_in
from benchmarks.bulk import ARTIFACTS, artifacts, figure, member, png, stream
from benchmarks.names import name_of

Kind = Literal["full", "mixed", "half", "blank"]
KINDS: dict[Kind, int] = {"full": 30, "mixed": 45, "half": 18, "blank": 7}
"""What students hand in, and how many of a hundred do: everything right; everything, some of it
wrong; the first part; nothing.
"""
SYNTAX_ERROR_EVERY, SYNTAX_ERROR_AT = 20, 7
ENDLESS_EVERY, ENDLESS_AT = 40, 23
CREATED = "2026-12-14T18:00:00Z"

OWN_CELLS = (
    "x = torch.randn(4, 3)\nx.shape, x.mean()",
    "print(torch.__version__)",
    "# why is the KL negative here?\nmu, logvar = torch.zeros(2, 3), torch.ones(2, "
    "3)\n(0.5 * (mu**2 + logvar.exp() - 1 - logvar)).sum(1)",
    "import numpy as np\nnp.random.seed(0)\ncheck = [np.log(np.exp(a).sum()) for a in "
    "np.random.randn(10, 5)]",
    "for k in (1, 10, 100):\n    print(k, torch.logsumexp(torch.randn(k, 8), dim=0).mean())",
    "%matplotlib inline",
    "a = torch.tensor([1.0, 2.0], requires_grad=True)\n(a**2).sum().backward()\na.grad",
    "print(undefined_name)",
)
"""Cells that students add for themselves, one of them with an error."""


@dataclass(frozen=True)
class HandIn:
    """One made-up submission: its zip, who handed it in, and what is in it."""

    file: Path
    id: str
    name: str
    kind: Kind
    answers: dict[str, str] = field(default_factory=dict)
    """By code question: `solution`, or the known answer that stands there (`wrong/<name>`). A
    question that is not here was left blank.
    """
    own_cells: int = 0
    syntax_error: str = ""
    """The question whose cell does not compile; empty in most submissions."""
    endless: str = ""
    """The question whose function never returns; empty in most submissions."""


def make_class(
    n: int,
    folder: Path,
    *,
    slug: str = "vae",
    seed: int = 0,
    syntax_errors: bool = True,
    endless: bool = True,
    artifacts_mb: float = 1.0,
    root: Path | None = None,
    progress: Callable[[], None] | None = None,
) -> list[HandIn]:
    """Write the zips of a class of n into `folder` (made when missing), and what is in them into
    `folder/class.json`.

    artifacts_mb: megabytes of trained weights in each submission (bulk.ARTIFACTS_MB is what the VAE
    lab makes). One submission in twenty has a syntax error and one in forty an endless loop, unless
    told otherwise. Raises CourseError when the assignment was not built.
    """
    maker = _Maker(root or course_root(), slug, seed, artifacts_mb)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with ThreadPoolExecutor(
        os.cpu_count()
    ) as pool:  # threads: nearly all of the time goes into zlib, which lets others run
        for one in pool.map(
            lambda number: maker.hand_in(
                number, folder, syntax_errors=syntax_errors, endless=endless
            ),
            range(n),
        ):
            made.append(one)
            if progress:
                progress()
    content = [{**vars(one), "file": one.file.name} for one in made]
    (folder / "class.json").write_text(
        json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return made


@dataclass
class _Plan:
    """The cells of one student's notebooks, before they are written: source by grade_id, own cells
    by the grade_id that they follow.
    """

    sources: dict[str, str] = field(default_factory=dict)
    own: dict[str, list[str]] = field(default_factory=dict)
    trained: bool = True


class _Maker:
    """What all students of a class start from."""

    def __init__(self, root: Path, slug: str, seed: int, artifacts_mb: float) -> None:
        self.root, self.seed = root, seed
        self.assignment = load(slug, root)
        self.code = [question.name for question in self.assignment.with_checks()]
        self.known = self._known_answers()
        self.solutions = self._solutions()
        self.release = {name: self._notebook("release", name) for name in self.assignment.notebooks}
        self.figures = [png(random.Random(f"{seed}/figure/{number}")) for number in range(28)]
        self.artifacts = artifacts(random.Random(f"{seed}/artifacts"), artifacts_mb)
        tables = [each.quality for each in self.assignment.questions.values() if each.quality]
        self.artifacts |= {table.artifact: stand_in(table) for table in tables}

    def _notebook(self, stage: str, name: str) -> dict[str, Any]:
        from autograder.errors import CourseError

        file = self.root / stage / self.assignment.slug / f"{name}.ipynb"
        if not file.is_file():
            raise CourseError(
                f"{file} is missing: run `autograder release {self.assignment.slug}` first"
            )
        notebook: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        return notebook

    def _known_answers(self) -> dict[str, dict[str, list[KnownAnswer]]]:
        found: dict[str, dict[str, list[KnownAnswer]]] = {"wrong": {}, "right": {}}
        for answer in known_answers(self.root, self.assignment):
            found[answer.kind].setdefault(answer.question, []).append(answer)
        return found

    def _solutions(self) -> dict[str, str]:
        """The model solution's answer cells, code and text, in order, as a student might have
        written them.
        """
        found = {}
        for name in self.assignment.notebooks:
            for cell in self._notebook("source", name)["cells"]:
                if question := _answer_of(cell):
                    found[question] = as_written_by_a_student(cell["source"])
        return found

    def hand_in(self, number: int, folder: Path, *, syntax_errors: bool, endless: bool) -> HandIn:
        rng = random.Random(f"{self.seed}/{number}")
        hangs = endless and number % ENDLESS_EVERY == ENDLESS_AT
        breaks = syntax_errors and number % SYNTAX_ERROR_EVERY == SYNTAX_ERROR_AT
        kind: Kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        looping, broken = rng.sample(self.code, 2)
        if hangs or breaks:
            kind = "full" if kind in ("blank", "half") else kind
        plan, answers = self._answers(kind, rng)
        n_own = rng.choice((0, 0, 1, 2, 4)) if kind != "blank" else 0
        for source in rng.sample(OWN_CELLS, n_own):
            plan.own.setdefault(rng.choice(sorted(answers)), []).append(source)
        if hangs:
            plan.sources[looping] = f"# question: {looping}\n" + ENDLESS.format(name=looping)
            answers[looping] = "endless"
        if breaks:
            plan.sources[broken] += WORK_IN_PROGRESS
            answers[broken] = "syntax error"
        name, student_id = name_of(number), f"s{2600001 + number}"
        file = folder / f"{name.file_part}_{self.assignment.slug}.zip"
        file.write_bytes(self._zip(plan, student_id, name.full, rng))
        own_cells = sum(map(len, plan.own.values()))
        return HandIn(
            file,
            student_id,
            name.full,
            kind,
            answers,
            own_cells,
            broken if breaks else "",
            looping if hangs else "",
        )

    def _answers(self, kind: Kind, rng: random.Random) -> tuple[_Plan, dict[str, str]]:
        if kind == "blank":
            return _Plan(trained=False), {}
        names = list(self.solutions)
        if kind == "half":
            names = names[: rng.randrange(len(names) // 4, 3 * len(names) // 4)]
        plan = _Plan(
            {name: self.solutions[name] for name in names},
            trained=kind != "half" or rng.random() < 0.5,
        )
        answers = {name: "solution" for name in self.code if name in plan.sources}
        wrong = (
            rng.sample(sorted(answers), min(len(answers), rng.randint(1, 6)))
            if kind in ("mixed", "half")
            else []
        )
        for question in answers:
            which = "wrong" if question in wrong else "right" if rng.random() < 0.5 else ""
            if choices := self.known.get(which, {}).get(question):
                chosen = rng.choice(choices)
                if any(cell.question != question for cell in chosen.cells):
                    continue  # it replaces another answer as well, which may have one of its own
                answers[question] = f"{which}/{chosen.name}"
                for cell in chosen.cells:
                    if cell.scratch:
                        plan.own.setdefault(question, []).append(cell.source)
                    else:
                        plan.sources[question] = f"# question: {question}\n{cell.source}"
        return plan, answers

    def _zip(self, plan: _Plan, student_id: str, name: str, rng: random.Random) -> bytes:
        files = {
            f"{notebook}.ipynb": self._filled_in(notebook, plan, rng)
            for notebook in self.assignment.notebooks
        }
        if plan.trained:
            files |= self.artifacts
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for path, content in files.items():
                method = zipfile.ZIP_DEFLATED if path.endswith(".ipynb") else zipfile.ZIP_STORED
                archive.writestr(member(path, method), content, compresslevel=1)
            archive.writestr(
                member("submission.json", zipfile.ZIP_DEFLATED),
                self._manifest(files, student_id, name),
            )
        return buffer.getvalue()

    def _manifest(self, files: dict[str, bytes], student_id: str, name: str) -> str:
        entries = {
            path: {"sha256": _sha256(content), "bytes": len(content)}
            for path, content in files.items()
        }
        manifest = {
            "schema": 1,
            "slug": self.assignment.slug,
            "name": name,
            "id": student_id,
            "collaborators": "None",
            "declaration": True,
            "created": CREATED,
            "files": entries,
            "versions": {"python": platform.python_version(), "torch": version("torch")},
            "warnings": [],
        }
        return json.dumps(manifest, indent=2) + "\n"

    def _filled_in(self, notebook: str, plan: _Plan, rng: random.Random) -> bytes:
        cells = []
        n_run = 0
        for released in self.release[notebook]["cells"]:
            cell = dict(released)
            question = _answer_of(cell)
            cell["source"] = plan.sources.get(question, cell["source"])
            if cell["cell_type"] == "code":
                n_run += 1
                cell["execution_count"] = n_run
                if plan.trained and "train" in cell["metadata"].get("tags", ()):
                    cell["outputs"] = [
                        stream("loss 0.1234\n" * 5),
                        figure(rng.choice(self.figures)),
                    ]
            cells.append(cell)
            for number, source in enumerate(plan.own.get(question, ())):
                n_run += 1
                cells.append(
                    _own_cell(source, f"own-{question[:40]}-{number}".replace("_", "-"), n_run)
                )
        for cell in cells:
            cell["source"] = cell["source"].splitlines(keepends=True)  # as Jupyter writes it
        made = {**self.release[notebook], "cells": cells}
        return msgspec.json.format(msgspec.json.encode(made, order="sorted"), indent=1) + b"\n"


@lru_cache(maxsize=len(ARTIFACTS) + 2)
def _sha256(content: bytes) -> str:
    """Most of a submission is artifacts, and those are everybody's."""
    return hashlib.sha256(content).hexdigest()


def _answer_of(cell: dict[str, Any]) -> str:
    """The name of the answer that a cell of the course holds, empty when it is none."""
    return grade_id_of(cell) if kind_of(cell) in ("answer", "analysis") else ""


def _own_cell(source: str, cell_id: str, n_run: int) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": n_run,
    }
