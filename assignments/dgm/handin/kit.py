"""The kit: a folder with an assignment's notebooks, and what its assignment.json says of them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Iterator, NamedTuple

from dgm.handin.errors import HandInError, UsageError

SCHEMA = 2
"""Of assignment.json. Since 2 it has the source of each answer's cell as it was handed out."""

FRESH_COPY = "Take a fresh copy of it from the kit."


class CourseCell(NamedTuple):
    """A cell of the kit's notebook. kind: course, answer, check or analysis; source: of answers."""

    id: str
    kind: str
    title: str
    words: int
    sentences: int
    source: str

    @property
    def is_answer(self) -> bool:
        return self.kind in ("answer", "analysis")


class Part(NamedTuple):
    """Notebooks (names without suffix) that are handed in by themselves; measured: see Kit."""

    title: str
    notebooks: list[str]
    measured: list[str]


class Choice(NamedTuple):
    """Questions of one notebook of which the best `needed` count."""

    title: str
    questions: list[str]
    needed: int


class Kit(NamedTuple):
    """folder: without symbolic links in its path; notebooks: their cells by name (no suffix).

    measured: the files that questions are graded from, with the title of the question.
    group_size: how many may hand in one copy together. choices: where some questions are enough.
    parts: by name; part: the only one to hand in, empty for everything.
    """

    folder: Path
    slug: str
    title: str
    archive_name: str
    declaration: str
    artifacts: list[str]
    notebooks: dict[str, list[CourseCell]]
    measured: dict[str, str] = {}
    group_size: int = 1
    choices: tuple[Choice, ...] = ()
    parts: dict[str, Part] = {}
    part: str = ""


def find_root() -> Path:
    """The nearest folder that is a kit or a course, from the current one upwards, then from dgm."""
    here, dgm = Path(os.path.abspath(".")), Path(__file__).resolve().parent.parent
    for folder in (here, *here.parents, *dgm.parents):
        if os.path.exists(folder / "assignment.json") or _released(folder):
            return folder
    raise UsageError(
        f"{here} is not a kit folder: assignment.json is missing here and in the folders above. "
        "Go to the folder that you unzipped, then try again."
    )


def find_kit(root: Path, slug: str | None, example: str) -> Kit:
    """The kit at `root`, or release/<slug> of the course at `root`.

    example: how a student names an assignment, with {slug} in it.
    """
    released = _released(root)
    choices = ", ".join(released) or "none"
    if slug is None:
        if (root / "assignment.json").exists():
            return load_kit(root)
        if released:
            raise UsageError(
                f"name an assignment ({choices}), for example: {example.format(slug=released[0])}"
            )
        raise UsageError(
            f"{root} is not a kit folder: assignment.json is missing. "
            "Run the script in the folder that you unzipped, or download a fresh kit."
        )
    if slug in released:
        return load_kit(root / "release" / slug)
    if (root / "assignment.json").exists():
        kit = load_kit(root)
        if kit.slug == slug:
            return kit
        choices = kit.slug
    raise UsageError(f"there is no assignment {slug!r} in {root} (available: {choices}).")


def _released(root: Path) -> list[str]:
    """The slugs of the assignments that a course has released."""
    return sorted(file.parent.name for file in root.glob("release/*/assignment.json"))


