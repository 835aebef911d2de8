"""Whose submission is it? A manifest is its writer's word: nobody may take another's place with it.

With a roster, whoever it names has a claim; without one, claims are weighed against each other and
against the names of the files. What this cannot settle needs manual review, with a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.course.assignment import Assignment
from autograder.intake.roster import Person, Roster, key
from autograder.intake.same_name import ends_with_name, same_person, words
from autograder.intake.untrusted_text import listing
from autograder.intake.who import identify
from autograder.report import Report, Student


@dataclass(frozen=True)
class Owner:
    """Whom a submission belongs to: a student of the roster, or whom a claim that holds names."""

    key: str
    """The same for all submissions of one student."""
    person: Person | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Waits:
    """Nobody could be given a submission: what is wrong, and what a person has to do."""

    why: str


@dataclass(frozen=True)
class _Claim:
    """What a submission says of its student."""

    folder: str
    report: Report
    by_file: Student

    @property
    def told(self) -> str:
        return self.report.student.claimed_id or self.report.student.id

    @property
    def opened(self) -> bool:
        """Was the archive read? Else its file name is all that is known."""
        return bool(self.report.questions) or self.report.status == "graded"

    @property
    def more_than_file(self) -> bool:
        """Does the manifest tell more than the file's name?"""
        student = self.report.student
        return (student.id, student.name) != (self.by_file.id, self.by_file.name)

    @property
    def agrees(self) -> bool:
        return self.more_than_file and not self.report.student.contradictions

    @property
    def name(self) -> tuple[str, ...]:
        return words(self.report.student.name)


def owners(
    reports: Mapping[str, Report], assignment: Assignment, roster: Roster | None = None
) -> dict[str, Owner | Waits]:
    """By results folder, whom each submission belongs to, whatever the order of `reports`.

    Of a file that could not be opened the name alone is known: it goes to the student whose other
    files have that name.
    """
    claims = [
        _Claim(folder, report, identify(report.file, assignment))
        for folder, report in sorted(reports.items())
    ]
    opened = [claim for claim in claims if claim.opened]
    settled = _by_roster(opened, roster) if roster else _by_claims(opened)
    _same_bytes(opened, settled)
    for claim in claims:
        if not claim.opened:
            settled[claim.folder] = _by_file_name(claim, opened, settled, roster)
    return settled


def _same_bytes(claims: list[_Claim], settled: dict[str, Owner | Waits]) -> None:
    """A file that waits is settled by the same one under another name: somebody renamed it."""
    known = {
        (claim.report.sha256, claim.report.student.id): owner
        for claim in claims
        if isinstance(owner := settled[claim.folder], Owner) and claim.report.sha256
    }
    for claim in claims:
        if isinstance(settled[claim.folder], Waits):
            same = known.get((claim.report.sha256, claim.report.student.id))
            settled[claim.folder] = same or settled[claim.folder]


def _by_claims(claims: list[_Claim]) -> dict[str, Owner | Waits]:
    """Without a roster: an id stays with the one student whose manifest and file name agree."""
    settled: dict[str, Owner | Waits] = {}
    for claim in claims:
        if claim.report.student.contradictions:
            settled[claim.folder] = _contradiction(claim)
    for told, group in _grouped(c for c in claims if c.folder not in settled).items():
        names = {claim.name for claim in group if claim.agrees} or {claim.name for claim in group}
        for claim in group:
            rivals = [other for other in group if other.name != claim.name]
            holds = len(names) == 1 and claim.name in names
            settled[claim.folder] = Owner(told) if holds else _contested(claim, rivals)
    return settled


def _grouped(claims: Iterable[_Claim]) -> dict[str, list[_Claim]]:
    groups: dict[str, list[_Claim]] = {}
    for claim in claims:
        groups.setdefault(key(claim.report.student.id), []).append(claim)
    return groups


def _by_roster(claims: list[_Claim], roster: Roster) -> dict[str, Owner | Waits]:
    settled = {claim.folder: _in_roster(claim, roster) for claim in claims}
    sure = {
        settled[claim.folder]
        for claim in claims
        if claim.agrees or roster.owner_of(claim.report.file)
    }
    for claim in claims:
        doubtful = claim.report.student.contradictions and not roster.owner_of(claim.report.file)
        if doubtful and settled[claim.folder] in sure:
            settled[claim.folder] = _contradiction(claim)
    return settled


