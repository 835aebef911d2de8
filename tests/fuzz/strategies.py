"""What the fuzzers try: valid submissions, notebooks and messages, changed by hypothesis at the
places where their formats can lie.

Also the guard that every example runs under: it must end in time, and must not take more memory
than is stated.
"""

from __future__ import annotations

import json
import re
import signal
import struct
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgpack
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent.parent
MIB = 2**20
LONG_RUN_EXAMPLES = 0
"""Set by conftest.py before the tests are read."""


def fuzz(n_examples: int) -> settings:
    """`n_examples` in `make test`, always the same; as many as `--fuzz-examples` says, at random,
    in a long run.
    """
    return settings(
        max_examples=LONG_RUN_EXAMPLES or n_examples,
        derandomize=not LONG_RUN_EXAMPLES,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


class Hung(BaseException):
    """An example that does not end. Not an Exception, so that no handler for malformed input takes
    it for one.
    """


CPU_S, WALL_S = 20.0, 60.0
"""An example takes milliseconds, half a second at most, and ten times as long while allocations are
traced (5 s were seen). Wall time is counted generously, since the machine may be busy.
"""


@contextmanager
def guarded(max_bytes: int) -> Iterator[None]:
    """Raise Hung where the block does not end, and fail where Python's own allocations peak above
    `max_bytes`.
    """
    hung: list[int] = []

    def stop(number: int, frame: Any) -> None:
        hung.append(number)
        raise Hung(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, CPU_S)
    signal.setitimer(signal.ITIMER_REAL, WALL_S)
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
            signal.setitimer(timer, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
    assert not hung, "the watchdog's exception was swallowed"
    assert peak <= max_bytes, f"{peak} bytes were allocated at once; the bound is {max_bytes}"


def composite(function: Callable[..., Any]) -> Callable[..., st.SearchStrategy[Any]]:
    """`st.composite`, but a failure does not print the strategy's arguments: they are whole
    submissions.
    """

    def made(*arguments: Any, **options: Any) -> st.SearchStrategy[Any]:
        @st.composite
        def drawn(draw: st.DrawFn) -> Any:
            return function(draw, *arguments, **options)

        return drawn()

    return made


class Blob(bytes):
    """Bytes that print shortly; the line with `reproduce_failure` gives them back."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes, from {bytes(self[:40])!r} to {bytes(self[-40:])!r}>"


# ---- bytes

ODD_NUMBERS = st.sampled_from(
    [0, 1, 2, 0x7F, 0xFF, 0x100, 0x7FFF, 0xFFFF, 2**16, 2**31 - 1, 2**31, 2**32 - 1]
) | st.integers(0, 400)
ODD_TEXT = st.sampled_from(
    [
        "",
        ".",
        "..",
        "/",
        "../../etc/passwd",
        "C:\\x",
        "a\0b",
        "\u202etxt.exe",
        "\ud800",
        "e\u0301" * 20,
        "=cmd()",
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "attachment:x.png",
        "$\\end$",
        "x" * 5000,
        "\n" * 300,
        "# question: kl_divergence",
        "NaN",
        "__class__",
    ]
) | st.text(max_size=30)


@composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    """`valid`, cut, spliced, doubled in part, or with bytes changed; often left as it is."""
    data = bytearray(valid)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 4]))):
        if not data:
            break
        # Counted from either end: a zip is read from its end, a notebook and a frame from their
        # start.
        at = draw(
            st.integers(0, len(data) - 1) | st.integers(max(0, len(data) - 60), len(data) - 1)
        )
        kind = draw(st.sampled_from(["flip", "flip", "number", "cut", "insert", "double", "end"]))
        if kind == "flip":
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif kind == "number":
            data[at : at + 4] = struct.pack("<I", draw(ODD_NUMBERS))
        elif kind == "cut":
            del data[at : at + draw(st.integers(1, 200))]
        elif kind == "insert":
            data[at:at] = draw(st.binary(max_size=30))
        elif kind == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 300))]
        else:
            del data[at:]
    return Blob(data)


# ---- zips

LOCAL, CENTRAL, END = (
    struct.Struct("<4s5H3L2H"),
    struct.Struct("<4s6H3L5H2L"),
    struct.Struct("<4s4H2LH"),
)
LOCAL_FIELDS = [
    "version",
    "flags",
    "method",
    "time",
    "date",
    "crc",
    "packed",
    "size",
    "name_bytes",
    "extra_bytes",
]
CENTRAL_FIELDS = [
    "made_by",
    *LOCAL_FIELDS,
    "comment_bytes",
    "disk",
    "internal",
    "external",
    "offset",
]
END_FIELDS = [
    "disk",
    "start_disk",
    "entries_here",
    "entries",
    "directory_bytes",
    "directory_offset",
    "comment_bytes",
]
_WIDTHS = {
    "crc": 4,
    "packed": 4,
    "size": 4,
    "external": 4,
    "offset": 4,
    "directory_bytes": 4,
    "directory_offset": 4,
}


@dataclass(frozen=True)
class Member:
    """One file of a zip to be, with what its two headers say that is not so."""

    name: bytes
    content: bytes
    method: int = 8
    extra: bytes = b""
    local_lies: dict[str, int] = field(default_factory=dict)
    central_lies: dict[str, int] = field(default_factory=dict)


def zip_bytes(
    members: list[Member], end_lies: dict[str, int], prefix: bytes = b"", comment: bytes = b""
) -> bytes:
    """A zip written field by field, each a true one unless a lie is given for it."""
    body, directory = bytearray(prefix), bytearray()
    for member in members:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = (
            packer.compress(member.content) + packer.flush()
            if member.method == 8
            else member.content
        )
        truth = {
            "version": 20,
            "flags": 0x800,
            "method": member.method,
            "time": 0,
            "date": 33,
            "crc": zlib.crc32(member.content),
        }
        truth |= {
            "packed": len(packed),
            "size": len(member.content),
            "name_bytes": len(member.name),
            "extra_bytes": len(member.extra),
        }
        truth |= {
            "made_by": 0x314,
            "comment_bytes": 0,
            "disk": 0,
            "internal": 0,
            "external": 0o100644 << 16,
            "offset": len(body),
        }
        body += (
            _header(LOCAL, b"PK\x03\x04", LOCAL_FIELDS, truth | member.local_lies)
            + member.name
            + member.extra
            + packed
        )
        directory += (
            _header(CENTRAL, b"PK\x01\x02", CENTRAL_FIELDS, truth | member.central_lies)
            + member.name
            + member.extra
        )
    truth = {
        "disk": 0,
        "start_disk": 0,
        "entries_here": len(members),
        "entries": len(members),
        "comment_bytes": len(comment),
    }
    truth |= {"directory_bytes": len(directory), "directory_offset": len(body)}
    return bytes(
        body + directory + _header(END, b"PK\x05\x06", END_FIELDS, truth | end_lies) + comment
    )


def _header(layout: struct.Struct, magic: bytes, names: list[str], values: dict[str, int]) -> bytes:
    return layout.pack(
        magic, *(values[name] & (2 ** (8 * _WIDTHS.get(name, 2)) - 1) for name in names)
    )


def _lies(names: list[str]) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(
        st.sampled_from(names),
        ODD_NUMBERS | st.sampled_from([0xA1ED0000, 0x41ED0000, 0x61B60000]),
        max_size=2,
    )


NAMES = [
    "lab.ipynb",
    "theory.ipynb",
    "LAB.IPYNB",
    "lab.ipynb/",
    "vae/lab.ipynb",
    "a/b/lab.ipynb",
    "submission.json",
    "artifacts/vae.safetensors",
    "artifacts/../lab.ipynb",
    "artifacts/x y.safetensors",
    "__MACOSX/lab.ipynb",
    "inner.zip",
    "./lab.ipynb",
    "lab.ipynb\0.txt",
]
_EXTRAS = [
    b"",
    b"\x01\x00\x08\x00" + b"\xff" * 8,
    b"\x01\x00\x18\x00" + b"\x7f" * 24,
    b"\x75\x70\x09\x00\x01" + bytes(8),
    b"\x75\x70\xff",
]


@composite
def members(draw: st.DrawFn, files: dict[str, bytes]) -> list[Member]:
    """The files of a submission: some dropped, doubled, renamed, filled with something else;
    headers that lie.
    """
    made = [Member(name.encode(), content) for name, content in files.items()]
    contents = st.sampled_from([*files.values(), b"", bytes(3 * MIB), b"\xff" * 300]) | st.binary(
        max_size=60
    )
    for _ in range(draw(st.integers(0, 4))):
        if not made:
            break
        at = draw(st.integers(0, len(made) - 1))
        member = made[at]
        kind = draw(
            st.sampled_from(
                [
                    "name",
                    "content",
                    "method",
                    "extra",
                    "local",
                    "central",
                    "both",
                    "double",
                    "drop",
                    "damage",
                ]
            )
        )
        if kind == "name":
            name = draw(st.sampled_from(NAMES) | ODD_TEXT)
            made[at] = replace(
                member,
                name=name.encode("utf-8", "surrogatepass")
                if draw(st.booleans())
                else name.encode("cp437", "replace"),
            )
        elif kind == "content":
            made[at] = replace(member, content=draw(contents))
        elif kind == "method":
            made[at] = replace(member, method=draw(st.sampled_from([0, 8, 9, 12, 14, 99])))
        elif kind == "extra":
            made[at] = replace(
                member, extra=draw(st.sampled_from(_EXTRAS) | st.binary(max_size=30))
            )
        elif kind == "local":
            made[at] = replace(member, local_lies=draw(_lies(LOCAL_FIELDS)))
        elif kind == "central":
            made[at] = replace(member, central_lies=draw(_lies(CENTRAL_FIELDS)))
        elif kind == "both":
            lies = draw(_lies(LOCAL_FIELDS))
            made[at] = replace(member, local_lies=lies, central_lies=lies)
        elif kind == "double":
            made.append(
                replace(
                    member,
                    name=draw(
                        st.sampled_from([member.name, member.name.upper(), b"x/" + member.name])
                    ),
                )
            )
        elif kind == "drop":
            del made[at]
        else:
            made[at] = replace(member, content=draw(damaged(member.content)))
    return made


@composite
def archives(draw: st.DrawFn, files: dict[str, bytes]) -> bytes:
    """A zip of `files` with lies in every part; sometimes a zip in a zip; sometimes damaged
    on top.
    """
    data = zip_bytes(
        draw(members(files)),
        draw(st.just({}) | _lies(END_FIELDS)),
        draw(st.just(b"") | st.binary(max_size=40)),
        draw(st.binary(max_size=20)),
    )
    if draw(st.integers(0, 5)) == 0:
        data = zip_bytes([Member(b"inner.zip", data, draw(st.sampled_from([0, 8])))], {})
    return draw(damaged(data))


# ---- JSON trees, and the notebooks and headers made of them

ODD_VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [
            None,
            True,
            False,
            [],
            {},
            "",
            0,
            -1,
            4.5,
            2**63,
            float("nan"),
            float("inf"),
            [[]],
            [None],
            {"": {}},
            "\ud800",
        ]
    ),
    st.sampled_from(["@deep:300@", "@deep:100000@", "@digits:30@", "@digits:5000@", "@wide:3000@"]),
    ODD_TEXT,
    st.integers(),
)
_PLACEHOLDERS: dict[str, Callable[[int], str]] = {
    "deep": lambda n: "[" * n + "]" * n,
    "digits": lambda n: "9" * n,
    "wide": lambda n: "[" + ",".join(["{}"] * n) + "]",
}


def dumped(tree: Any) -> bytes:
    """JSON text; placeholders stand for what Python's own JSON cannot write."""
    return re.sub(
        r'"@(deep|digits|wide):(\d+)@"',
        lambda match: _PLACEHOLDERS[match[1]](int(match[2])),
        json.dumps(tree),
    ).encode()


def nodes(tree: Any, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a tree."""
    children = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    for key, child in list(children):
        yield tree, key
        if depth < 30:
            yield from nodes(child, depth + 1)


@composite
def changed(
    draw: st.DrawFn, tree: Any, odd: st.SearchStrategy[Any] = ODD_VALUES, max_changes: int = 4
) -> Any:
    """A copy of `tree` with a few nodes replaced, dropped, doubled, renamed, or given the place of
    another.
    """
    tree = _copied(tree)
    for _ in range(draw(st.integers(0, max_changes))):
        places = list(nodes(tree))
        if not places:
            return _copied(draw(odd))
        container, key = places[
            draw(st.integers(0, len(places) - 1))
        ]  # sampled_from would hash them all
        kind = draw(
            st.sampled_from(
                ["replace", "replace", "replace", "drop", "double", "swap", "wrap", "rename"]
            )
        )
        if kind == "replace":
            container[key] = _copied(draw(odd))
        elif kind == "drop":
            del container[key]
        elif kind == "double" and isinstance(container, list):
            container.insert(key, _copied(container[key]))
        elif kind == "swap":
            other, other_key = places[draw(st.integers(0, len(places) - 1))]
            container[key] = _copied(other[other_key])
        elif kind == "wrap":
            container[key] = (
                [container[key]]
                if draw(st.booleans()) or isinstance(container, list)
                else {str(key): container[key]}
            )
        elif kind == "rename" and isinstance(container, dict):
            container[draw(ODD_TEXT)] = container.pop(key)
    return tree


def _copied(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_copied(item) for item in tree]
    return {key: _copied(item) for key, item in tree.items()} if isinstance(tree, dict) else tree


ODD_CELLS: st.SearchStrategy[Any] = st.builds(
    lambda kind, source, outputs, metadata: {
        "cell_type": kind,
        "source": source,
        "outputs": outputs,
        "metadata": metadata,
    },
    st.sampled_from(["code", "markdown", "raw", "heading", "odd"]),
    st.sampled_from(
        [
            "def kl_divergence(mu, logvar):\n    return 0",
            "x = (" * 300,
            "-" * 5000,
            "class A:\n" * 90,
            "%%html\n<b>",
            "'\\d'",
            "(",
        ]
    )
    | ODD_TEXT,
    st.just([])
    | st.lists(
        st.builds(
            lambda kind, mime, value: {
                "output_type": kind,
                "data": {mime: value},
                "text": value,
                "ename": value,
                "traceback": [value],
            },
            st.sampled_from(["stream", "error", "display_data", "execute_result", "odd"]),
            st.sampled_from(
                ["text/plain", "text/html", "image/png", "image/svg+xml", "application/javascript"]
            ),
            ODD_VALUES | st.just("iVBORw0KGgo="),
        ),
        max_size=3,
    ),
    st.sampled_from(
        [
            {},
            [],
            {"nbgrader": 3},
            {"nbgrader": {"grade_id": "test_kl_divergence", "points": 1000, "grade": True}},
            {"tags": [1]},
        ]
    ),
)


@composite
def notebooks(draw: st.DrawFn, released: dict[str, Any]) -> bytes:
    """The JSON of a notebook: a release's cells dropped, doubled, moved, joined by odd ones; nodes
    changed; sometimes damaged on top.
    """
    cells = list(released["cells"])
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(cells)))
        kind = draw(st.sampled_from(["drop", "double", "move", "insert", "lost", "many"]))
        if kind == "insert" or at == len(cells):
            cells.insert(at, draw(ODD_CELLS | ODD_VALUES))
        elif kind == "drop":
            del cells[at : at + draw(st.integers(1, 5))]
        elif kind == "double":
            cells.insert(draw(st.integers(0, len(cells))), cells[at])
        elif kind == "move":
            cells.insert(draw(st.integers(0, len(cells) - 1)), cells.pop(at))
        elif kind == "lost" and isinstance(cells[at], dict):
            cells[at] = {
                key: value for key, value in cells[at].items() if key not in ("metadata", "id")
            }
        else:
            cells[at:at] = [draw(ODD_CELLS)] * draw(st.sampled_from([2, 20, 20, 600]))
    # Only a few cells are offered for deep changes: the tree of them all is long to list for each.
    touched = draw(st.lists(st.integers(0, max(len(cells) - 1, 0)), max_size=3)) if cells else []
    for index in touched:
        cells[index] = draw(changed(cells[index]))
    frame = draw(
        changed({key: value for key, value in released.items() if key != "cells"}, max_changes=2)
    )
    whole = (
        frame | {"cells": cells} if isinstance(frame, dict) and draw(st.integers(0, 30)) else frame
    )
    data = dumped(whole)
    if draw(st.integers(0, 9)) == 0:
        data = data.decode("utf-8").encode(
            draw(st.sampled_from(["utf-16", "utf-32-be", "utf-8-sig"]))
        )
    return draw(damaged(data)) if draw(st.integers(0, 4)) == 0 else Blob(data)


_TENSORS = {
    "__metadata__": {"format": "pt"},
    "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
    "b": {"dtype": "I8", "shape": [4], "data_offsets": [24, 28]},
}
_ODD_FIELDS = ODD_VALUES | st.sampled_from(
    [2**47, 2**48, 2**64, [2**48] * 16, [0, 2**40], [28, 4], "F64", "BOOL", "F99", [1] * 20]
)


@composite
def safetensors_files(draw: st.DrawFn) -> bytes:
    """A safetensors file whose header was changed, or says another length than it has."""
    header = dumped(draw(changed(_TENSORS, _ODD_FIELDS)))
    length = draw(st.just(len(header)) | ODD_NUMBERS | st.sampled_from([2**63, 2**64 - 1]))
    return draw(
        damaged(struct.pack("<Q", length) + header + bytes(draw(st.just(28) | st.integers(0, 60))))
    )


# ---- messages and frames of the protocol

WORDS = st.sampled_from(
    [
        "l",
        "t",
        "d",
        "T",
        "y",
        "i",
        "h",
        "f",
        "n",
        "ok",
        "error",
        "callback",
        "float32",
        "bool",
        "complex128",
        "cpu",
        "meta",
        "lazy:0",
        "cuda",
        "dtype",
    ]
    + [
        "device",
        "cpu:",
        "cpu:3",
        "cuda:99",
        "-1",
        "--1",
        "9" * 30,
        "9" * 4200,
        "\u0663",
        "IndexError",
        "",
    ]
)
ODD_NODES: st.SearchStrategy[Any] = st.one_of(
    WORDS,
    st.integers(-3, 12),
    st.sampled_from(
        [
            None,
            True,
            False,
            0.5,
            float("nan"),
            -(2**63),
            2**40 - 1,
            2**31,
            2**64 - 1,
            b"",
            b"\x01\x02\x03\x04",
            bytes(3000),
        ]
    ),
    st.sampled_from(
        [
            [],
            ["l", []],
            ["h", 1, "x"],
            ["h", 10**9, ""],
            ["f", 0],
            ["i", "--5"],
            ["i", "9" * 4000],
            ["y", "device", "cpu:"],
        ]
    ),
    st.sampled_from(
        [
            ["T", "float32", [0, 2**39, 2**39], "cpu", False, b"", 0],
            ["T", "complex128", [2**30, 2**31], "meta", True, b"", 3],
        ]
    ),
    st.sampled_from(
        [
            ["T", "float64", [2], "meta", True, b"", 4],
            ["T", "float32", [2], "cpu", True, bytes(8), 4],
            [0, 2**31],
        ]
    ),
    ODD_TEXT,
)


def tensor_tree(
    n: int = 2,
    dtype: str = "float64",
    needs_grad: bool = True,
    number: int = 5,
    device: str = "cpu",
) -> list[Any]:
    return ["T", dtype, [n], device, needs_grad, bytes(n * 8) if device == "cpu" else b"", number]


def packed(tree: Any) -> bytes:
    """msgpack, also of what the codec itself would not write (lone surrogates)."""
    return bytes(msgpack.packb(tree, use_bin_type=True, unicode_errors="surrogatepass"))


ODD_PACKED = st.sampled_from(
    [
        b"\xdd\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xdb\x7f\xff\xff\xff",
        b"\xdc\xff\xff" * 900,
        b"\x91" * 3000,
        b"\x81\xa1a\x01",
        b"\xc7\xff\x05",
        b"\xd4\x05\x00",
        b"\xa2\xff\xff",
        b"\xc1",
        b"",
    ]
) | st.binary(max_size=60)
"""Frames' contents that no packer writes."""


@composite
def frames(draw: st.DrawFn, contents: list[Any], odd: st.SearchStrategy[Any] = ODD_NODES) -> bytes:
    """What a worker may write: frames of changed messages, some with headers that lie, or
    cut off.
    """
    stream = b""
    for content in contents:
        data = (
            draw(changed(content, odd, 3).map(packed))
            if draw(st.integers(0, 7))
            else draw(ODD_PACKED)
        )
        size = (
            draw(st.just(len(data)) | ODD_NUMBERS | st.sampled_from([2**28, 2**28 + 1]))
            if draw(st.integers(0, 9)) == 0
            else len(data)
        )
        stream += struct.pack(">I", size) + data
    return draw(damaged(stream)) if draw(st.integers(0, 7)) == 0 else Blob(stream)
