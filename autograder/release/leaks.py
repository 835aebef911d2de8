"""The last gate of a release: nothing that students must not have is in their notebooks or their
kit.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from autograder.course.regions import KINDS, split
from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

# A shorter line (`return x`, `loss.backward()`) says nothing about where it comes from.
DISTINCTIVE = 16
STAFF_FOLDERS = {"autograder", "suites", "source", "tests"}
PUBLIC = "skeleton"
"""The folder of the staff side that is no secret: what `autograder init` copies, and kits hold."""
STAFF_IMPORT = re.compile(
    r"(?:^\s*(?:from|import)\s+|__import__\(\s*[\"']|import_module\(\s*[\"'])autograder\b",
    re.MULTILINE,
)
TEXT_SUFFIXES = {
    ".ipynb",
    ".py",
    ".md",
    ".txt",
    ".sh",
    ".json",
    ".toml",
    ".csv",
    ".yml",
    ".yaml",
    "",
}


@dataclass(frozen=True)
class Secret:
    """One region's distinctive lines, with runs of blanks as one; `where` names its cell for the
    instructor.
    """

    where: str
    kind: str
    lines: tuple[str, ...]


def guard(
    slug: str, sources: dict[str, NotebookNode], members: dict[str, bytes], staff: list[Path]
) -> None:
    """Raise CourseError when a file of `members` (archive path -> bytes) holds what belongs to
    staff.

    Looked for: the bodies of solution, mark scheme and hidden test regions of `sources`; the region
    markers themselves; imports of `autograder`; copies of the files in the folders `staff`. A
    notebook fails on any line of a region that the author did not also write where everybody sees
    it; every file fails on half of a region's text, wherever it came from.
    """
    secrets, public = _secrets_and_public(sources)
    # one folder may lie in another: each file is read once
    files = {file for folder in staff for file in _files(folder.resolve())}
    digests = {_digest(file.read_bytes()): file for file in sorted(files)}
    for name, data in sorted(members.items()):
        path = PurePosixPath(name)
        if STAFF_FOLDERS & set(path.parts[1:]):
            raise CourseError(f"dist/{slug}.zip: {name} is in a folder of the staff side")
        if data and (copied := digests.get(_digest(data))):
            raise CourseError(f"dist/{slug}.zip: {name} is a copy of {copied}")
        if path.suffix not in TEXT_SUFFIXES:
            continue
        text = _text(path, data)
        for kind in KINDS:
            if f"BEGIN {kind}" in text or f"END {kind}" in text:
                raise CourseError(f"{name}: a {kind} marker is left in what students get")
        if STAFF_IMPORT.search(text):
            raise CourseError(f"{name}: imports autograder, which students do not have")
        _guard_text(
            name,
            "\n".join(map(_squeeze, text.split("\n"))),
            secrets,
            public if path.suffix == ".ipynb" else None,
        )


def _guard_text(name: str, text: str, secrets: list[Secret], public: str | None) -> None:
    for secret in secrets:
        found = [line for line in secret.lines if line in text]
        if not found:
            continue
        if public is not None and (leaked := [line for line in found if line not in public]):
            raise CourseError(f"{name}: the {secret.kind} of {secret.where} leaks: {leaked[0]!r}")
        if 2 * sum(map(len, found)) >= sum(map(len, secret.lines)):
            raise CourseError(
                f"{name}: shows the {secret.kind} of {secret.where} outside its region: "
                f"{found[0]!r}"
            )


def _secrets_and_public(sources: dict[str, NotebookNode]) -> tuple[list[Secret], str]:
    secrets: list[Secret] = []
    public: list[str] = []
    for name, notebook in sources.items():
        for cell in notebook.cells:
            parts = split(cell.source)
            public += map(_squeeze, parts.visible)
            for kind, bodies in parts.bodies.items():
                lines = tuple(
                    line
                    for body in bodies
                    for line in map(_squeeze, body)
                    if len(line) >= DISTINCTIVE
                )
                if lines:
                    secrets.append(Secret(f"{name}/{cell.id}", kind.lower(), lines))
    return secrets, "\n".join(public)


def _squeeze(line: str) -> str:
    return " ".join(line.split())


def _text(path: PurePosixPath, data: bytes) -> str:
    text = data.decode("utf-8", errors="replace")
    # Every string of a notebook (sources, outputs, metadata, attachments), free of JSON's escapes.
    return "\n".join(_strings(json.loads(text))) if path.suffix == ".ipynb" else text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            yield "".join(value)
        else:
            for item in value:
                yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = not {"__pycache__", PUBLIC} & set(file.relative_to(folder).parts)
        if hidden and file.is_file() and file.stat().st_size:
            yield file


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
