"""The class list, a CSV file that staff keep: who is in the class, and what belongs to whom.

Columns by their names in the first line, in any order and letter case: `id`; `name`, or
`first_name` and `last_name`; `email`; `group`; ids on other platforms (`canvas_id`, any `..._id`);
`files` (names of submissions that are this student's whatever they claim, separated by `|`);
`handed_in` (a time with its zone); `due` or `extension` (the student's own due date, with its
zone). Others are ignored. nbgrader's own student list is one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import msgspec

from autograder.errors import AutograderError
from autograder.intake.hand_in_time import parse_time
from autograder.intake.same_name import ends_with_name, same_person, words
from autograder.intake.untrusted_text import SAFE_ID, clean
from autograder.report import Sender

_COLUMNS = {
    "id": "id",
    "student_id": "id",
    "name": "name",
    "full_name": "name",
    "student": "name",
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "e_mail": "email",
    "mail": "email",
    "email_address": "email",
    "group": "group",
    "files": "files",
    "handed_in": "handed_in",
    "due": "due",
    "extension": "due",
}
MAX_CHARS = 200


class Person(msgspec.Struct, kw_only=True):
    """One line of the roster."""

    id: str
    name: str = ""
    email: str = ""
    group: str = ""
    platform_ids: dict[str, str] = {}
    """By column: `canvas_id`..."""
    files: list[str] = []
    """Names of submissions that are this student's whatever they claim."""
    handed_in: str = ""
    """When, as it stands in the roster; with its zone."""
    due: str = ""
    """The person's own due date (an extension), with its zone."""


def key(text: str) -> str:
    """An id or an e-mail address as they are compared: without letter case and blanks around."""
    return text.strip().casefold()


class Roster:
    """The people of a class, found by what they claim to be."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people

    @cached_property
    def _by_claim(self) -> dict[str, Person]:
        by_email = {key(person.email): person for person in self.people if person.email}
        return by_email | {key(person.id): person for person in self.people}

    @cached_property
    def _by_file(self) -> dict[str, Person]:
        return {key(name): person for person in self.people for name in person.files}

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], list[Person]]:
        found: dict[tuple[str, ...], list[Person]] = {}
        for person in self.people:
            found.setdefault(tuple(sorted(words(person.name))), []).append(person)
        return found

    def claimed(self, claim: str) -> Person | None:
        """Whose id or e-mail address it is."""
        return self._by_claim.get(key(claim)) if claim.strip() else None

    def of_sender(self, sender: Sender) -> Person | None:
        """Who uploaded a file, by the platform's number, user name or e-mail address."""
        if person := self._by_account.get((sender.platform, key(sender.account))):
            return person
        if sender.id and (person := self._by_account.get((sender.platform, key(sender.id)))):
            return person
        return next(
            (one for told in (sender.id, sender.email) if (one := self.claimed(told))), None
        )

    @cached_property
    def _by_account(self) -> dict[tuple[str, str], Person]:
        return {
            (column.removesuffix("_id"), key(number)): person
            for person in self.people
            for column, number in person.platform_ids.items()
        }

    def named_so(self, name: str) -> Person | None:
        """The only one whose name a platform or a file writes so: `lovelaceada`, `Ada Lovelace`."""
        if person := self.named(name):
            return person
        found = [one for one in self.people if one.name and ends_with_name(name, one.name)]
        return found[0] if len(found) == 1 else None

    def owner_of(self, file: str) -> Person | None:
        """Who has this file in the column `files`."""
        return self._by_file.get(key(file))

    def named(self, name: str) -> Person | None:
        """The only one of this very name, in whatever order its words stand."""
        found = self._by_name.get(tuple(sorted(words(name))), []) if words(name) else []
        return found[0] if len(found) == 1 else None

    def near(self, claim: str, name: str) -> list[Person]:
        """Who may be meant by an id that nobody has: at most three."""
        close = [one for left in _typed(claim) for one in self._by_typed.get(left, [])]
        known = [one for word in words(name) for one in self._by_word.get(word, [])]
        alike = [one for one in known if same_person(one.name, name)]
        return list({one.id: one for one in [*close, *alike]}.values())[:3]

    @cached_property
    def _by_typed(self) -> dict[str, list[Person]]:
        return _index((left, person) for person in self.people for left in _typed(person.id))

    @cached_property
    def _by_word(self) -> dict[str, list[Person]]:
        return _index((word, person) for person in self.people for word in words(person.name))


