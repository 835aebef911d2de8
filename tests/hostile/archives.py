"""Hostile and broken zips. `pack` writes every header field as told, so that each can lie."""

from __future__ import annotations

import io
import json
import stat
import struct
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import nbformat

from tests.hostile.attack import HONEST, SLUG, Attack, Material

STORED, DEFLATED = 0, 8
MIB = 2**20
_U32 = 0xFFFFFFFF


@dataclass
class Entry:
    """One file of a hand-made zip. Fields that are None tell the truth; `told_*` are of the table
    of contents, `local_*` of the header.
    """

    name: str | bytes
    data: bytes = b""
    method: int = DEFLATED
    flags: int = 0
    mode: int = stat.S_IFREG | 0o644
    needs: int = 20
    crc: int | None = None
    told_size: int | None = None
    told_packed: int | None = None
    local_size: int | None = None
    local_name: bytes | None = None
    at: int | None = None
    """Offset of bytes that are there already: this entry adds none of its own."""
    extra: bytes = b""
    """Of the table of contents."""
    listed: bool = True


def deflate(data: bytes, level: int = 6) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def local_header(
    name: bytes, method: int, crc: int, packed: int, size: int, flags: int = 0, needs: int = 20
) -> bytes:
    return (
        struct.pack(
            "<4s5H3L2H", b"PK\3\4", needs, flags, method, 0, 0x21, crc, packed, size, len(name), 0
        )
        + name
    )


def pack(
    entries: list[Entry],
    *,
    start: bytes = b"",
    comment: bytes = b"",
    end: bytes = b"",
    adjusted: bool = True,
) -> bytes:
    """The zip of `entries` between the bytes `start` and `end`; `adjusted`: its offsets count the
    bytes of `start`.
    """
    out, directory = bytearray(start), bytearray()
    for entry in entries:
        name = entry.name.encode() if isinstance(entry.name, str) else entry.name
        flags = entry.flags | (
            0 if isinstance(entry.name, bytes) or entry.name.isascii() else 0x800
        )
        packed = (
            deflate(entry.data, 1 if len(entry.data) > MIB else 6)
            if entry.method == DEFLATED
            else entry.data
        )
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        size, told_packed = (
            _or(entry.told_size, len(entry.data)),
            _or(entry.told_packed, len(packed)),
        )
        offset = _or(entry.at, len(out)) - (0 if adjusted else len(start))
        if entry.at is None:
            local = _or(entry.local_size, len(entry.data))
            local_name = name if entry.local_name is None else entry.local_name
            out += (
                local_header(local_name, entry.method, crc, len(packed), local, flags, entry.needs)
                + packed
            )
        if entry.listed:
            directory += struct.pack(
                *(
                    "<4s2B5H3L5H2L",
                    b"PK\1\2",
                    20,
                    3,
                    entry.needs,
                    flags,
                    entry.method,
                    0,
                    0x21,
                    crc,
                    told_packed,
                    size,
                ),
                *(len(name), len(entry.extra), 0, 0, 0, entry.mode << 16, offset),
            )
            directory += name + entry.extra
    n_listed = min(sum(entry.listed for entry in entries), 0xFFFF)
    where = len(out) - (0 if adjusted else len(start))
    tail = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, n_listed, n_listed, len(directory), where, len(comment)
    )
    return bytes(out + directory + tail + comment + end)


def _or(told: int | None, true: int) -> int:
    return true if told is None else told


def manifest(material: Material, **changes: Any) -> bytes:
    """submission.json as collect_submission.sh writes it, without digests."""
    told = {
        "schema": 1,
        "slug": SLUG,
        "name": material.manifest["name"],
        "id": material.manifest["id"],
    }
    return json.dumps(told | {"collaborators": "None", "declaration": True} | changes).encode()


