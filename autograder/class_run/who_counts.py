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
from autograder.intake.untrusted_text import listing, safe_id
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
    says_nobody: frozenset[str] = frozenset()
    """Ids that a file's name gives and that name nobody: the assignment, a notebook."""

    @property
    def told(self) -> str:
        return self.report.student.claimed_id or self.report.student.id

    @property
    def opened(self) -> bool:
        """Was the archive read? Else its file name is all that is known."""
        return bool(self.report.questions) or self.report.status == "graded"

    @property
    def account(self) -> tuple[str, str]:
        """The platform, and its number for who uploaded it; empty if there is none."""
        sender = self.report.sender
        return (sender.platform, sender.account) if sender and sender.account else ("", "")

    @property
    def nameless(self) -> bool:
        """Does the file's name tell nothing of a student?"""
        if self.report.sender:
            return False
        return not self.by_file.name and self.by_file.id.casefold() in self.says_nobody

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
    plain = [assignment.slug, *assignment.notebooks, *assignment.parts]
    plain += [f"{assignment.slug}_{part}" for part in assignment.parts]
    says_nobody = frozenset(
        safe_id(name).casefold() for one in plain for name in (one, f"{one}.ipynb")
    )
    claims = [
        _Claim(folder, report, identify(report.file, assignment, report.sender), says_nobody)
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
        elif not claim.report.student.claimed_id and claim.nameless:
            settled[claim.folder] = _nobody(claim)
    for group in _by_account(claims).values():
        ids = {key(one.report.student.id) for one in group if one.report.student.claimed_id}
        for claim in group if len(ids) > 1 else ():
            settled.setdefault(claim.folder, _two_ids(claim, group))
    for told, group in _grouped(c for c in claims if c.folder not in settled).items():
        if len(accounts := {claim.account for claim in group if any(claim.account)}) > 1:
            settled |= {claim.folder: _two_accounts(claim, len(accounts)) for claim in group}
            continue
        names = {claim.name for claim in group if claim.agrees} or {claim.name for claim in group}
        for claim in group:
            rivals = [other for other in group if other.name != claim.name]
            holds = len(names) == 1 and claim.name in names
            settled[claim.folder] = Owner(told) if holds else _contested(claim, rivals)
    return _with_account(claims, settled)


def _by_account(claims: Iterable[_Claim]) -> dict[tuple[str, str], list[_Claim]]:
    """The files that one account of a platform uploaded."""
    groups: dict[tuple[str, str], list[_Claim]] = {}
    for claim in claims:
        if any(claim.account):
            groups.setdefault(claim.account, []).append(claim)
    return groups


def _with_account(
    claims: list[_Claim], settled: dict[str, Owner | Waits]
) -> dict[str, Owner | Waits]:
    """Files without a manifest go with those of the same account that have one."""
    for group in _by_account(claims).values():
        told = [one for one in group if one.report.student.claimed_id]
        owned = {owner for one in told if isinstance(owner := settled[one.folder], Owner)}
        for claim in group if len(owned) == 1 else ():
            if not claim.report.student.claimed_id:
                settled[claim.folder] = next(iter(owned))
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
    student, file, sender = claim.report.student, claim.report.file, claim.report.sender
    if person := roster.owner_of(file):
        return Owner(key(person.id), person)
    if sender and (person := roster.of_sender(sender) or roster.named_so(sender.name)):
        other = roster.claimed(claim.told) if student.claimed_id else None
        in_group = other and other.group and key(other.group) == key(person.group)
        if other is None or other is person or in_group:
            return Owner(key(person.id), person)
        return Waits(
            f"{file}: {sender.platform} says that {person.name or person.id} uploaded it, but it "
            f"claims to be of {other.name or other.id}. {_PUT_IN_ROSTER}"
        )
    if sender and "platform" in student.contradictions:
        return Waits(
            f"{file}: claims the id {claim.told} as {student.name or 'nobody'}, but "
            f"{sender.platform} says that {sender.name or sender.id} uploaded it. Add a column "
            f"{sender.platform}_id to the roster, or write the file's name into the column `files` "
            "of its owner"
        )
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
    student, sender = claim.report.student, claim.report.sender
    if sender and "platform" in student.contradictions:
        return Waits(
            f"{claim.report.file}: claims the id {claim.told} as {student.name or 'nobody'}, but "
            f"{sender.platform} says that {sender.name or sender.id or sender.account} uploaded "
            f"it. Give a roster with a column {sender.platform}_id, or with the file in its "
            "owner's column `files` (--roster)"
        )
    shown = claim.by_file.name or claim.by_file.id
    return Waits(
        f"{claim.report.file}: claims the id {claim.told} as {student.name or 'nobody'}, but its "
        f"name is that of {shown}. If the claim is right, rename the file so that it agrees, and "
        "grade it. Otherwise give a roster with the file in its owner's column `files` (--roster)"
    )


def _nobody(claim: _Claim) -> Waits:
    return Waits(
        f"{claim.report.file}: nothing tells whose it is: it has no manifest, and its name names "
        "nobody. Rename it as the course asks, or give a roster with the file in its owner's "
        "column `files` (--roster)"
    )


def _two_ids(claim: _Claim, group: list[_Claim]) -> Waits:
    told = {one.report.student.id: one.report.file for one in group if one is not claim}
    others = listing([f"{student_id} in {file}" for student_id, file in told.items()])
    return Waits(
        f"{claim.report.file}: claims the id {claim.told}, but the same account of "
        f"{claim.account[0]} claims {others}. Give a roster that settles it (--roster)"
    )


def _two_accounts(claim: _Claim, n_accounts: int) -> Waits:
    return Waits(
        f"{claim.report.file}: the id {claim.told} is claimed from {n_accounts} accounts of the "
        "learning platform. Give a roster that says which is whose (--roster)"
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
    if any(claim.account):
        same = {settled[other.folder] for other in opened if other.account == claim.account}
        if len(owned := [owner for owner in same if isinstance(owner, Owner)]) == 1:
            return owned[0]
    same = {
        settled[other.folder] for other in opened if key(other.by_file.id) == key(claim.by_file.id)
    }
    owned = [owner for owner in same if isinstance(owner, Owner)]
    if len(owned) == 1:
        return owned[0]
    if roster:
        shown, sender = claim.by_file.name or claim.by_file.id, claim.report.sender
        person = roster.of_sender(sender) if sender else None
        person = person or roster.claimed(claim.by_file.id) or roster.named_so(shown)
        return Owner(key(person.id), person) if person else _not_in_roster(claim, roster)
    if Owner(key(claim.by_file.id)) in settled.values():
        return Waits(
            f"{claim.report.file}: could not be opened, and its name does not show whose it is. "
            "Find out, and ask for the file again"
        )
    return Owner(key(claim.by_file.id))
