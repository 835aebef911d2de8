"""Who handed in a file, by its name."""

from __future__ import annotations

import re
import string
import unicodedata
from pathlib import PurePosixPath

from autograder.course.assignment import Assignment
from autograder.errors import CourseError
from autograder.intake.archive import IntakeLimits
from autograder.intake.untrusted_text import clean, safe_id
from autograder.report import Student


def identify(file: str, assignment: Assignment) -> Student:
    """Who handed in `file`, by its name alone: by the assignment's naming template, else by the stem. Never raises for a student's name."""
    fields = _fields(file, assignment)
    name = fields.get("name") or " ".join(fields[part] for part in ("first", "last") if part in fields)
    identity = fields.get("id") or name or _stem(file)
    return Student(id=safe_id(identity), name=clean(name.replace("_", " "), IntakeLimits.name_chars))


def contradictions(file: str, student_id: str, name: str, assignment: Assignment) -> list[str]:
    """The fields of the naming template (`name`, `id`...) in which a file's name tells of another student than `student_id` and `name`."""
    first, _, rest = name.partition(" ")
    told = {"id": student_id, "name": name, "first": first, "last": rest.rpartition(" ")[2]}
    return [field for field, value in _fields(file, assignment).items() if field in told and not _same(value, told[field])]


def _fields(file: str, assignment: Assignment) -> dict[str, str]:
    """The fields of the naming template as `file` fills them; empty when it does not fit."""
    template = assignment.archive_name.removesuffix(".zip")
    pattern = ""
    seen: set[str] = set()
    for literal, field, _, _ in string.Formatter().parse(template):
        pattern += re.escape(literal)
        if field is None:
            continue
        if field not in ("name", "first", "last", "id", "slug") or field in seen:
            raise CourseError(f"archive_name {assignment.archive_name!r}: {{{field}}} is unknown or stands there twice")
        seen.add(field)
        pattern += re.escape(assignment.slug) if field == "slug" else f"(?P<{field}>.+?)"
    match = re.fullmatch(pattern, _stem(file), re.IGNORECASE | re.DOTALL)
    return match.groupdict() if match else {}


def _stem(file: str) -> str:
    """The name without folder, `.zip`, and the ` (1)` that browsers add; cut, so that matching stays cheap."""
    stem = re.sub(r"\.zip\Z", "", PurePosixPath(file).name, flags=re.IGNORECASE)[:255]
    return re.sub(r" ?\(\d{1,4}\)\Z", "", stem)


def _same(in_file_name: str, told: str) -> bool:
    """Compared by plain letters and digits: collect_submission.sh drops the rest, cuts long names; an LMS adds text before."""
    left, right = (unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold() for text in (in_file_name, told))
    left, right = (re.sub(r"[^a-z0-9]", "", text) for text in (left, right))
    return left.endswith(right) or (len(right) > 40 and right[:40] in left)
