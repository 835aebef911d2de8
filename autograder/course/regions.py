"""The regions of a cell that students never get: solution, mark scheme, hidden tests."""

from __future__ import annotations

from dataclasses import dataclass, field

SOLUTION = "SOLUTION"
MARK_SCHEME = "MARK SCHEME"
HIDDEN_TESTS = "HIDDEN TESTS"
KINDS = (SOLUTION, MARK_SCHEME, HIDDEN_TESTS)


@dataclass(frozen=True)
class Split:
    """A cell's lines, told apart: what everybody sees, and the bodies of its regions by kind."""

    visible: list[str]
    inside: dict[int, str] = field(default_factory=dict)
    """Which region each line within one is in, by its number (from 1)."""
    bodies: dict[str, list[list[str]]] = field(default_factory=dict)

    def of(self, kind: str) -> list[list[str]]:
        return self.bodies.get(kind, [])


def split(source: str) -> Split:
    """Tell the regions of `source` apart as nbgrader does: a line that contains `BEGIN <kind>`
    opens one.

    Raises ValueError, in words, when a region is nested, left open, or closed without having been
    opened.
    """
    visible: list[str] = []
    bodies: dict[str, list[list[str]]] = {}
    numbered: dict[int, str] = {}
    inside: str | None = None
    for number, line in enumerate(source.split("\n"), 1):
        opened = next((kind for kind in KINDS if f"BEGIN {kind}" in line), None)
        closed = next((kind for kind in KINDS if f"END {kind}" in line), None)
        if opened:
            if inside:
                raise ValueError(f"BEGIN {opened} is inside a {inside} region")
            inside = opened
            bodies.setdefault(opened, []).append([])
        elif closed:
            if inside != closed:
                raise ValueError(f"END {closed} without its BEGIN {closed}")
            inside = None
        elif inside:
            bodies[inside][-1].append(line)
            numbered[number] = inside
        else:
            visible.append(line)
    if inside:
        raise ValueError(f"BEGIN {inside} without its END {inside}")
    return Split(visible, numbered, bodies)


def as_written_by_a_student(source: str) -> str:
    """A model answer without its markers and its mark scheme."""
    parts = split(source)
    lines = source.split("\n")
    kept = [
        number
        for number, line in enumerate(lines, 1)
        if line in parts.visible or parts.inside.get(number) == SOLUTION
    ]
    return "\n".join(lines[number - 1] for number in kept)
