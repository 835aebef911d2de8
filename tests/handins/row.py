"""A row: what comes in, who reported it, the files, and the outcome.

A row is a generator function with a `Kit`: it writes its files, yields, gets what came of them
(`Seen`) and asserts the outcome. Its docstring says what the right outcome is.
"""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.class_run.class_results import StudentResult, WaitingFile
from autograder.report import Report

RIGHT = {
    "double": "def double(number):\n    return number + number",
    "cube": "def cube(number):\n    return number**3",
    "growth_study": "It grows by the same amount.",
    "why_even": "Two divides it.",
}
HALF = RIGHT | {"double": "def double(number):\n    return abs(number) * 2"}
"""Earns 2 of 3 points, so that two attempts can be told apart."""


@dataclass(frozen=True)
class Who:
    """A student of a row: no other row has one of this name or id."""

    name: str
    id: str

    @property
    def filed(self) -> str:
        return self.name.replace(" ", "_")


class Kit:
    """What a row makes its files with. `paths`: what `autograder grade` is given."""

    def __init__(self, folder: Path, course: Path, name: str, slug: str) -> None:
        self.folder, self.course, self.slug = folder, course, slug
        self.surname = "".join(part.capitalize() for part in name.split("_"))
        self.paths = [folder]
        self.roster: list[dict[str, str]] = []
        self.options: dict[str, Any] = {}
        folder.mkdir(parents=True)

    def who(self, first: str = "Ada") -> Who:
        return Who(f"{first} {self.surname}", f"{first}_{self.surname}".lower())

    @cached_property
    def released(self) -> dict[str, dict[str, Any]]:
        return {
            file.stem: json.loads(file.read_text(encoding="utf-8"))
            for file in (self.course / "release" / self.slug).glob("*.ipynb")
        }

    def notebook(self, name: str = "lab", answers: Mapping[str, str] = RIGHT) -> dict[str, Any]:
        """The JSON of a notebook with these answers, below their markers."""
        made = copy.deepcopy(self.released[name])
        for cell in made["cells"]:
            question = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if question in answers:
                text = "".join(cell["source"])
                marker = [line for line in text.split("\n") if "question:" in line][:1]
                cell["source"] = "\n".join([*marker, answers[question]])
                if cell["cell_type"] == "code":
                    cell["execution_count"] = 1
        return made

    def cell(self, notebook: dict[str, Any], question: str) -> dict[str, Any]:
        (found,) = [
            cell
            for cell in notebook["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == question
        ]
        return found

    def manifest(self, who: Who, **changes: Any) -> bytes:
        told = {
            "schema": 1,
            "slug": self.slug,
            "name": who.name,
            "id": who.id,
            "collaborators": "None",
            "declaration": True,
            "created": "2026-01-01T10:00:00Z",
        }
        told |= changes
        return json.dumps({key: one for key, one in told.items() if one is not ...}).encode()

    def files(
        self, who: Who | None = None, answers: Mapping[str, str] = RIGHT, **manifest: Any
    ) -> dict[str, bytes]:
        """A whole submission; with a manifest if it is somebody's."""
        made = {f"{name}.ipynb": _json(self.notebook(name, answers)) for name in self.released}
        return made | ({"submission.json": self.manifest(who, **manifest)} if who else {})

    def zip(self, path: str, files: Mapping[str, bytes] | Who, **more: Any) -> Path:
        """Write a zip into the row's folder."""
        made = self.files(files, **more) if isinstance(files, Who) else files
        return self.write(path, zipped(made))

    def write(self, path: str, data: bytes | str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        return file

    def write_all(self, folder: str, files: Mapping[str, bytes]) -> None:
        for name, data in files.items():
            self.write(f"{folder}/{name}", data)

    def lab(self, who: Who, lab: Mapping[str, Any] | bytes, **more: Any) -> Path:
        """Write a zip whose lab is this one."""
        data = lab if isinstance(lab, bytes) else _json(lab)
        return self.zip(
            f"{who.filed}_{self.slug}.zip", self.files(who, **more) | {"lab.ipynb": data}
        )


def _json(notebook: Mapping[str, Any]) -> bytes:
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode()


def zipped(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


@dataclass
class Seen:
    """What came of a row's files."""

    students: list[StudentResult] = field(default_factory=list)
    waiting: list[WaitingFile] = field(default_factory=list)
    reports: dict[str, Report] = field(default_factory=dict)
    """By results folder."""
    error: str = ""
    """Why the files were not even looked at."""
    out: Path = Path()
    printed: str = ""
    """What the command prints after grading this class."""

    def of(self, who: Who) -> StudentResult:
        found = [one for one in self.students if one.id == who.id or one.name == who.name]
        told = self.error or "; ".join(one.why for one in self.waiting)
        assert len(found) == 1, f"{len(found)} rows for {who.name}: {self.brief()} {told}"
        return found[0]

    def report(self, who: Who) -> Report:
        return self.reports[self.of(who).folder]

    def graded(self, who: Who, score: float = 3.0) -> Report:
        """The report that counts for a student; it has this score."""
        report = self.report(who)
        assert report.status == "graded", f"{report.status}: {report.message}"
        assert report.totals.auto == score, f"{report.totals.auto:g}, not {score:g}: {report.notes}"
        return report

    def only(self, *people: Who) -> None:
        names = {one.name for one in self.students}
        assert names == {one.name for one in people}, self.brief()

    def waits(self, *words: str, n: int | None = None) -> None:
        """Some file waits, and its sentence has these words."""
        said = [one.why for one in self.waiting]
        assert not self.error, f"the run was refused: {self.error}"
        assert said, f"nothing waits: {self.brief()}"
        found = [why for why in said if all(word in why for word in words)]
        assert found and n in (None, len(said)), said

    def has_note(self, who: Who, *words: str) -> None:
        report = self.report(who)
        notes = [*report.notes, *(note for each in report.questions for note in each.notes)]
        found = [note for note in notes if all(word in note for word in words)]
        assert found, f"no note has {words}: {notes}"

    def brief(self) -> str:
        rows = [f"{one.id} {one.status} {one.totals.auto:g}" for one in self.students]
        return ", ".join([*rows, *(f"{one.file} waits" for one in self.waiting)]) or "nothing"


@dataclass(frozen=True)
class Row:
    name: str
    group: str
    title: str
    reported: str
    make: Callable[[Kit], Generator[None, Seen, None]] = field(repr=False)
    slug: str = "mini"
    roster: bool = False
    told: bool = False

    @property
    def outcome(self) -> str:
        return " ".join((self.make.__doc__ or "").split())


ROWS: dict[str, Row] = {}


def row(
    group: str,
    title: str,
    reported: str,
    *,
    slug: str = "mini",
    roster: bool = False,
    told: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a row. roster: it is graded with the class list that its kit collects. told:
    with `--assignment`."""

    def add(make: Callable[..., Any]) -> Callable[..., Any]:
        name = make.__name__
        assert name not in ROWS and make.__doc__, name
        ROWS[name] = Row(name, group, title, reported, make, slug, roster, told)
        return make

    return add
