"""`submission_metadata.yml` of a Gradescope export: who handed in which folder, with whom, when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from autograder.errors import AutograderError
from autograder.intake.hand_in_time import iso, parse_time
from autograder.intake.untrusted_text import clean
from autograder.report import Member, Sender

METADATA = "submission_metadata.yml"
MAX_BYTES = 64 * 2**20
MAX_CHARS = 100
MAX_MEMBERS = 200


def senders_in(data: bytes, where: str) -> dict[str, Sender]:
    """By folder (`submission_11`), its sender; the first submitter stands for the group.

    Raises AutograderError that names the file when it cannot be read.
    """
    import yaml

    try:
        loaded = _loader()(data.decode("utf-8-sig")).get_single_data()
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise AutograderError(
            f"{where} cannot be read. Download the export again", detail=repr(error)
        ) from error
    tables = loaded.items() if isinstance(loaded, dict) else ()
    return {str(folder): _sender(table) for folder, table in tables if isinstance(table, dict)}


def _loader() -> Any:
    """PyYAML's safe loader, in C if it is there: an export of a large class has megabytes."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _sender(table: dict[Any, Any]) -> Sender:
    people = [
        Member(id=_text(one, "sid"), name=_text(one, "name"), email=_text(one, "email"))
        for one in first_members(_get(table, "submitters"))
        if isinstance(one, dict)
    ]
    first = people[0] if people else Member()
    return Sender(
        platform="gradescope",
        name=first.name,
        id=first.id,
        email=first.email,
        account=first.email or first.id,
        time=_time(_get(table, "created_at")),
        group=people if len(people) > 1 else [],
    )


def first_members(value: Any) -> list[Any]:
    """Of a list of people as Gradescope writes it, as many as are looked at."""
    return value[:MAX_MEMBERS] if isinstance(value, list) else []


def _get(table: dict[Any, Any], key: str) -> Any:
    """Ruby writes symbols as keys: `:name`."""
    return table.get(f":{key}", table.get(key))


def _text(table: dict[Any, Any], key: str) -> str:
    value = _get(table, key)
    return clean(str(value), MAX_CHARS) if isinstance(value, str | int) else ""


def _time(value: Any) -> str:
    if isinstance(value, datetime):  # YAML's own times; without a zone they are in UTC
        value = value if value.tzinfo else value.replace(tzinfo=UTC)
        try:
            return iso(value.replace(microsecond=0))
        except OverflowError:  # the year 1 or 9999, and a zone
            return ""
    time = parse_time(value, UTC) if isinstance(value, str) else None
    return iso(time.replace(microsecond=0)) if time else ""
