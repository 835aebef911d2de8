"""The steps of handing in: check the files, ask who it is, write the archive."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from dgm.handin.archive import write_archive
from dgm.handin.contents import examine
from dgm.handin.dialogue import Dialogue
from dgm.handin.errors import Cancelled, HandInError, UsageError
from dgm.handin.identity import Field, Identity, archive_name, fields_of
from dgm.handin.kit import find_kit, only_part
from dgm.handin.pdf_copy import offer_pdf
from dgm.handin.trial import offer_trial

MAX_ASKED = 5
"""How often the declaration is asked for."""


class Options(NamedTuple):
    """What a student has said already; None where it is to be asked."""

    name: str | None = None
    id: str | None = None
    collaborators: str | None = None
    honest: bool = False
    slug: str | None = None
    output: str = "."
    force: bool = False
    pdf: bool = False
    group: str | None = None
    trial: bool = False
    part: str | None = None


def hand_in(root: Path, options: Options, dialogue: Dialogue) -> Path:
    """Check, ask, write; the absolute path of the archive.

    root: the folder of a kit or of the course. Raises HandInError, of which UsageError (options)
    and Cancelled (by the student) are kinds.
    """
    try:
        return _hand_in(root, options, dialogue)
    except OSError as error:
        raise HandInError(
            f"{error.filename or root} cannot be used ({error.strerror or error}): "
            "make it readable, then try again."
        ) from error


def _hand_in(root: Path, options: Options, dialogue: Dialogue) -> Path:
    kit = find_kit(root, options.slug, dialogue.example())
    if options.part is not None:
        kit = only_part(kit, options.part, dialogue.option("part"))
    fields = fields_of(kit.group_size)
    if options.group and "group" not in fields:
        raise UsageError(f"{dialogue.option('group')}: {kit.slug} is handed in alone.")
    given = _given(options, fields, kit.declaration, dialogue)
    part = f", part {kit.parts[kit.part].title!r}" if kit.part else ""
    dialogue.say(f"{kit.title} ({kit.slug}){part}, from {kit.folder}")
    if kit.parts and not kit.part:
        option, names = dialogue.option("part"), ", ".join(kit.parts)
        dialogue.say(f"  all parts are handed in; for one of them alone add {option} ({names})")
    contents = examine(kit)
    for line in contents.lines:
        dialogue.say(f"  {line}")
    for warning in contents.warnings:
        dialogue.say(f"  warning: {warning}")
    if contents.warnings and dialogue.interactive and not dialogue.confirm("Submit anyway?"):
        raise Cancelled("Nothing was written.")
    who = _ask_identity(given, fields, dialogue)
    if len(who.group.split()) >= max(kit.group_size, 2):
        raise UsageError(f"a group of {kit.slug} has {kit.group_size} members at most.")
    _ask_declaration(options.honest, kit.declaration, dialogue)
    folder = Path(os.path.abspath(os.path.expanduser(options.output)))
    target = folder / archive_name(kit.archive_name, who, kit.slug, kit.part)
    _confirm_overwriting(target, options.force, dialogue)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_archive(target, kit, contents, who)
    except OSError as error:
        raise HandInError(
            f"{target} could not be written ({error.strerror or error}): make room for it, "
            f"or name another folder with {dialogue.option('output')}."
        ) from error
    offer_pdf(kit, folder, options.pdf, dialogue)
    offer_trial(kit, target, options.trial, dialogue)
    dialogue.say("\nArchive written. Submit this file:")
    return target


def _given(
    options: Options, fields: dict[str, Field], declaration: str, dialogue: Dialogue
) -> dict[str, str]:
    """The valid values that were given, by field.

    Raises UsageError for a bad one and, when nobody can be asked, for those that are missing.
    """
    given: dict[str, str] = {}
    missing: list[str] = []
    for field, (_, valid) in fields.items():
        value = getattr(options, field)
        if value is None:
            missing.append(dialogue.option(field))
            continue
        try:
            given[field] = valid(str(value))
        except ValueError as error:
            raise UsageError(f"{dialogue.option(field)}: {error}.") from error
    if not options.honest:
        missing.append(dialogue.option("honest"))
    if missing and not dialogue.interactive:
        told = f"{dialogue.nobody}, so these are needed: {', '.join(missing)}."
        if not options.honest:
            told += f' With {dialogue.option("honest")} you declare: "{declaration}"'
        raise UsageError(told)
    return given


def _ask_identity(given: dict[str, str], fields: dict[str, Field], dialogue: Dialogue) -> Identity:
    values = dict(given)
    for field, (prompt, valid) in fields.items():
        while field not in values:
            try:
                values[field] = valid(dialogue.ask(prompt))
            except ValueError as error:
                dialogue.say(f"  {error}")
    return Identity(**values)


def _ask_declaration(honest: bool, declaration: str, dialogue: Dialogue) -> None:
    dialogue.say(f"\nDeclaration: {declaration}")
    if honest:
        dialogue.say(f"  accepted with {dialogue.option('honest')}")
    elif not _confirmed(dialogue):
        raise Cancelled("The declaration is required, so nothing was written.")


def _confirmed(dialogue: Dialogue) -> bool:
    """A slip of the finger costs nothing that was typed before: what is neither yes nor no is asked
    again.
    """
    for _ in range(MAX_ASKED):
        answer = dialogue.ask("Do you confirm this declaration? Type yes: ").lower()
        if answer in ("yes", "no", "n"):
            return answer == "yes"
        dialogue.say("  Type the whole word yes to confirm, or no to cancel.")
    return False


def _confirm_overwriting(target: Path, force: bool, dialogue: Dialogue) -> None:
    if not os.path.lexists(target):
        return
    elsewhere = f"another folder with {dialogue.option('output')}"
    if target.is_dir():
        raise HandInError(f"{target} is a folder: move it away, or name {elsewhere}.")
    if force:
        return
    if not dialogue.interactive:
        raise HandInError(
            f"{target} already exists: replace it with {dialogue.option('force')}, "
            f"or name {elsewhere}."
        )
    if not dialogue.confirm(f"{target} already exists. Replace it?"):
        raise Cancelled("The earlier archive was kept.")
