"""A zip file from a stranger, read in memory: nothing is written to disk, no declared size is
believed.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from autograder.errors import RejectedSubmission
from autograder.intake.untrusted_text import clean, in_words

MIB = 2**20
JUNK = re.compile(
    r"(^|/)(__MACOSX|\.ipynb_checkpoints|__pycache__)(/|$)"
    r"|(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|Icon\r|~\$[^/]*)$",
    re.IGNORECASE,
)
"""What operating systems, Office and Jupyter leave in archives."""
MACHINERY = re.compile(
    r"(^|/)(\.venv|venv|\.git|\.svn|\.hg|node_modules|site-packages|\.[a-z]+_cache|\.cache"
    r"|\.idea|\.vscode)/",
    re.IGNORECASE,
)
"""Environments, version control and caches: thousands of files that nobody meant to hand in."""

_OTHER_FORMATS = {
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x1f\x8b": "a gzip archive",
    b"{": "a notebook or other JSON file",
}
_CHUNK = 64 * 1024
UTF_8 = 0x800
"""The flag of a name in UTF-8."""
UNICODE_PATH = 0x7075
END_OF_CONTENTS = b"PK\x05\x06"
ONE_DISK = (bytes(4), b"\xff" * 4)
"""The numbers of the disk, and of that on which the contents begin; the second in a ZIP64."""


@dataclass(frozen=True)
class IntakeLimits:
    """How much of a submission is read. Bytes are of the unpacked data unless said otherwise."""

    archive_bytes: int = 128 * MIB
    """Of the zip itself, and of a zip inside it."""
    members: int = 2000
    """Files and folders, without what is ignored."""
    entries: int = 50_000
    """The same with it."""
    unpacked_bytes: int = 512 * MIB
    """Of everything together, all levels."""
    ratio: int = 100
    ratio_from_bytes: int = 24 * MIB
    """A ratio above `ratio` is a bomb from this size on: a notebook with a runaway print compresses
    as well, but is smaller.
    """
    path_chars: int = 400
    notebook_bytes: int = 20 * MIB
    """Of a notebook, outputs of more than a megabyte left out."""
    large_notebook_bytes: int = 64 * MIB
    """Of one with all its outputs."""
    artifacts_bytes: int = 64 * MIB
    manifest_bytes: int = 256 * 1024
    safetensors_header_bytes: int = MIB
    name_chars: int = 120
    collaborators_chars: int = 1000


class Budget:
    """Members and unpacked bytes that one submission may still use, over all its levels."""

    def __init__(self, limits: IntakeLimits) -> None:
        self.limits = limits
        self.members = limits.members
        self.unpacked_bytes = limits.unpacked_bytes


class UntrustedZip:
    """A zip whose table of contents has been checked; `paths` are its files without junk and
    folders, as normal relative paths.

    Raises RejectedSubmission with a sentence for the student. `what` begins the sentences ("The
    archive", or the one inside it).
    """

    def __init__(self, data: bytes, budget: Budget, what: str = "The archive") -> None:
        self.what = what
        self._budget = budget
        self._zip = _open(data, what, budget)
        every = self._zip.infolist()
        infos = [info for info in every if not _ignored(_name(info))]
        self.notes: list[str] = []
        """What a reader should know about the archive."""
        if n_machinery := sum(bool(MACHINERY.search(_name(info))) for info in every):
            self.notes.append(
                f"{n_machinery} files of an environment, of version control or of caches were "
                "ignored."
            )
        only_backslashes = not any("/" in _name(info) for info in infos)
        self._infos: dict[str, zipfile.ZipInfo] = {}
        spellings: dict[str, str] = {}
        for info in infos:
            if "\\" in _name(info) and not only_backslashes:
                self.notes.append(
                    f"{clean(_name(info), 80)} was left out: its name has a backslash."
                )
                continue
            path = self._checked_path(info)
            self._check_kind(info, path)
            if _is_folder(info):
                continue
            # Two names that a Mac or Windows disk would hold as one are as ambiguous as the same
            # name twice.
            spelling = unicodedata.normalize("NFC", path).casefold()
            if spelling in spellings:
                raise self._rejected(
                    f"holds {clean(path, 80)} twice (as {clean(spellings[spelling], 80)}). Hand "
                    "in one of each file"
                )
            spellings[spelling] = path
            self._infos[path] = info
        self._check_sizes(infos, len(data))
        self._check_overlaps(every, data)
        if not self._infos:
            raise self._rejected("holds no files")

    @property
    def paths(self) -> list[str]:
        return list(self._infos)

    def size(self, path: str) -> int:
        """The declared size: good enough to skip a file, not to trust one."""
        return self._infos[path].file_size

    def read(self, path: str, max_bytes: int) -> bytes:
        """The bytes of one file, at most `max_bytes`. Raises RejectedSubmission when it is damaged
        or larger.
        """
        name = clean(path, 80)
        cap = min(max_bytes, self._budget.unpacked_bytes)
        too_large = f"holds {name}, which is larger than the limit of {in_words(cap)}"
        if self.size(path) > cap:
            raise self._rejected(
                f"{too_large} ({in_words(self.size(path))}). Clear large outputs and zip it again"
            )
        parts, n_read = [], 0
        try:
            with self._zip.open(self._infos[path]) as stream:
                while chunk := stream.read(_CHUNK):
                    n_read += len(chunk)
                    if n_read > cap:
                        raise self._rejected(too_large)
                    parts.append(chunk)
        except RejectedSubmission:
            raise
        except Exception as error:  # zipfile and zlib raise a dozen classes on malformed data
            raise self._rejected(
                f"is damaged: {name} cannot be unpacked. Zip it again", repr(error)
            ) from error
        if n_read != self.size(path):
            raise self._rejected(f"is damaged: {name} is cut off. Zip it again")
        self._budget.unpacked_bytes -= n_read
        return b"".join(parts)

    def _rejected(self, sentence: str, detail: str = "") -> RejectedSubmission:
        return RejectedSubmission(f"{self.what} {sentence}.", detail=detail)

    def _checked_path(self, info: zipfile.ZipInfo) -> str:
        name = _name(info).replace("\\", "/")  # PowerShell 5 writes `vae\lab.ipynb`
        shown = clean(name, 80)
        if len(name) > self._budget.limits.path_chars:
            raise self._rejected(
                f"holds a file whose name is {len(name)} characters long ({shown})"
            )
        if any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
            raise self._rejected(f"holds a file whose name has control characters ({shown})")
        if name.startswith("/") or re.match(r"[A-Za-z]:", name):
            raise self._rejected(f"holds an absolute path ({shown})")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise self._rejected(f"holds a path that leads out of it ({shown})")
        if not parts and not _is_folder(info):
            raise self._rejected("holds a file without a name")
        return "/".join(parts)

    def _check_kind(self, info: zipfile.ZipInfo, path: str) -> None:
        shown = clean(path, 80)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise self._rejected(f"holds a link ({shown}). Put the file itself into the archive")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (
            kind == stat.S_IFDIR and not _is_folder(info)
        ):
            raise self._rejected(f"holds something that is neither a file nor a folder ({shown})")
        if info.flag_bits & 0x2041:  # encrypted, strongly encrypted, or with masked headers
            raise self._rejected(f"is encrypted ({shown}). Zip it without a password")
        # bzip2 and LZMA give no bound on the memory that one read takes.
        if (
            info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            or info.flag_bits & 0x20
        ):
            raise self._rejected(
                f"uses an unusual compression method ({shown}). Make an ordinary zip, as "
                "collect_submission.sh does"
            )

    def _check_sizes(self, infos: list[zipfile.ZipInfo], archive_bytes: int) -> None:
        limits = self._budget.limits
        self._budget.members -= len(infos)
        if self._budget.members < 0:
            raise self._rejected(f"holds more than {limits.members} files and folders")
        total = sum(info.file_size for info in infos)
        pairs = [(info.file_size, info.compress_size) for info in infos] + [(total, archive_bytes)]
        if any(
            size > limits.ratio_from_bytes and size > limits.ratio * packed
            for size, packed in pairs
        ):
            raise self._rejected(
                f"unpacks to more than {limits.ratio} times its size ({in_words(total)}), as a "
                "zip bomb does"
            )
        if total > self._budget.unpacked_bytes:
            raise self._rejected(
                f"unpacks to {in_words(total)}; the limit is {in_words(limits.unpacked_bytes)}: "
                "leave data sets out"
            )

    def _check_overlaps(self, infos: list[zipfile.ZipInfo], data: bytes) -> None:
        """Each file has its own bytes: overlapping files are how a small archive unpacks to a huge
        one (Fifield 2019).
        """
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            start = info.header_offset
            header = data[start : start + 30] if start >= 0 else b""
            if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
                raise self._rejected(
                    "is damaged: its table of contents points nowhere. Zip it again"
                )
            if start < end:
                raise self._rejected("holds files that overlap each other, as in a zip bomb")
            name_bytes, extra_bytes = struct.unpack("<HH", header[26:30])
            end = start + 30 + name_bytes + extra_bytes + info.compress_size
        if end > self._zip.start_dir:
            raise self._rejected("holds files that overlap its table of contents, as in a zip bomb")


def _name(info: zipfile.ZipInfo) -> str:
    """The name under which programs unpack an entry: that of its Unicode Path field (Info-ZIP,
    APPNOTE 4.6.9) where it has one that belongs to the name beside it, else this name, whole
    (zipfile cuts `filename` at a NUL).
    """
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & UTF_8 else "cp437")
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and field[:5] == struct.pack("<BI", 1, zlib.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
    return info.orig_filename


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return _name(info).endswith(("/", "\\"))  # Python 3.11's own is_dir() raises for an empty name


def _open(data: bytes, what: str, budget: Budget) -> zipfile.ZipFile:
    if not data:
        raise RejectedSubmission(f"{what} is empty (0 bytes). The upload may have failed.")
    if len(data) > budget.limits.archive_bytes:
        raise RejectedSubmission(
            f"{what} has {in_words(len(data))}; the limit is "
            f"{in_words(budget.limits.archive_bytes)}. Leave data sets out."
        )
    # Counted before zipfile builds an object for each entry.
    if data.count(b"PK\x01\x02") > budget.limits.entries:
        raise RejectedSubmission(
            f"{what} holds more than {budget.limits.entries} files and folders."
        )
    end = data.rfind(END_OF_CONTENTS)
    if end >= 0 and data[end + 4 : end + 8] not in ONE_DISK:
        raise RejectedSubmission(
            f"{what} is one part of a zip that was split into several files. Make one zip."
        )
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except UnicodeDecodeError as error:
        raise RejectedSubmission(
            f"{what} has file names in an unknown encoding. Use plain letters.", detail=repr(error)
        ) from error
    except NotImplementedError as error:
        raise RejectedSubmission(
            f"{what} needs an unusual version of zip. Make an ordinary zip.", detail=repr(error)
        ) from error
    except (
        Exception
    ) as error:  # BadZipFile, struct.error, ValueError, OverflowError, ... on malformed data
        raise RejectedSubmission(f"{what} {_not_a_zip(data)}.", detail=repr(error)) from error


def _not_a_zip(data: bytes) -> str:
    if data.startswith(b"PK"):
        return (
            "is damaged or cut off (its table of contents cannot be read). Zip and upload it again"
        )
    if data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
        return (
            "is a web page and not a zip file: perhaps of a login. Log in, and download or upload "
            "it again"
        )
    kinds = [kind for magic, kind in _OTHER_FORMATS.items() if data.startswith(magic)]
    return f"is not a zip file but {kinds[0]}. Hand in a zip file" if kinds else "is not a zip file"


def _ignored(name: str) -> bool:
    """Is it what nobody meant to hand in? It is never read, so nothing else about it matters."""
    path = name.replace("\\", "/")
    if ".." in path.split("/"):
        return False
    return bool(JUNK.search(path) or MACHINERY.search(path))
