"""What intake hands to the grader: plain data, sized and checked, nothing executed."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.report import HandedIn, Student


@dataclass(frozen=True)
class Submission:
    """One opened submission. `notebooks` maps `lab` to the bytes of `lab.ipynb`; `artifacts` maps a
    relative path to bytes, `left_out` that of an artifact that was not taken to the reason.
    """

    file: str
    student: Student
    notebooks: dict[str, bytes]
    artifacts: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    handed_in: HandedIn | None = None
    left_out: dict[str, str] = field(default_factory=dict)
    also: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """By notebook, other files that may be it, if it is blank."""
    unclear: dict[str, str] = field(default_factory=dict)
    """By notebook (`lab`), why a person has to find out which file it is, as a sentence."""
    parts: list[str] = field(default_factory=list)
    """The parts that it hands in; of an assignment without parts none."""
