"""Who handed in a file, by its name."""

from __future__ import annotations

import re
import string

from autograder.course.assignment import Assignment
from autograder.errors import CourseError
from autograder.intake.archive import IntakeLimits
from autograder.intake.file_names import Reading, readings
from autograder.intake.same_name import ends_with_name, filed_parts, same_account
from autograder.intake.untrusted_text import clean, safe_id
from autograder.report import Member, Sender, Student


def identify(file: str, assignment: Assignment, sender: Sender | None = None) -> Student:
    """Who handed in a file without a manifest: by its name, and by the learning platform it comes
    from, if any (`sender`).

    Never raises for a student's name. Raises CourseError when the template itself is wrong.
    """
    return _by_platform(sender, assignment) if sender else _by_name(file, assignment)


def _by_name(file: str, assignment: Assignment) -> Student:
    """By the naming template, else by the stem."""
    reading, fields = _read(file, assignment)
    name = fields.get("name") or " ".join(
        fields[part] for part in ("first", "last") if part in fields
    )
    identity = fields.get("id") or name or reading.stem
    shown = clean(name.replace("_", " "), IntakeLimits.name_chars)
    return Student(id=safe_id(identity), name=shown)


def contradictions(file: str, student_id: str, name: str, assignment: Assignment) -> list[str]:
    """The fields of the naming template (`name`, `id`...) in which a file's name tells of another.

    student_id, name: whom the manifest names. In place of a name the file may have the id, as
    collect_submission.sh writes it where a name has no letter that files can carry.
    """
    parts, filed = name.split(), filed_parts(name)
    told = {
        "id": [],
        "name": [name],
        "first": [*parts[:1], *filed[:1]],
        "last": [*parts[1:][-1:], *filed[1:][-1:]],
    }
    _, fields = _read(file, assignment)
    return [
        field
        for field, value in fields.items()
        if not any(ends_with_name(value, one) for one in (*told[field], student_id))
    ]


def _by_platform(sender: Sender, assignment: Assignment) -> Student:
    """By the platform, and the name that the student gave the file."""
    by_file = _by_name(sender.file, assignment) if sender.file else Student(id="")
    if by_file.name and not platform_contradicts(sender, by_file.id, by_file.name):
        return Student(id=sender.id or by_file.id, name=by_file.name)
    return Student(
        id=sender.id or safe_id(sender.name or f"{sender.platform}-{sender.account}"),
        name=sender.name,
    )


def platform_contradicts(sender: Sender, student_id: str, name: str) -> bool:
    """Does the platform name somebody else than the one who claims to be `name`, `student_id`?

    An anonymous upload contradicts nobody. In a group each member may hand in.
    """
    people = [Member(id=sender.id, name=sender.name, email=sender.email), *sender.group]
    told = [one for one in people if one.id or one.name or one.email]
    return bool(told) and not any(_is(one, sender, student_id, name) for one in told)


def _is(person: Member, sender: Sender, student_id: str, name: str) -> bool:
    claimed = student_id.casefold()
    if claimed and claimed in (person.id.casefold(), safe_id(person.email.casefold())):
        return True
    if sender.platform == "blackboard" and sender.account.casefold().endswith(f"_{claimed}"):
        return True
    if not person.name or not name:
        return False
    # Canvas writes `lovelaceada`
    return same_account(person.name, name) or ends_with_name(person.name, name)


def part_in_name(file: str, assignment: Assignment) -> str:
    """The part that a file's name ends with, as collect_submission.sh writes it; empty if none."""
    return _match(file, assignment)[1].get("part") or ""


def attempt_number(file: str, assignment: Assignment) -> tuple[int, ...]:
    """The number that a platform or a browser added to a file's name; none: the first attempt.

    Compare as tuples: `X-1 (2).zip` is (1, 2), later than `X-1.zip` and earlier than `X-2.zip`.
    """
    reading, fields = _read(file, assignment)
    return reading.numbers if fields else list(readings(file))[-1].numbers


def _read(file: str, assignment: Assignment) -> tuple[Reading, dict[str, str]]:
    """The reading of a file's name that fits the template, with the template's fields.

    When none fits: the first reading, without fields.
    """
    reading, fields = _match(file, assignment)
    return reading, {name: told for name, told in fields.items() if name != "part"}


def _match(file: str, assignment: Assignment) -> tuple[Reading, dict[str, str]]:
    """The same, with the field `part` (None: no part) of an assignment with parts."""
    pattern = _pattern(assignment)
    ways = list(readings(file))
    for reading in ways:
        if match := re.fullmatch(pattern, reading.stem, re.IGNORECASE | re.DOTALL):
            return reading, match.groupdict()
    return ways[0], {}


def _pattern(assignment: Assignment) -> str:
    pattern = ""
    seen: set[str] = set()
    template = assignment.archive_name.removesuffix(".zip")
    for literal, field, _, _ in string.Formatter().parse(template):
        pattern += re.escape(literal)
        if field is None:
            continue
        if field not in ("name", "first", "last", "id", "slug") or field in seen:
            raise CourseError(
                f"archive_name {assignment.archive_name!r}: {{{field}}} is unknown or occurs twice"
            )
        seen.add(field)
        slug = re.escape(assignment.slug)
        pattern += slug if field == "slug" else f"(?P<{field}>.+?)"
    if assignment.parts:  # as it is written, so that a name in capitals is none
        pattern += f"(?:_(?P<part>(?-i:{'|'.join(assignment.parts)})))?"
    return pattern
