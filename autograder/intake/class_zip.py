"""The zip of a whole class, as a learning platform packs it: read from the disk, file by file.

What lies in it came from students, so no declared size is believed and nothing is unpacked to disk.
The checks of `archive.py` follow for each submission in it.
"""

from __future__ import annotations

import contextlib
import stat
import zipfile
from pathlib import Path
from types import TracebackType

from autograder.errors import AutograderError, RejectedSubmission
from autograder.intake.untrusted_text import clean, in_words, shown, utf8

MAX_ENTRIES = 200_000
_CHUNK = 64 * 1024


class ClassZip:
    """A zip on the disk; `files` are its regular files with a plain relative path.

    Raises AutograderError when it is not a zip that can be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except Exception as error:  # OSError, BadZipFile, and what else malformed data brings about
            raise AutograderError(
                f"{shown(path)} cannot be read as a zip", detail=repr(error)
            ) from error
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self.left_out: dict[str, str] = {}
        """By name, why a file is not among `files`."""
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            raise AutograderError(f"{shown(path)} holds more than {MAX_ENTRIES} files")
        for info in infos:
            name = utf8(info.orig_filename.replace("\\", "/"))
            if name.endswith("/"):
                continue
            if why := _why_not(name, info):
                self.left_out[name] = why
            elif name in self._infos:  # which of the two would be meant, nobody knows
                self.left_out[name] = "it is there twice"
            else:
                self._infos[name] = info
        for name in self.left_out:
            self._infos.pop(name, None)

    def __enter__(self) -> ClassZip:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._zip.close()

    @property
    def files(self) -> list[str]:
        return list(self._infos)

    def read(self, name: str, max_bytes: int) -> bytes:
        """The bytes of one file. Raises RejectedSubmission when it is damaged or larger."""
        parts, n_read = [], 0
        try:
            with self._zip.open(self._infos[name]) as stream:
                while chunk := stream.read(_CHUNK):
                    n_read += len(chunk)
                    if n_read > max_bytes:
                        raise RejectedSubmission(
                            f"The archive is larger than the limit of {in_words(max_bytes)}: "
                            "leave data sets out."
                        )
                    parts.append(chunk)
        except RejectedSubmission:
            raise
        except Exception as error:  # zipfile and zlib raise a dozen classes on malformed data
            raise RejectedSubmission(
                f"{clean(name, 80)} is damaged in {shown(self.path.name)}.", detail=repr(error)
            ) from error
        return b"".join(parts)


def _why_not(name: str, info: zipfile.ZipInfo) -> str:
    """Why an entry is not a file with a plain relative path; empty when it is one."""
    parts = name.split("/")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "it is not a file"
    if not parts[0] or ".." in parts or ":" in parts[0][:2]:
        return "its path leads out of the zip"
    return "it is encrypted" if info.flag_bits & 0x1 else ""