def load_kit(folder: Path) -> Kit:
    """Read assignment.json. Raises HandInError if it is damaged or of another schema."""
    folder = Path(os.path.realpath(folder))
    try:
        spec = json.loads(read_inside(folder, "assignment.json").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise HandInError(f"assignment.json is damaged ({error}). {FRESH_COPY}") from error
    _check_schema(spec)
    try:
        return _kit(folder, spec)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise HandInError(
            f"assignment.json is damaged: entries are missing or wrong. {FRESH_COPY}"
        ) from None


def _check_schema(spec: Any) -> None:
    schema = spec.get("schema") if isinstance(spec, dict) else None
    if type(schema) is not int:
        raise HandInError(f"assignment.json is damaged: it has no schema. {FRESH_COPY}")
    other = f"(schema {schema} instead of {SCHEMA})"
    if schema < SCHEMA:
        raise HandInError(
            f"assignment.json is from an older kit than the folder dgm {other}: download the kit "
            "again, unzip it into a new folder, copy your notebooks and the files that they saved "
            "into it, and hand in from there."
        )
    if schema > SCHEMA:
        raise HandInError(
            f"assignment.json is from a newer kit than the folder dgm {other}: copy the folder dgm "
            "and collect_submission.sh from the newer kit."
        )


def _kit(folder: Path, spec: dict[str, Any]) -> Kit:
    """Raises KeyError, TypeError, AttributeError or ValueError for what does not fit."""
    _need(re.fullmatch(r"[a-z][a-z0-9_]*", spec["slug"]))
    _need(len(spec["notebooks"]) > 0)
    for name in spec["notebooks"]:
        _need(re.fullmatch(r"[\w-]+", name, re.ASCII))
    for key in ("title", "archive_name", "declaration"):
        _need(_text(spec[key]))
    return Kit(
        folder=folder,
        slug=spec["slug"],
        title=spec["title"],
        archive_name=spec["archive_name"],
        declaration=spec["declaration"],
        artifacts=[_text(pattern) for pattern in spec["artifacts"]],
        notebooks={
            name: [_course_cell(cell) for cell in notebook["cells"]]
            for name, notebook in spec["notebooks"].items()
        },
        measured={_text(name): _text(title) for name, title in spec.get("measured", {}).items()},
        group_size=int(spec.get("group_size", 1)),
        choices=tuple(_choice(one) for one in spec.get("choose", [])),
        parts={_text(name): _part(part, spec) for name, part in spec.get("parts", {}).items()},
    )


def _part(part: dict[str, Any], spec: dict[str, Any]) -> Part:
    for name in part["notebooks"]:
        _need(name in spec["notebooks"])
    measured = [_text(name) for name in part["measured"]]
    return Part(_text(part["title"]), list(part["notebooks"]), measured)


def only_part(kit: Kit, name: str, option: str) -> Kit:
    """The kit with nothing but the notebooks of one part. Raises UsageError if there is none of
    this name.

    option: how a student names a part.
    """
    if name not in kit.parts:
        known = f"the parts {', '.join(kit.parts)}" if kit.parts else "no parts"
        raise UsageError(f"{option}: {kit.slug} has {known}, not {name!r}.")
    part = kit.parts[name]
    return kit._replace(
        notebooks={one: kit.notebooks[one] for one in part.notebooks},
        measured={one: title for one, title in kit.measured.items() if one in part.measured},
        part=name,
    )


def _choice(one: dict[str, Any]) -> Choice:
    _need(type(one["count"]) is int)
    return Choice(_text(one["title"]), [_text(name) for name in one["questions"]], one["count"])


def _course_cell(cell: dict[str, Any]) -> CourseCell:
    for key in ("words", "sentences"):
        _need(isinstance(cell[key], int))
    return CourseCell(
        id=_text(cell["id"]),
        kind=_text(cell["kind"]),
        title=_text(cell["title"]),
        words=cell["words"],
        sentences=cell["sentences"],
        source=_text(cell["source"]) if cell["kind"] in ("answer", "analysis") else "",
    )


def _text(value: Any) -> str:
    _need(isinstance(value, str))
    return str(value)


def _need(fits: object) -> None:
    if not fits:
        raise ValueError


def is_inside(folder: Path, path: Path) -> bool:
    """Whether `path`, with every symbolic link followed, is in `folder` (which has no link)."""
    return folder in Path(os.path.realpath(path)).parents


def read_inside(folder: Path, name: str) -> bytes:
    """The bytes of a file of the kit. Raises HandInError if it is not one or is outside."""
    path = folder / name
    if not os.path.lexists(path):
        raise HandInError(f"{name} is missing from {folder}.{_look_alikes(folder, name)}")
    if not is_inside(folder, path):
        raise HandInError(
            f"{name} is a link that leads out of {folder}: put the file itself there."
        )
    if not path.is_file():
        raise HandInError(f"{name} in {folder} is not a file: put the file of this name there.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise HandInError(
            f"{name} cannot be read ({error.strerror}): make it readable, then try again."
        ) from error


def _look_alikes(folder: Path, name: str) -> str:
    """What to do about a missing file; names the files that may be it under another name."""
    others = sorted(_similar(folder, *os.path.splitext(name)))
    if others and name.endswith(".ipynb"):
        return f" There is {' and '.join(others)}: if that is your work, rename it to {name}."
    return " Put it back; the kit has a fresh copy."


def _similar(folder: Path, stem: str, suffix: str) -> Iterator[str]:
    for file in folder.glob("*" + suffix):
        if stem.lower() in file.name.lower() and not file.name.startswith("."):
            yield file.name