def _in_roster(claim: _Claim, roster: Roster) -> Owner | Waits:
    student, file = claim.report.student, claim.report.file
    if person := roster.owner_of(file):
        return Owner(key(person.id), person)
    person = roster.claimed(claim.told) or roster.claimed(student.id)
    if person is None:
        by_name = (
            None if student.claimed_id else roster.named(claim.by_file.name or claim.by_file.id)
        )
        return Owner(key(by_name.id), by_name) if by_name else _not_in_roster(claim, roster)
    by_mail = "@" in claim.told
    named = student.name if claim.more_than_file else ""
    if named and person.name and not by_mail and not same_person(named, person.name):
        return Waits(
            f"{file}: claims the id {claim.told} as {named}, but in the roster that id belongs to "
            f"{person.name}. {_PUT_IN_ROSTER}"
        )
    if student.contradictions and (other := _another(claim, person, roster)):
        return Waits(
            f"{file}: claims to be {person.name or person.id}, but its name is that of "
            f"{other.name or other.id}. {_PUT_IN_ROSTER}"
        )
    return Owner(key(person.id), person)


def _another(claim: _Claim, person: Person, roster: Roster) -> Person | None:
    """Somebody else in the roster whom the file's name names."""
    shown = claim.by_file.name or claim.by_file.id
    others = (one for one in roster.people if one is not person)
    return next(
        (one for one in others if same_person(shown, one.name) or ends_with_name(shown, one.id)),
        None,
    )


_PUT_IN_ROSTER = "Write the file's name into the column `files` of its owner in the roster"


def _not_in_roster(claim: _Claim, roster: Roster) -> Waits:
    near = roster.near(claim.told, claim.report.student.name)
    meant = " or ".join(
        f"{person.id} ({person.name})" if person.name else person.id for person in near
    )
    maybe = f" Perhaps {meant} is meant." if near else ""
    return Waits(
        f"{claim.report.file}: the id {claim.told} is not in the roster.{maybe} Add the student to "
        "the roster, or write the file's name into the column `files` of its owner"
    )


def _contradiction(claim: _Claim) -> Waits:
    student = claim.report.student
    shown = claim.by_file.name or claim.by_file.id
    return Waits(
        f"{claim.report.file}: claims the id {claim.told} as {student.name or 'nobody'}, but its "
        f"name is that of {shown}. If the claim is right, rename the file so that it agrees, and "
        "grade it. Otherwise give a roster with the file in its owner's column `files` (--roster)"
    )


def _contested(claim: _Claim, rivals: list[_Claim]) -> Waits:
    files = listing(list(dict.fromkeys(other.report.file for other in rivals)))
    return Waits(
        f"{claim.report.file}: claims the id {claim.told}, as {files} does under another name. "
        "Find out whose id it is, then grade with a roster that settles it (--roster)"
    )


def _by_file_name(
    claim: _Claim,
    opened: list[_Claim],
    settled: Mapping[str, Owner | Waits],
    roster: Roster | None,
) -> Owner | Waits:
    """Whom a file belongs to of which only the name is known."""
    if roster and (person := roster.owner_of(claim.report.file)):
        return Owner(key(person.id), person)
    same = {
        settled[other.folder] for other in opened if key(other.by_file.id) == key(claim.by_file.id)
    }
    owned = [owner for owner in same if isinstance(owner, Owner)]
    if len(owned) == 1:
        return owned[0]
    if roster:
        shown = claim.by_file.name or claim.by_file.id
        person = roster.claimed(claim.by_file.id) or roster.named(shown)
        return Owner(key(person.id), person) if person else _not_in_roster(claim, roster)
    if Owner(key(claim.by_file.id)) in settled.values():
        return Waits(
            f"{claim.report.file}: could not be opened, and its name does not show whose it is. "
            "Find out, and ask for the file again"
        )
    return Owner(key(claim.by_file.id))