def honest(material: Material, replaced: Mapping[str, bytes] | None = None) -> list[Entry]:
    """The files of an honest submission; `replaced` puts other bytes in the place of some."""
    notebooks = {
        f"{name}.ipynb": nbformat.writes(notebook).encode()
        for name, notebook in material.notebooks().items()
    }
    files = {"submission.json": manifest(material)} | notebooks | dict(replaced or {})
    return [Entry(name, data) for name, data in files.items()]


def with_entries(*added: Entry, **how: Any) -> Callable[[Material], bytes]:
    """Builds an honest submission that also holds `added`."""
    return lambda material: pack([*honest(material), *added], **how)


def with_files(files: Mapping[str, bytes], folder: str = "") -> Callable[[Material], bytes]:
    def build(material: Material) -> bytes:
        entries = honest(material)
        for entry in entries:
            entry.name = f"{folder}{entry.name!s}"
        return pack(entries + [Entry(folder + name, data) for name, data in files.items()])

    return build


def changed(name: str, **fields: Any) -> Callable[[Material], bytes]:
    """Builds an honest submission with other header fields for one of its files."""

    def build(material: Material) -> bytes:
        entries = honest(material)
        for entry in entries:
            if entry.name == name:
                for field, value in fields.items():
                    setattr(entry, field, value)
        return pack(entries)

    return build


def nested(levels: int) -> Callable[[Material], bytes]:
    def build(material: Material) -> bytes:
        data = pack(honest(material))
        for level in range(levels):
            data = pack([Entry(f"inner{level}.zip", data, STORED)])
        return data

    return build


def _quoted_overlap(material: Material, n: int = 20) -> bytes:
    """Fifield 2019, "A better zip bomb": each file quotes the next one's header in a stored block
    and shares all that follows.
    """
    names = [b"%d" % number for number in range(n)]
    content, packed = bytes(MIB), deflate(bytes(MIB), 9)
    chain = b""
    files: list[Entry] = []
    sizes: list[tuple[int, int, int]] = []
    for name in reversed(names):
        header = local_header(name, DEFLATED, zlib.crc32(content), len(packed), len(content))
        sizes.append((zlib.crc32(content), len(packed), len(content)))
        chain = header + packed
        content, packed = (
            header + content,
            b"\0" + struct.pack("<HH", len(header), len(header) ^ 0xFFFF) + header + packed,
        )
    offset = 0
    for name, (crc, n_packed, size) in zip(names, reversed(sizes), strict=True):
        files.append(Entry(name, at=offset, crc=crc, told_packed=n_packed, told_size=size))
        offset += 30 + len(name) + 5
    return pack(files + honest(material), start=chain)


def _full_overlap(material: Material) -> bytes:
    """Every entry of the table of contents is one and the same megabyte."""
    block = bytes(MIB)
    packed = deflate(block)
    start = local_header(b"f0", DEFLATED, zlib.crc32(block), len(packed), MIB) + packed
    return pack(
        [
            Entry(f"f{n}", at=0, crc=zlib.crc32(block), told_packed=len(packed), told_size=MIB)
            for n in range(20)
        ],
        start=start,
    )


def _zip64_end(material: Material) -> bytes:
    """A zip64 end record whose table of contents lies at 2^60 and takes 2^60 bytes."""
    data = pack(honest(material))
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 3, 3, 2**60, 2**60)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(data) - 22, 1)
    return data[:-22] + record + locator + data[-22:]


