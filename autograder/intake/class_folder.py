"""The submissions of a class in one folder or in one zip, told from the names of files alone.

A file or folder that a platform named belongs to its sender, with all in it. Else an archive is a
submission; so is a folder with notebooks; loose notebooks of the same beginning (`Ada_lab.ipynb`,
`Ada_theory.ipynb`) are one.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import msgspec
from dgm.handin.look_alikes import is_notebook

from autograder.errors import AutograderError
from autograder.intake.archive import JUNK
from autograder.intake.found_file import ARCHIVES, FoundFile, Source
from autograder.intake.gradescope_metadata import MAX_BYTES, METADATA, senders_in
from autograder.intake.manifest import MANIFEST
from autograder.intake.platforms import is_text_of_platform, named_by_text, sender_of
from autograder.report import Platform, Sender

_TEXT_BYTES = 64 * 1024
_OF_PLATFORM = "written by the learning platform"
_NOT_A_SUBMISSION = "neither an archive nor a notebook"


@dataclass(frozen=True)
class Listing:
    """The files of a folder or of a class zip, by their paths below it, and how to read them."""

    name: str
    path: bytes
    files: list[str]
    read: Callable[[str, int], bytes]
    in_zip: bool = False

    def source(self, members: Iterable[str], base: str = "") -> Source:
        ordered = sorted(members)
        alone = len(ordered) == 1 and is_archive(ordered[0])
        if alone and not self.in_zip:
            return Source(os.path.join(self.path, self._bytes(ordered[0])))
        return Source(
            self.path,
            self.in_zip,
            tuple(map(self._bytes, ordered)),
            len(self._bytes(base)),
            as_it_is=alone,
        )

    def _bytes(self, name: str) -> bytes:
        return name.encode("utf-8", "strict" if self.in_zip else "surrogateescape")


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


@dataclass
class ClassFolder:
    """What is in a listing: `files`, and `aside` with what is no submission, and why."""

    listing: Listing
    notebooks: Collection[str] = ()
    """The names that the course's notebooks have, `lab.ipynb`."""
    platform: Platform | None = None
    may_be_one: bool = True
    """Whether the folder itself may be a submission, which then has its name."""
    is_one: Callable[[str], bool] = lambda name: False
    """Is this the name of one submission, `Ada_Lovelace_vae`?"""
    files: list[FoundFile] = field(default_factory=list)
    aside: dict[str, str] = field(default_factory=dict)

    def search(self) -> ClassFolder:
        left = [name for name in self.listing.files if not is_junk(name)]
        left = self._of_gradescope(left)
        left = self._of_platforms(left)
        if self.platform is None:
            left = self._archives(left)
            left = self._folders(left)
        self._others(left)
        return self

    def _add(
        self, name: str, members: Iterable[str], base: str = "", sender: Sender | None = None
    ) -> None:
        self.files.append(FoundFile(name, self.listing.source(members, base), sender))

    # Learning platforms

    def _of_gradescope(self, names: list[str]) -> list[str]:
        """Folders that a file of metadata next to them lists."""
        if self.platform not in (None, "gradescope"):
            return names
        used: set[str] = set()
        for table in [name for name in names if PurePosixPath(name).name == METADATA]:
            above = _folder(table)
            if any(sender_of(part) for part in above.split("/")) or table in used:
                continue  # a student's own file of that name
            try:
                senders = senders_in(self.listing.read(table, MAX_BYTES), table)
            except AutograderError as error:
                self.aside[table] = error.message
                continue
            used.add(table)
            for child, sender in senders.items():
                folder = f"{above}{child}/"
                if inside := [name for name in names if name.startswith(folder)]:
                    own = msgspec.structs.replace(sender, file=child)
                    self._add(folder.rstrip("/"), inside, folder, own)
                    used.update(inside)
        return [name for name in names if name not in used]

    def _of_platforms(self, names: list[str]) -> list[str]:
        """Files and folders with a platform's names: the outermost decides."""
        only = self.platform
        folders: dict[str, tuple[Sender, list[str]]] = {}
        loose: dict[tuple[str, str], list[tuple[str, Sender]]] = defaultdict(list)
        left = []
        for name in names:
            parts = name.split("/")
            for place, part in enumerate(parts):
                if is_text_of_platform(part):
                    self.aside[name] = _OF_PLATFORM
                    break
                if sender := sender_of(part, only):
                    above = "/".join(parts[: place + 1])
                    if place < len(parts) - 1:
                        folders.setdefault(above, (sender, []))[1].append(name)
                    elif is_archive(name):
                        self._add(name, [name], "", self._with_text(name, sender))
                    else:
                        loose[_folder(name), sender.account].append((name, sender))
                    break
            else:
                left.append(name)
        for above, (sender, inside) in folders.items():
            self._of_sender(above, sender, inside)
        for files in loose.values():
            self._loose(files)
        return left

    def _with_text(self, name: str, sender: Sender) -> Sender:
        """Blackboard says in a `.txt` who it was."""
        if sender.platform != "blackboard":
            return sender
        text = name[: len(name) - len(sender.file) - 1] + ".txt"
        if text not in self.listing.files:
            return sender
        try:
            data = self.listing.read(text, _TEXT_BYTES)
        except (AutograderError, OSError):
            return sender
        return named_by_text(sender, data.decode("utf-8", "replace"))

    def _of_sender(self, above: str, sender: Sender, inside: list[str]) -> None:
        """What is in one sender's folder: each archive, or all of it as one submission."""
        archives = [name for name in inside if is_archive(name)]
        for name in archives:
            own = msgspec.structs.replace(sender, file=name[len(above) + 1 :])
            self._add(name, [name], "", own)
        rest = [name for name in inside if name not in archives]
        if rest and (not archives or any(map(is_notebook, rest))):
            own = msgspec.structs.replace(sender, file=sender.file or PurePosixPath(above).name)
            self._add(above, rest, f"{above}/", own)
        else:
            self.aside |= dict.fromkeys(rest, _NOT_A_SUBMISSION)

    def _loose(self, files: list[tuple[str, Sender]]) -> None:
        """Files of one sender that are not archives: one submission, under the students' names."""
        names = [name for name, _ in files]
        bases = {len(name) - len(sender.file) for name, sender in files}
        name, sender = min(files)
        base = name[: bases.pop()] if len(bases) == 1 else _folder(name)
        self._add(name, names, base, sender)

    # Without a platform

    def _archives(self, names: list[str]) -> list[str]:
        for name in filter(is_archive, names):
            self._add(name, [name])
        return [name for name in names if not is_archive(name)]

    def _folders(self, names: list[str]) -> list[str]:
        """Folders with notebooks, one submission each; loose notebooks by their beginning."""
        below: dict[str, list[str]] = defaultdict(list)
        start = _common_start(names)
        for name in names:
            child, slash, _ = name[len(start) :].partition("/")
            below[child if slash else ""].append(name)
        top = below.pop("", [])
        if self.may_be_one and self._exact(top):
            with_notebooks = {c for c, inside in below.items() if any(map(is_notebook, inside))}
            beside = [n for c, inside in below.items() if c not in with_notebooks for n in inside]
            self._add(self.listing.name, [*top, *beside], start)
            below = {c: inside for c, inside in below.items() if c in with_notebooks}
            top = []
        left = self._by_beginning(top)
        for child, inside in below.items():
            left += self._folder(f"{start}{child}", inside)
        return left

    def _folder(self, folder: str, inside: list[str]) -> list[str]:
        """One submission; several where each has its own manifest, or notebooks of its own name."""
        notebooks = list(filter(is_notebook, inside))
        if not notebooks:
            return inside
        owned = {_folder(name) for name in inside if PurePosixPath(name).name == MANIFEST}
        owned = {place for place in owned if any(_folder(one) == place for one in notebooks)}
        if len(owned) > 1:
            left = []
            for place in sorted(owned):
                mine = [name for name in inside if name.startswith(place)]
                self._add(place.rstrip("/"), mine, place)
                left += mine
            return [name for name in inside if name not in left]
        flat = [name for name in notebooks if _folder(name) == f"{folder}/"]
        if len(flat) == len(notebooks) and not self._exact(flat):
            beginnings = {self._beginning(name) for name in flat}
            if len(beginnings) > 1:
                return self._by_beginning(inside)
        folder = self._named_as_one(folder, inside)
        self._add(folder, inside, f"{folder}/")
        return []

    def _named_as_one(self, folder: str, inside: list[str]) -> str:
        """The folder, or one that all of it lies in and that has a submission's name: students'
        folders come in folders of those who sent them on.
        """
        deeper = folder
        while not self.is_one(PurePosixPath(deeper).name):
            heads = {name[len(deeper) + 1 :].partition("/")[:2] for name in inside}
            if len(heads) > 1:
                return folder
            child, slash = heads.pop()
            if not slash:
                return folder
            deeper = f"{deeper}/{child}"
        return deeper

    def _by_beginning(self, names: list[str]) -> list[str]:
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name in filter(is_notebook, names):
            groups[_folder(name), self._beginning(name)].append(name)
        for (folder, beginning), files in groups.items():
            own = f"{folder}{beginning}" if beginning else min(files)
            self._add(own, files, folder)
        return [name for name in names if not is_notebook(name)]

    def _exact(self, names: list[str]) -> bool:
        """Has one of the files the very name of a notebook of the course?"""
        known = {name.casefold() for name in self.notebooks}
        return any(PurePosixPath(name).name.casefold() in known for name in names)

    def _beginning(self, name: str) -> str:
        """What stands before the course's name of a notebook: `Ada_Lovelace` of
        `Ada_Lovelace_lab.ipynb`."""
        stem = re.sub(r"\.ipynb(\.txt|\.json)?\Z", "", PurePosixPath(name).name, flags=re.I)
        words = "|".join(re.escape(one.removesuffix(".ipynb")) for one in self.notebooks)
        found = re.fullmatch(rf"(.*?)[ _-]*({words or 'a^'})([ _(-].*)?", stem, re.IGNORECASE)
        return found[1].strip(" _-") if found else stem

    def _others(self, names: list[str]) -> None:
        why = (
            f"its name is not one that {self.platform} gives"
            if self.platform
            else _NOT_A_SUBMISSION
        )
        for name in names:
            if self.platform and (is_archive(name) or is_notebook(name)):
                self.files.append(
                    FoundFile(name, self.listing.source([name]), why=f"{name}: {why} (--from)")
                )
            else:
                self.aside[name] = why


def is_junk(name: str) -> bool:
    """What operating systems, editors and Jupyter leave, hidden files, environments."""
    return bool(JUNK.search(name)) or any(part.startswith(".") for part in name.split("/"))


def _folder(name: str) -> str:
    """The folder of a path, with its slash; empty at the top."""
    return name[: name.rfind("/") + 1]


def _common_start(names: list[str]) -> str:
    """The only folder in which all is, if several folders are in it and no file."""
    start = ""
    while names:
        heads = {name[len(start) :].partition("/")[:2] for name in names}
        child, slash = next(iter(heads))
        deeper = f"{start}{child}/"
        inside = {name[len(deeper) :].partition("/")[:2] for name in names}
        n_folders = len({head for head, below in inside if below})
        if len(heads) > 1 or not slash or n_folders < 2 or n_folders < len(inside):
            return start
        start = deeper
    return start
