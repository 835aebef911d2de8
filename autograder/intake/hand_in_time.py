"""Times of handing in, as others wrote them. None where ambiguous: nobody is late by a guess."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_FORM = re.compile(
    r"\A(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})?[ ]?"
    r"([Zz]|[+-]\d\d(?::?\d\d)?|[A-Za-z][\w/+-]*)?\Z",
    re.ASCII,
)


def parse_time(text: str, default: tzinfo | None = None) -> datetime | None:
    """`2026-12-15T22:10:00Z`, `2026-12-15 23:10 +0100`, `2026-12-15 22:10:00.000000 UTC`, in UTC.

    default: the zone of a time that names none; without it such a time is None, as are other
    forms (`03.12.2026`, `12/15/2026 11:30 PM`) and zones that are not known (`PST`).
    """
    match = _FORM.match(text.strip().lstrip("\ufeff"))
    if not match:
        return None
    day, minutes, seconds, fraction, named = match.groups()
    zone = _zone(named) if named else default
    if zone is None:
        return None
    try:
        time = datetime.fromisoformat(f"{day}T{minutes}{seconds or ':00'}{(fraction or '')[:7]}")
        return time.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(named: str) -> tzinfo | None:
    if named.upper() in ("Z", "UTC", "GMT"):
        return UTC
    if named[0] in "+-":
        digits = named[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return (
            timezone(-offset if named[0] == "-" else offset) if offset < timedelta(days=1) else None
        )
    try:
        return ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def iso(time: datetime) -> str:
    """A time in UTC as `2026-12-15T22:10:00Z`."""
    shown = time.astimezone(UTC).replace(tzinfo=None)
    return f"{shown.isoformat(timespec='microseconds' if shown.microsecond else 'seconds')}Z"
