"""Who hands it in: name, id, collaborators, and the file name that they give."""

from __future__ import annotations

import re
import unicodedata
from typing import Callable, NamedTuple

from dgm.handin.display_text import one_line
from dgm.handin.errors import HandInError
from dgm.handin.kit import FRESH_COPY


class Identity(NamedTuple):
    """group: ids of the other members for whom the copy counts, with blanks between them."""

    name: str
    id: str
    collaborators: str
    group: str = ""


class Field(NamedTuple):
    """valid: the value as it is kept; raises ValueError, whose text is the rule."""

    prompt: str
    valid: Callable[[str], str]


def valid_name(text: str) -> str:
    text = one_line(text)
    if not any(letter.isalnum() for letter in text) or len(text) > 100:
        raise ValueError("a name is 1 to 100 characters with a letter in it")
    return text


def valid_id(text: str) -> str:
    text = one_line(text)
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}", text):
        raise ValueError(
            "an id is 1 to 64 of the characters A-Z a-z 0-9 . _ - and does not start with . or -"
        )
    return text


def valid_collaborators(text: str) -> str:
    text = one_line(text)
    if not text or len(text) > 1000:
        raise ValueError("name the people you worked with in at most 1000 characters, or None")
    return "None" if text.lower().rstrip(".") == "none" else text


def valid_group(text: str) -> str:
    """Ids with blanks, commas or semicolons between them; None for nobody."""
    ids = re.split(r"[\s,;]+", one_line(text).strip(" ,;."))
    if [each.lower() for each in ids] == ["none"]:
        return ""
    try:
        return " ".join(dict.fromkeys(valid_id(each) for each in ids))
    except ValueError:
        raise ValueError(
            "write the student ids of the others with blanks between them, or None"
        ) from None


FIELDS = {
    "name": Field("Your name (first and last): ", valid_name),
    "id": Field("Your student id: ", valid_id),
    "collaborators": Field(
        "People you worked with (None if you worked alone): ", valid_collaborators
    ),
}

GROUP = Field("Student ids of the others in your group (None if you hand in alone): ", valid_group)
"""Asked where the assignment may be handed in together."""


def fields_of(group_size: int) -> dict[str, Field]:
    """What a student says of an assignment that so many may hand in together."""
    return {**FIELDS, "group": GROUP} if group_size > 1 else FIELDS


def archive_name(template: str, who: Identity, slug: str, part: str = "") -> str:
    """The assignment's template filled in, for any file system; the name of a part at its end.

    A name without a letter that files can carry everywhere is replaced by the id. Raises
    HandInError for a template with an unknown field.
    """
    parts = [part for part in map(_file_part, who.name.split()) if part] or [_file_part(who.id)]
    fields = {
        "name": "_".join(parts),
        "first": parts[0],
        "last": parts[-1] if len(parts) > 1 else "",
        "id": who.id,
        "slug": slug,
    }

    def fill(match: re.Match[str]) -> str:
        if match.group(1) not in fields:
            raise HandInError(
                "assignment.json is damaged: archive_name has the unknown field "
                f"{match.group(0)}. {FRESH_COPY}"
            )
        return fields[match.group(1)]

    stem = re.sub(r"\{([^{}]*)\}", fill, re.sub(r"\.zip\Z", "", template))
    stem = re.sub(r"[^A-Za-z0-9._-]", "", re.sub(r"\s+", "_", stem))
    stem = re.sub(r"_{2,}", "_", re.sub(r"\.{2,}", ".", stem)).strip("._-")[:150]
    return f"{stem or slug}{'_' + part if part else ''}.zip"


def _file_part(text: str) -> str:
    """Text as part of a file name: accents dropped, spaces to `_`, only A-Z a-z 0-9 _ - kept."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    kept = re.sub(r"[^A-Za-z0-9_-]", "", re.sub(r"\s+", "_", plain))
    return re.sub(r"_{2,}", "_", kept).strip("_-")[:60]
