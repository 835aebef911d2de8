"""A file that may be a submission: where its bytes are, what it is called, who uploaded it."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import msgspec

from autograder.errors import AutograderError, RejectedSubmission
from autograder.intake.archive import IntakeLimits
from autograder.intake.class_zip import ClassZip
from autograder.intake.untrusted_text import in_words, shown, utf8
from autograder.report import Sender

ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
"""What is opened, or rejected with a sentence, as an archive."""
MAX_LABEL_BYTES = 150


class Source(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Where a submission's bytes are, as it travels to another process on the same machine."""

    path: bytes
    """Of an archive, of a folder, or of a class zip."""
    in_zip: bool = False
    """`members` are in a class zip."""
    members: tuple[bytes, ...] = ()
    """Paths that make up the submission and are packed; none: the file as it is."""
    base: int = 0
    """Bytes at the beginning of each member that are not part of its name in the submission."""
    as_it_is: bool = False
    """The only member is an archive in a class zip."""


@dataclass(frozen=True, order=True)
class FoundFile:
    """One file, folder or set of notebooks that somebody handed in."""

    name: str
    """What people call it: its path below the folder (or class zip) that was named."""
    source: Source
    sender: Sender | None = field(default=None, compare=False)
    why: str = field(default="", compare=False)
    """Why it waits without being opened, as a sentence; empty: it is graded."""

    @property
    def stem(self) -> str:
        name = PurePosixPath(self.name).name
        suffix = next((one for one in ARCHIVES if name.lower().endswith(one)), "")
        return name[: len(name) - len(suffix)] if suffix and len(name) > len(suffix) else name

    @property
    def label(self) -> str:
        """The name as one folder's name: two files of a class never share one."""
        folder = str(PurePosixPath(self.name).parent)
        stem = self.stem if folder == "." else f"{folder.replace('/', '+')}+{self.stem}"
        stem = utf8(stem).replace("\0", "_")
        data = stem.encode()
        if len(data) <= MAX_LABEL_BYTES:
            return stem
        digest = hashlib.sha256(data).hexdigest()[:8]
        return f"{data[:MAX_LABEL_BYTES].decode('utf-8', 'ignore').rstrip()}-{digest}"

    @property
    def own_name(self) -> str:
        """The name that the student gave it, without what a platform added."""
        return self.sender.file if self.sender else self.name

    def read_bytes(self, limits: IntakeLimits | None = None) -> bytes:
        return read_source(self.source, limits)


def as_found(file: Path | FoundFile) -> FoundFile:
    """A file named by its path alone."""
    if isinstance(file, FoundFile):
        return file
    return FoundFile(file.name, Source(os.fsencode(os.path.abspath(file))))


def read_source(source: Source, limits: IntakeLimits | None = None) -> bytes:
    """The bytes of an archive; a folder's or a class zip's files are packed into one, the same
    each time.

    Raises RejectedSubmission when it is over the limit, AutograderError when it cannot be read.
    """
    limits = limits or IntakeLimits()
    path = Path(os.fsdecode(source.path))
    try:
        if source.in_zip:
            with ClassZip(path) as archive:
                return _members(source, limits, lambda name, cap: archive.read(name.decode(), cap))
        if source.members:
            return _members(
                source, limits, lambda name, cap: _read_at_most(path / os.fsdecode(name), cap)
            )
        return _read(path, limits)
    except OSError as error:
        raise AutograderError(
            f"{shown(path)} cannot be read: {error.strerror}", detail=repr(error)
        ) from error


def _members(source: Source, limits: IntakeLimits, read: Callable[[bytes, int], bytes]) -> bytes:
    """The only member, if it is an archive; else all of them, packed."""
    if source.as_it_is:
        return read(source.members[0], limits.archive_bytes)
    if len(source.members) > limits.members:
        raise RejectedSubmission(f"The folder holds more than {limits.members} files.")
    left = limits.archive_bytes
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in source.members:
            data = read(member, left)
            left -= len(data)
            name = member[source.base :].decode("utf-8", "replace")
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _read(path: Path, limits: IntakeLimits) -> bytes:
    try:
        return _read_at_most(path, limits.archive_bytes)
    except RejectedSubmission:
        raise RejectedSubmission(
            f"The archive is larger than the limit of {in_words(limits.archive_bytes)}: "
            "leave data sets out."
        ) from None


def _read_at_most(path: Path, max_bytes: int) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise RejectedSubmission(
            f"The folder is larger than the limit of {in_words(IntakeLimits().archive_bytes)}: "
            "leave data sets out."
        )
    return data