def _tar(material: Material, mode: Literal["w", "w:gz"] = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for entry in honest(material):
            info = tarfile.TarInfo(str(entry.name))
            info.size = len(entry.data)
            archive.addfile(info, io.BytesIO(entry.data))
    return buffer.getvalue()


def _no_notebook_but(*names: str) -> Callable[[Material], bytes]:
    """The honest lab and manifest, but under these names."""
    return lambda material: pack([Entry(name, honest(material)[1].data) for name in names])


def _symlinked(material: Material) -> bytes:
    return pack(
        [Entry("lab.ipynb", b"../../source/vae/lab.ipynb", STORED, mode=stat.S_IFLNK | 0o777)]
    )


def _path(name: str | bytes) -> Callable[[Material], bytes]:
    return with_entries(Entry(name, b"written outside"))


_POISON = b"raise SystemExit('a file of the submission was imported')\n"
_REPLACED_COURSE = b"def __getattr__(name):\n    return lambda *args, **kwargs: 1 / 0\n" + _POISON
_ZEROS = bytes(10 * MIB)
_SECRET_NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'

Row = tuple[str, str, Callable[[Material], bytes]]

_OUTSIDE = "overwrites a file of the grading machine"
_FILLS = "fills the memory of the grading machine"
_TWO_READERS = "shows the grader one notebook and another tool a different one"
_BREAKS = "stops the run with an archive that no reader expects"

REJECTED: list[Row] = [
    (
        "unicode_path_extra",
        _OUTSIDE,
        with_entries(
            Entry("x", extra=struct.pack("<HHBL6s", 0x7075, 11, 1, zlib.crc32(b"x"), b"../../"))
        ),
    ),
    ("traversal", _OUTSIDE, _path("../../autograder/checks/judge.py")),
    ("traversal_inside", _OUTSIDE, _path("vae/../../x.py")),
    ("traversal_in_junk", _OUTSIDE, _path("__MACOSX/../../x.py")),
    ("traversal_artifact", _OUTSIDE, _path("artifacts/../../vae.safetensors")),
    ("absolute", _OUTSIDE, _path("/root/.bashrc")),
    ("backslashes", _OUTSIDE, _path("..\\..\\autograder\\checks\\judge.py")),
    ("drive_letter", _OUTSIDE, _path("C:/Windows/win.ini")),
    ("drive_relative", _OUTSIDE, _path("C:x.py")),
    ("unc", _OUTSIDE, _path("//server/share/x.py")),
    ("unc_backslashes", _OUTSIDE, _path("\\\\server\\share\\x.py")),
    ("overlong_utf8", _OUTSIDE, with_entries(Entry(b"\xc0\xae\xc0\xae/x.py", flags=0x800))),
    ("nul_in_name", "ends the name early for readers in C", _path("notes.txt\0../../x.py")),
    ("escape_in_name", "writes to the terminal of who grades", _path("\x1b]0;owned\x07.txt")),
    ("newline_in_name", "forges a line of the log", _path("a\nmallory: 100 points")),
    ("long_name", _FILLS, _path("a" * 65_000)),
    ("name_empty", _BREAKS, _path(b"")),
    ("symlink", "reads a file of the grading machine as its notebook", _symlinked),
    (
        "symlink_beside",
        "reads a secret as an artifact",
        with_entries(Entry("artifacts/a.safetensors", b"/etc/passwd", mode=0o120777)),
    ),
    ("fifo", "hangs the grader in an open", with_entries(Entry("pipe", mode=stat.S_IFIFO | 0o600))),
    ("device", "reads or writes a disk", with_entries(Entry("sda", mode=stat.S_IFBLK | 0o600))),
    ("socket", _BREAKS, with_entries(Entry("s", mode=stat.S_IFSOCK | 0o600))),
    ("bomb_one", _FILLS, with_entries(Entry("x", _ZEROS * 10))),
    (
        "bomb_notebook",
        _FILLS,
        lambda material: pack(honest(material, {"lab.ipynb": b"[" * 40 * MIB})),
    ),
    (
        "bomb_many",
        _FILLS,
        lambda material: pack(honest(material) + [Entry(f"f{n}", _ZEROS) for n in range(4)]),
    ),
    (
        "bomb_nested",
        _FILLS,
        lambda material: pack([Entry("inner.zip", pack([Entry("lab.ipynb", _ZEROS * 4)]))]),
    ),
    (
        "bomb_packed_twice",
        _FILLS,
        lambda material: pack([Entry("inner.zip", pack([Entry("lab.ipynb", _ZEROS * 4, STORED)]))]),
    ),
    ("overlap_quoted", _FILLS, _quoted_overlap),
    ("overlap_full", _FILLS, _full_overlap),
    ("size_told_small", _FILLS, changed("lab.ipynb", told_size=100)),
    ("size_told_large", "reads memory beyond the file", changed("lab.ipynb", told_size=19 * MIB)),
    (
        "packed_told_large",
        "reads the table of contents as a file",
        changed("theory.ipynb", told_packed=MIB),
    ),
    ("offset_nowhere", "reads memory before the file", changed("lab.ipynb", at=7)),
    ("offset_huge", "reads memory beyond the file", changed("lab.ipynb", at=_U32 - 1)),
    (
        "zip64_huge",
        _FILLS,
        with_entries(
            Entry(
                "x",
                told_size=_U32,
                told_packed=_U32,
                extra=struct.pack("<HHQQ", 1, 16, 2**62, 2**62),
            )
        ),
    ),
    (
        "zip64_cut",
        _BREAKS,
        with_entries(Entry("x", told_size=_U32, extra=struct.pack("<HHL", 1, 4, 1))),
    ),
    ("zip64_end", _BREAKS, _zip64_end),
    ("duplicate", _TWO_READERS, with_entries(Entry("lab.ipynb", _SECRET_NOTEBOOK))),
    ("duplicate_case", _TWO_READERS, with_entries(Entry("LAB.ipynb", _SECRET_NOTEBOOK))),
    ("duplicate_dot", _TWO_READERS, with_entries(Entry("./lab.ipynb", _SECRET_NOTEBOOK))),
    ("duplicate_unicode", _TWO_READERS, with_entries(Entry("caf\u00e9"), Entry("cafe\u0301"))),
    ("local_name_differs", _TWO_READERS, changed("lab.ipynb", local_name=b"lax.ipynb")),
    ("encrypted", "keeps the grader waiting for a password", changed("lab.ipynb", flags=0x1)),
    (
        "encrypted_beside",
        "keeps the grader waiting for a password",
        with_entries(Entry("x", b"x", flags=0x41)),
    ),
    (
        "bad_crc",
        "hands in a notebook that each reader takes differently",
        changed("lab.ipynb", crc=1),
    ),
    ("name_not_utf8", _BREAKS, with_entries(Entry(b"l\xff\xfeb", flags=0x800))),
    ("method_lzma", _FILLS, changed("lab.ipynb", method=14)),
    ("method_bzip2", _FILLS, changed("lab.ipynb", method=12)),
    ("method_unknown", _BREAKS, changed("lab.ipynb", method=97)),
    ("version_unknown", _BREAKS, changed("lab.ipynb", needs=200)),
    ("truncated", "blames the upload", lambda material: pack(honest(material))[:-100]),
    ("truncated_half", "blames the upload", lambda material: pack(honest(material))[:10_000]),
    ("front_missing", "blames the upload", lambda material: pack(honest(material))[1000:]),
    ("garbage_after_far", "hides the table of contents", with_entries(end=bytes(70_000))),
    ("nested_twice", _FILLS, nested(2)),
    ("nested_deep", _FILLS, nested(40)),
    (
        "two_archives",
        _TWO_READERS,
        lambda material: pack(
            [Entry("a.zip", pack(honest(material))), Entry("b.zip", pack(honest(material)))]
        ),
    ),
    ("empty", "blames the upload", lambda material: b""),
    ("empty_zip", "blames the upload", lambda material: pack([])),
    (
        "only_folders",
        "blames the upload",
        lambda material: pack([Entry("lab.ipynb/", mode=0o40755), Entry("theory.ipynb/")]),
    ),
    (
        "only_junk",
        "blames the upload",
        _no_notebook_but("__MACOSX/lab.ipynb", ".ipynb_checkpoints/lab.ipynb"),
    ),
    ("not_a_zip", _BREAKS, lambda material: b"<!DOCTYPE html><title>Please log in</title>" * 50),
    (
        "notebook_named_zip",
        "hands in what a lenient reader would take",
        lambda material: honest(material)[1].data,
    ),
    ("7z_named_zip", _BREAKS, lambda material: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(500)),
    (
        "entries_100000",
        _FILLS,
        lambda material: pack(
            honest(material) + [Entry(f"f{n}", method=STORED) for n in range(100_000)]
        ),
    ),
]

GRADED: list[Row] = [
    ("tar_named_zip", "has tar's links and devices unpacked", _tar),
    (
        "targz_named_zip",
        "has tar's links and devices unpacked",
        lambda material: _tar(material, "w:gz"),
    ),
    (
        "wide_letters",
        "hands in a notebook that only looks like one",
        _no_notebook_but("ｌａｂ.ipynb"),
    ),
    ("too_deep", "hides the notebook", _no_notebook_but("a/b/c/lab.ipynb")),
    ("lookalike_wide", _OUTSIDE, _path("．．／．．／x.py")),
    ("lookalike_leaders", _OUTSIDE, _path("\u2025/\u2024\u2024\u2215x.py")),
    ("percent_traversal", _OUTSIDE, _path("%2e%2e%2fx.py")),
    (
        "windows_devices",
        "hangs a reader on Windows",
        with_files({"CON": b"", "aux.txt": b"", "nul": b"", "COM1.ipynb": b""}),
    ),
    (
        "trailing_dots",
        _TWO_READERS,
        with_files({"lab.ipynb.": _SECRET_NOTEBOOK, "lab.ipynb ": _SECRET_NOTEBOOK}),
    ),
    ("alternate_stream", _TWO_READERS, with_files({"lab.ipynb:evil": _SECRET_NOTEBOOK})),
    (
        "setuid",
        "gets a program that runs as its owner",
        with_entries(Entry("sh", b"#!/bin/sh\n", mode=stat.S_IFREG | 0o4755)),
    ),
    (
        "hard_link",
        "links to a file of the machine",
        with_entries(Entry("x", extra=struct.pack("<HH12s", 13, 12, b"../../passwd"))),
    ),
    (
        "unicode_path_extra_of_another_name",
        _OUTSIDE,
        with_entries(Entry("x", extra=struct.pack("<HHBL6s", 0x7075, 11, 1, 0, b"../../"))),
    ),
    ("local_size_lies", _FILLS, changed("lab.ipynb", local_size=_U32 - 1)),
    ("streamed", "tells sizes only after the data", changed("lab.ipynb", flags=0x8, local_size=0)),
    (
        "zip64_for_nothing",
        "takes the rare branch of the reader",
        lambda material: pack(
            [
                *honest(material),
                Entry(
                    "x", told_size=_U32, told_packed=_U32, extra=struct.pack("<HHQQ", 1, 16, 0, 2)
                ),
            ],
        ),
    ),
    ("bad_crc_beside", _BREAKS, with_entries(Entry("notes.txt", b"x", crc=1))),
    (
        "unlisted_twin",
        _TWO_READERS,
        with_entries(Entry("lab.ipynb", _SECRET_NOTEBOOK, listed=False)),
    ),
    ("self_extracting", "runs when it is opened", with_entries(start=b"MZ" + bytes(5000))),
    (
        "self_extracting_unadjusted",
        "runs when it is opened",
        with_entries(start=b"#!/bin/sh\nrm -rf ~\n", adjusted=False),
    ),
    ("pdf_and_zip", "is a PDF to others", with_entries(start=b"%PDF-1.4\n%%EOF\n")),
    ("garbage_after", _BREAKS, with_entries(end=b"\0garbage" * 100)),
    (
        "comment",
        "writes to the terminal of who grades",
        with_entries(comment=b"\x1b[2J<script>alert(1)</script>" * 100),
    ),
    (
        "comment_is_a_zip",
        _TWO_READERS,
        lambda material: pack(
            [Entry("lab.ipynb", _SECRET_NOTEBOOK)], comment=pack(honest(material))
        ),
    ),
    ("nested_once", "hides behind another archive", nested(1)),
    (
        "name_cp437",
        _BREAKS,
        with_entries(
            Entry("löb.txt".encode("cp437"), b"x"), Entry("実験.txt".encode("shift_jis"), b"x")
        ),
    ),
    (
        "folder_as_notebook",
        _TWO_READERS,
        with_entries(Entry("lab.ipynb/", mode=stat.S_IFDIR | 0o755)),
    ),
    (
        "file_below_notebook",
        _TWO_READERS,
        with_entries(Entry("lab.ipynb/lab.ipynb", _SECRET_NOTEBOOK)),
    ),
    (
        "macosx",
        "doubles each file",
        with_files({"__MACOSX/._lab.ipynb": b"\0\5\x16\7", "__MACOSX/lab.ipynb": _SECRET_NOTEBOOK}),
    ),
    (
        "deep_path",
        "breaks a reader that recurses",
        with_files({"a/" * 190 + "lab.ipynb": _SECRET_NOTEBOOK}),
    ),
    (
        "shadow_dgm",
        "replaces the course's package",
        with_files({"dgm/__init__.py": _REPLACED_COURSE, "dgm.py": _REPLACED_COURSE}),
    ),
    (
        "shadow_libraries",
        "replaces torch and numpy",
        with_files(
            {
                name: _POISON
                for name in ("torch.py", "torch/__init__.py", "numpy.py", "json.py", "msgspec.py")
            },
            "vae/",
        ),
    ),
    (
        "shadow_startup",
        "runs when Python, pytest, IPython or nbgrader starts",
        with_files(
            {
                name: _POISON
                for name in (
                    "sitecustomize.py",
                    "usercustomize.py",
                    "conftest.py",
                    "nbgrader_config.py",
                    "jupyter_config.py",
                    ".pythonrc.py",
                )
            }
            | {
                "x.pth": b"import os; os._exit(9)\n",
                ".ipython/profile_default/startup/00.py": _POISON,
                "pytest.ini": b"[pytest]\np = x\n",
            },
        ),
    ),
    (
        "shadow_data",
        "trains and is graded on easy data",
        with_files({"data/digits.npz": b"PK\5\6" + bytes(18), "data/features.safetensors": b""}),
    ),
    (
        "shadow_course",
        "replaces checks, oracles and notebooks of the course",
        with_files(
            {
                name: _POISON
                for name in (
                    "autograder/suites/vae/bernoulli_nll/checks.py",
                    "autograder/suites/vae/bernoulli_nll/oracle.py",
                    "autograder/__init__.py",
                )
            }
            | {
                "release/vae/lab.ipynb": _SECRET_NOTEBOOK,
                "source/vae/lab.ipynb": _SECRET_NOTEBOOK,
                "assignment.toml": b"slug = 'vae'\n",
            },
        ),
    ),
]

WAITING: list[Row] = [
    ("two_folders", _TWO_READERS, _no_notebook_but("a/lab.ipynb", "b/lab.ipynb")),
    (
        "size_told_small_with_its_crc",
        "hides what follows from the grader",
        lambda material: pack(
            [
                Entry(entry.name, entry.data, told_size=100, crc=zlib.crc32(entry.data[:100]))
                if entry.name == "lab.ipynb"
                else entry
                for entry in honest(material)
            ]
        ),
    ),
]

ATTACKS = [
    *(Attack(f"zip_{name}", "archives", gain, build, "rejected") for name, gain, build in REJECTED),
    *(Attack(f"zip_{name}", "archives", gain, build) for name, gain, build in GRADED),
    *(
        Attack(f"zip_{name}", "archives", gain, build, "ungraded", HONEST)
        for name, gain, build in WAITING
    ),
]
