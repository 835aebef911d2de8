"""The files besides notebooks that an assignment asks for: trained weights, samples."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence

from dgm.handin.display_text import one_line, size
from dgm.handin.errors import HandInError
from dgm.handin.kit import FRESH_COPY, Kit, is_inside

CAP_BYTES = 64 * 2**20
"""What the grader takes, of all artifacts together."""


class Artifacts(NamedTuple):
    """paths: by name in the archive; lines: what to show; warnings: what to fix."""

    paths: dict[str, Path]
    lines: list[str]
    warnings: list[str]


def find_artifacts(kit: Kit, taken: Sequence[str]) -> Artifacts:
    """The files that the kit's patterns name.

    taken: names in the archive already. Links that lead out of the kit and names that an archive
    cannot carry everywhere stay out, with a warning. Raises HandInError for a damaged pattern.
    """
    found = Artifacts({}, [], [])
    for pattern in kit.artifacts:
        n_before = len(found.paths)
        for name, path in _matches(kit.folder, pattern):
            names = [*taken, *found.paths]
            if name in names:
                continue
            if reason := why_left_out(kit.folder, path, name, names):
                found.warnings.append(f"{one_line(name)} is left out: {reason}")
                continue
            found.paths[name] = path
            found.lines.append(f"{name}: {size(path.stat().st_size)}")
        if len(found.paths) == n_before:
            found.lines.append(f"(no file matches {pattern})")
    for name, title in kit.measured.items():
        if name not in found.paths:
            found.warnings.append(
                f"{one_line(name)} is missing, and {one_line(title)!r} is graded from it: run the "
                "cell that saves it."
            )
    total_bytes = sum(path.stat().st_size for path in found.paths.values())
    if total_bytes > CAP_BYTES:
        found.warnings.append(
            f"the artifacts have {size(total_bytes)} together, and the grader takes at most "
            f"{size(CAP_BYTES)}: delete what the notebook did not ask for, or train with the size "
            "that it asks for."
        )
    return found


def _matches(folder: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    """Name and path of each file, or link, that fits; hidden ones are left out."""
    if not pattern or pattern.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", pattern):
        raise HandInError(
            f"assignment.json is damaged: its pattern {pattern!r} leads out of the kit. "
            f"{FRESH_COPY}"
        )
    try:
        matches = sorted(folder.glob(pattern))
    except (ValueError, NotImplementedError) as error:
        raise HandInError(
            f"assignment.json is damaged: {pattern!r} is not a pattern ({error}). {FRESH_COPY}"
        ) from error
    for path in matches:
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if not hidden and (path.is_file() or path.is_symlink()):
            yield name, path


def why_left_out(folder: Path, path: Path, name: str, taken: Sequence[str]) -> str:
    """Why the grader must not or would not take an artifact; empty when it does."""
    if not is_inside(folder, path):
        return "it leads out of the kit. Put the file itself there."
    if not path.is_file():
        return "it is a link that leads to no file."
    parts = name.split("/")
    if not all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", part) for part in parts):
        return "its name must be made of letters a-z, digits, '.', '_' and '-'. Rename it."
    if name.lower() in (other.lower() for other in taken):
        return "another file has the same name except for capitals. Rename one."
    return ""
