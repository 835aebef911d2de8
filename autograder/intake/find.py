"""Files that may be submissions, in what people have: zips, folders, notebooks, and the bulk
downloads of learning platforms, zipped or unpacked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dgm.handin.look_alikes import is_notebook

from autograder.errors import AutograderError, UsageError
from autograder.intake.archive import IntakeLimits
from autograder.intake.class_folder import ClassFolder, Listing, is_archive, is_junk
from autograder.intake.class_zip import ClassZip
from autograder.intake.found_file import FoundFile, as_found, read_source
from autograder.intake.gradescope_metadata import METADATA
from autograder.intake.platforms import PLATFORMS, sender_of
from autograder.intake.untrusted_text import listing, shown
from autograder.report import Platform

MAX_FILES = 200_000
"""In a folder that is searched: more are no class."""


@dataclass
class Found:
    """What was found: submissions, and what is none, each with its reason."""

    files: list[FoundFile] = field(default_factory=list)
    aside: dict[str, str] = field(default_factory=dict)
    """By path, why a file is not a submission."""


@dataclass(frozen=True)
class Search:
    """What to look for.

    notebooks: names that the course's notebooks have, `lab.ipynb`. platform: the one from which all
    files come; a file whose name does not fit waits. is_one: is this the name of one submission, so
    that a zip of this name is never that of a class?
    """

    notebooks: Collection[str] = ()
    platform: Platform | None = None
    is_one: Callable[[str], bool] = lambda name: False


def find_submissions(paths: Sequence[Path], search: Search | None = None) -> list[FoundFile]:
    """The submissions of `find`."""
    return find(paths, search).files


def find(paths: Sequence[Path], search: Search | None = None) -> Found:
    """What somebody handed in, in the files and folders named; sorted by path, each once.

    Raises UsageError when a path does not exist, or when nothing at all can be a submission.
    """
    search = search or Search()
    if search.platform is not None and search.platform not in PLATFORMS:
        raise UsageError(f"--from {search.platform}: choose one of {', '.join(PLATFORMS)}")
    found, seen = Found(), set()
    classes: dict[FoundFile, Found] = {}
    for made in _in_paths(list(map(Path, paths)), search):
        found.aside |= made.aside
        for one in made.files:
            if (once := _once(one)) not in seen:
                seen.add(once)
                found.files.append(one)
    for one in found.files:
        if opened := _class_zip(one, search):
            classes[one] = opened
    _open_class_zips(found, classes, search)
    if not found.files:
        where = shown(paths[0]) if len(paths) == 1 else "these folders"
        others = listing(sorted(found.aside))
        raise UsageError(
            f"there is nothing to grade in {where}: no archive and no notebook"
            + (f" (it has {others})" if others else "")
        )
    found.files.sort(key=lambda one: (one.source, one.name))
    return found


def _in_paths(paths: list[Path], search: Search) -> Iterator[Found]:
    """What is in each folder, each archive, and the notebooks that lie in one folder."""
    notebooks: dict[Path, list[str]] = {}
    for path in paths:
        if path.is_dir():
            yield _in_folder(path, _listed(path), search)
        elif not path.is_file():
            raise UsageError(f"there is no file or folder {shown(path)}")
        elif is_notebook(path.name):
            notebooks.setdefault(path.parent, []).append(path.name)
        else:
            yield Found([replace(as_found(path), sender=sender_of(path.name, search.platform))])
    for folder, names in notebooks.items():
        yield _in_folder(folder, _listed(folder, names), search, may_be_one=False)


def _in_folder(folder: Path, files: Listing, search: Search, *, may_be_one: bool = True) -> Found:
    made = ClassFolder(files, search.notebooks, search.platform, may_be_one, search.is_one).search()
    return Found(made.files, {str(folder / name): why for name, why in made.aside.items()})


def _listed(folder: Path, names: list[str] | None = None) -> Listing:
    """All files below a folder; links to folders are not followed."""
    files: list[str] = list(names or [])

    def stop(error: OSError) -> None:
        raise UsageError(f"{shown(folder)} cannot be read: {error.strerror}") from error

    for where, children, here in os.walk(folder, onerror=stop) if names is None else ():
        below = os.path.relpath(where, folder)
        start = "" if below == "." else f"{below}/"
        children[:] = sorted(one for one in children if not is_junk(one))
        files += [f"{start}{name}" for name in sorted(here)]
        if len(files) > MAX_FILES:
            raise UsageError(f"{shown(folder)} holds more than {MAX_FILES} files: name a subfolder")
    files = [name for name in files if (folder / name).is_file()]
    path = os.fsencode(os.path.abspath(folder))

    def read(name: str, max_bytes: int) -> bytes:
        with (folder / name).open("rb") as stream:
            return stream.read(max_bytes)

    return Listing(folder.resolve().name, path, files, read)


def _once(file: FoundFile) -> tuple[object, ...]:
    """The same for one file, whatever path leads to it."""
    source = file.source
    whole = os.fsdecode(source.path)
    path = os.path.realpath(whole)
    return (path, *source.members) if source.members else (path,)


def _class_zip(file: FoundFile, search: Search) -> Found | None:
    """The submissions in a zip of a class; None if it is not one."""
    name, source = file.name, file.source
    is_zip = name.lower().endswith(".zip") and not source.members
    if file.sender or search.is_one(name) or not is_zip:
        return None
    path = Path(os.fsdecode(source.path))
    try:
        with ClassZip(path) as archive:
            names = [one for one in archive.files if not is_junk(one)]
            if not _holds_a_class(names):
                return None
            members = Listing(
                path.stem, os.fsencode(os.path.abspath(path)), names, archive.read, True
            )
            made = ClassFolder(
                members, search.notebooks, search.platform, is_one=search.is_one
            ).search()
            aside = made.aside | archive.left_out
    except AutograderError:
        return None  # what is wrong with it the student reads when it is graded
    return Found(made.files, {f"{path}/{one}": why for one, why in aside.items()})


def _holds_a_class(names: list[str]) -> bool:
    """Names as a platform gives them, several archives, or an archive and no notebook; or several
    folders with notebooks, none of them in the other, and nothing beside them.
    """
    if any(one.rpartition("/")[2] == METADATA for one in names):
        return True
    if any(sender_of(part) for one in names for part in one.split("/")):
        return True
    notebooks = [one for one in names if is_notebook(one)]
    if not notebooks:
        return any(map(is_archive, names))
    folders = {
        one.rpartition("/")[0] for one in names if one.rpartition("/")[2] == "submission.json"
    }
    return len(folders) > 1 and "" not in folders


def _open_class_zips(found: Found, classes: dict[FoundFile, Found], search: Search) -> None:
    """Put what is in zips of classes in their place.

    A student could pack a zip that looks like one, with files of somebody else in it. So next to
    ordinary submissions such a zip waits, unless `--from` says that it is a download.
    """
    ordinary = [one for one in found.files if one not in classes]
    for one, opened in classes.items():
        found.files.remove(one)
        only = len(opened.files) == 1 and opened.files[0].sender is None
        if not ordinary or search.platform or only:
            if only and ordinary:  # a zip in a zip: intake opens it
                found.files.append(one)
                continue
            found.files += opened.files
            found.aside |= opened.aside
        else:
            why = (
                f"{one.name}: looks like the download of a whole class (submissions in it: "
                f"{len(opened.files)}). Grade it by itself, or name its platform with --from"
            )
            found.files.append(replace(one, why=why))


def read_file(file: Path | FoundFile, limits: IntakeLimits | None = None) -> bytes:
    """The bytes of a submission's archive. Raises RejectedSubmission when it is over the limit,
    AutograderError when it cannot be read.
    """
    return read_source(as_found(file).source, limits)