def _index(pairs: Iterable[tuple[str, Person]]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for text, person in pairs:
        found.setdefault(text, []).append(person)
    return found


def _typed(text: str) -> list[str]:
    """An id without its marks, and what is left of it without one letter.

    Two ids that differ by one letter, or by two that changed places, have one of these in common.
    """
    plain = "".join(words(text))[:64]
    left = [plain[:place] + plain[place + 1 :] for place in range(len(plain))]
    return [one for one in dict.fromkeys([plain, *left]) if one]


def read_roster(data: bytes, file: Path) -> Roster:
    """The roster in the bytes of a CSV file, with commas, semicolons or tabs.

    Raises AutograderError that names the file, the line, what is wrong and what to do.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AutograderError(f'{file}: is not in UTF-8. Save it as "CSV UTF-8"') from error
    if re.match(r"sep=.[\r\n]", text):  # a spreadsheet's own line
        text = "\n" + text.partition("\n")[2]
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise AutograderError(
            f"{file}: line {rows.line_num}: {error}. Close the quotation marks in this line"
        ) from error
    return Roster(_people(lines, file))


def _people(lines: list[tuple[int, list[str]]], file: Path) -> list[Person]:
    if not lines:
        raise AutograderError(f"{file}: is empty. Write a first line `id,name,email,group`")
    header = [_column(cell) for cell in lines[0][1]]
    if header.count("id") != 1:
        shown = clean(", ".join(lines[0][1]), 120)
        raise AutograderError(
            f"{file}: line {lines[0][0]}: no column or several columns `id` among {shown}. "
            "Name the column with the students' ids `id`"
        )
    people: list[Person] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in lines[1:]:
        where = f"{file}: line {number}"
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            raise AutograderError(
                f"{where}: has {len(row)} cells, the first line {len(header)}. "
                "Put text with the delimiter in it in quotation marks"
            )
        person = _person(dict(zip(header, row, strict=False)), where)
        claims = [("id", person.id), ("email", person.email), *(("file", f) for f in person.files)]
        for kind, value in claims:
            if value and (before := seen.setdefault((kind, key(value)), number)) != number:
                raise AutograderError(
                    f"{where}: the {kind} {clean(value, 80)} is also in line {before}. "
                    "Remove one of the two"
                )
        people.append(person)
    return people


def _column(cell: str) -> str:
    name = re.sub(r"[\s_-]+", "_", cell.strip().casefold())
    return _COLUMNS.get(name, name)


def _person(cells: dict[str, str], where: str) -> Person:
    told = {name: clean(cell, MAX_CHARS) for name, cell in cells.items()}
    told.setdefault("id", "")
    if not SAFE_ID.match(told["id"]):
        raise AutograderError(
            f"{where}: {told['id'] or 'an empty cell'} cannot be an id. Ids have 1 to 64 of the "
            "characters A-Z a-z 0-9 . _ - and do not start with . or -"
        )
    for column in ("handed_in", "due"):
        if (time := told.get(column)) and parse_time(time) is None:
            raise AutograderError(
                f"{where}: the time {time} cannot be read. Write it as 2026-12-15T22:10:00Z"
            )
    name = told.get("name") or f"{told.get('first_name', '')} {told.get('last_name', '')}".strip()
    return Person(
        id=told["id"],
        name=_in_order(name),
        email=told.get("email", ""),
        group=told.get("group", ""),
        platform_ids={
            column: cell for column, cell in told.items() if column.endswith("_id") and cell
        },
        files=[name.strip() for name in cells.get("files", "").split("|") if name.strip()],
        handed_in=told.get("handed_in", ""),
        due=told.get("due", ""),
    )


def _in_order(name: str) -> str:
    """`Lovelace, Ada` as `Ada Lovelace`."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else name
