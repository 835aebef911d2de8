"""File names as students, browsers and platforms leave them: the name, and the attempt's number.

`Ada_Lovelace_vae-1.zip` (Canvas), `... (10).zip` (browsers), `... copy.zip`, `... - Copy (2).zip`,
`Copy of ...`, `.zip.zip`. Whether `-1` belongs to the name cannot be told without the assignment's
template, so a name has several readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

MAX_CHARS = 255
"""Longer names are cut, so that matching stays cheap."""

_ZIP = re.compile(r"\.(zip|7z|rar|tgz|tar|tar\.(gz|xz|bz2))\s*\Z", re.IGNORECASE)
_BROWSER = re.compile(r"[ _]?\((\d{1,4})\)\Z")
_COPY = re.compile(r"(?: -)? (?:copy|kopie|copie|copia)(?: (\d{1,4})| ?\((\d{1,4})\))?\Z", re.I)
_COPY_OF = re.compile(r"\A(?:copy|kopie|copie|copia) (?:of|von|de|di) ", re.IGNORECASE)
_PLATFORM = re.compile(r"-(\d{1,3})\Z")


@dataclass(frozen=True)
class Reading:
    """One way to read a file's name."""

    stem: str
    """The name without folder, `.zip` and what was added to it."""
    numbers: tuple[int, ...] = ()
    """The numbers that were added, from left to right; none: the first attempt."""


def readings(file: str) -> Iterator[Reading]:
    """The readings of a file's name, from the least taken away to the most.

    What only browsers and desktops write is always taken away; `-1` only from the second reading
    on, because names and ids may end so.
    """
    reading = _without_copies(_bare(file), ())
    yield reading
    while found := _PLATFORM.search(reading.stem):
        left = reading.stem[: found.start()].rstrip()
        if not left:
            return
        reading = _without_copies(left, (int(found[1]), *reading.numbers))
        yield reading


def _bare(file: str) -> str:
    stem = PurePosixPath(file).name[-MAX_CHARS - 1 :]
    while (shorter := _ZIP.sub("", stem)) not in (stem, ""):
        stem = shorter
    return stem[:MAX_CHARS]


def _without_copies(stem: str, numbers: tuple[int, ...]) -> Reading:
    while found := _BROWSER.search(stem) or _COPY.search(stem):
        if not found.start():
            break
        number = next((group for group in found.groups() if group), "1")
        stem, numbers = stem[: found.start()].rstrip(), (int(number), *numbers)
    if found := _COPY_OF.match(stem):
        stem, numbers = stem[found.end() :] or stem, (1, *numbers)
    return Reading(stem, numbers)
