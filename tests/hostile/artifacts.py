"""Artifacts that would run when they are loaded, or take more memory than they have bytes."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.hostile.archives import Entry, honest, pack, with_entries, with_files
from tests.hostile.attack import Attack, Material

_F32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


class _Owned:
    """Pickles to a call. It is only ever written here."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return exec, ("import os; os._exit(9)",)


def safetensors(header: object, n_bytes: int, told: int | None = None) -> bytes:
    """A file with this header (JSON, or bytes as they are), `n_bytes` of tensors, and the header's
    length as told.
    """
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if told is None else told) + text + bytes(n_bytes)


def _torch_file() -> bytes:
    """What torch.save writes: a zip with a pickle in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(_Owned()))
        archive.writestr("archive/version", b"3")
    return buffer.getvalue()


SOUND = safetensors({"w": _F32}, 8)
_PICKLE = pickle.dumps(_Owned())
_RUNS = "runs when the grader loads it"
_FILLS = "fills the memory of the grading machine when it is loaded"
_READS = "reads memory beyond the file when it is loaded"
_CRASHES = "crashes the reader"

REFUSED: dict[str, tuple[str, bytes]] = {
    "pickle_as_safetensors": (_RUNS, _PICKLE),
    "torch_file_as_safetensors": (_RUNS, _torch_file()),
    "empty": (_CRASHES, b""),
    "short": (_CRASHES, b"\0\0\0"),
    "header_2_63": (_FILLS, safetensors(b"{}", 0, 2**63)),
    "header_negative": (_READS, safetensors(b"{}", 0, 2**64 - 1)),
    "header_oversized": (
        _FILLS,
        safetensors(
            {f"t{n}": {**_F32, "shape": [0], "data_offsets": [0, 0]} for n in range(40_000)}, 0
        ),
    ),
    "header_cut": (_CRASHES, SOUND[:20]),
    "header_deep": (_CRASHES, safetensors(b'{"a":' * 100_000, 0)),
    "header_list": (_CRASHES, safetensors([["w", _F32]], 8)),
    "header_not_utf8": (_CRASHES, safetensors(b'{"\xff": 1}', 0)),
    "offsets_beyond": (
        _READS,
        safetensors({"w": {**_F32, "data_offsets": [0, 2**40], "shape": [2**38]}}, 8),
    ),
    "offsets_swapped": (_READS, safetensors({"w": {**_F32, "data_offsets": [8, 0]}}, 8)),
    "offsets_negative": (_READS, safetensors({"w": {**_F32, "data_offsets": [-8, 0]}}, 8)),
    "offsets_real": (_READS, safetensors({"w": {**_F32, "data_offsets": [0.0, 8.0]}}, 8)),
    "overlap": (_FILLS, safetensors({f"w{n}": _F32 for n in range(1000)}, 8)),
    "gap": (
        "hides data between the tensors",
        safetensors({"w": _F32, "v": {**_F32, "data_offsets": [16, 24]}}, 24),
    ),
    "trailing": ("hides data after the tensors", SOUND + _PICKLE),
    "shape_huge": (_FILLS, safetensors({"w": {**_F32, "shape": [2**40]}}, 8)),
    "shape_overflows": (_READS, safetensors({"w": {**_F32, "shape": [2**32, 2**32, 2]}}, 8)),
    "shape_many": (_CRASHES, safetensors({"w": {**_F32, "shape": [1] * 10_000 + [2]}}, 8)),
    "shape_negative": (_READS, safetensors({"w": {**_F32, "shape": [-1, -2]}}, 8)),
    "dtype_unknown": (_CRASHES, safetensors({"w": {**_F32, "dtype": "object"}}, 8)),
    "metadata_not_text": (_CRASHES, safetensors({"__metadata__": {"a": {"b": []}}, "w": _F32}, 8)),
    "metadata_bomb": (
        _FILLS,
        safetensors({"__metadata__": {f"k{n}": "v" * 20 for n in range(60_000)}, "w": _F32}, 8),
    ),
    "nan_in_header": (
        _CRASHES,
        safetensors(b'{"w":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}', 8),
    ),
    "field_twice": (
        "shows one shape to the check of the file and another to its reader",
        safetensors(
            b'{"w":{"dtype":"F64","dtype":"F32","shape":[9],"shape":[2],"data_offsets":[0,8]}}', 8
        ),
    ),
    "shape_empty_and_huge": (
        _CRASHES,
        safetensors({"w": {**_F32, "shape": [0] + [2**48] * 15, "data_offsets": [0, 0]}}, 0),
    ),
}
"""Files that no reader should be given: what each hopes to get, and its bytes."""

KEPT: dict[str, tuple[str, bytes]] = {
    "no_tensors": (_CRASHES, safetensors({}, 0)),
    "name_unicode": (
        _CRASHES,
        safetensors({"\u202e\u0000../../x": _F32, "": {**_F32, "data_offsets": [8, 16]}}, 16),
    ),
    "name_long": (_CRASHES, safetensors({"w" * 500_000: _F32}, 8)),
    "key_twice": (
        "shows one tensor to the check of the file and another to its reader",
        safetensors(
            b'{"w":{"dtype":"F32","shape":[9],"data_offsets":[0,36]},'
            + json.dumps({"w": _F32}).encode()[1:],
            8,
        ),
    ),
    "padded": (_CRASHES, safetensors(json.dumps({"w": _F32}).encode() + b" " * 1000, 8)),
}
"""Odd files that are sound all the same: every reader takes them alike."""

_NOT_PLAIN = {
    "artifacts/../x.safetensors".replace("..", "%2e%2e"): SOUND,
    "artifacts/-rf.safetensors": SOUND,
    "artifacts/.hidden.safetensors": SOUND,
    "artifacts/a b$(touch owned).safetensors": SOUND,
    "artifacts/\u202eabc.safetensors": SOUND,
    "artifacts/" + "a" * 300 + ".safetensors": SOUND,
}
_ELSEWHERE = {
    "vae.safetensors": SOUND,
    "data/features.safetensors": SOUND,
    "artifacts/a/b.safetensors": SOUND,
    "ARTIFACTS/x.safetensors": SOUND,
}
_PICKLES = {
    "artifacts/model.pt": _torch_file(),
    "artifacts/model.pkl": _PICKLE,
    "artifacts/model.pth": _PICKLE,
    "artifacts/model.npy": _PICKLE,
}
_MANY = {f"artifacts/a{number}.safetensors": SOUND for number in range(1900)}
_DAMAGED = with_entries(
    Entry("artifacts/a.safetensors", SOUND, crc=1),
    Entry("artifacts/b.safetensors", SOUND, told_size=9),
)


def _one(data: bytes) -> Callable[[Material], bytes]:
    return with_files({"artifacts/vae.safetensors": data, "artifacts/sound.safetensors": SOUND})


def _large(material: Material) -> bytes:
    """70 MB that are sound, of which 64 may be kept."""
    half = safetensors(
        {"w": {"dtype": "U8", "shape": [35_000_000], "data_offsets": [0, 35_000_000]}}, 35_000_000
    )
    return pack(
        honest(material) + [Entry(f"artifacts/{name}.safetensors", half, method=0) for name in "ab"]
    )


QUALITY = "artifacts/vae_samples.safetensors"
"""What the quality question of the assignment is graded from."""
_UNEARNED = "gets the points of samples that no model of the attacker's has drawn"
_N = 1000 * 28 * 28
_SAMPLES = {"dtype": "U8", "shape": [1000, 1, 28, 28], "data_offsets": [0, _N]}
_FLOATS = {**_SAMPLES, "dtype": "F32", "data_offsets": [0, 4 * _N]}


def _levels(kind: str) -> bytes:
    """Grey levels of 1,000 samples that are made of the course's own digits."""
    import numpy as np

    root = Path(__file__).resolve().parents[2]
    with np.load(root / "data" / "digits.npz", allow_pickle=False) as file:
        real = file["test_images"][:1000]
    noise = np.random.default_rng(0).normal(0, 25, real.shape)
    changed = {
        "copies": real,
        "noisy": (real + noise).clip(0, 255),
        "moved": np.roll(real, (1, 1), (1, 2)),
        "constant": np.repeat(real[3:4], 1000, 0),
        "black": 0 * real,
    }[kind]
    return np.ascontiguousarray(changed, dtype=np.uint8).tobytes()


NOT_DRAWN = ("copies", "noisy", "moved", "constant", "black")
"""Samples that no model has drawn."""


def samples_file(kind: str) -> bytes:
    return safetensors({"samples": _SAMPLES}, 0) + _levels(kind)


def _drawn(kind: str) -> Callable[[Material], bytes]:
    return lambda material: with_files({QUALITY: samples_file(kind)})(material)


def _huge(material: Material) -> bytes:
    """More than is measured, and so stored that it is no zip bomb."""
    n_bytes = 33 * 2**20
    data = safetensors(
        {"samples": {"dtype": "U8", "shape": [n_bytes], "data_offsets": [0, n_bytes]}}, n_bytes
    )
    return pack([*honest(material), Entry(QUALITY, data, method=0)])


def _of(dtype: str, n_bytes: int, value: bytes = b"\0") -> bytes:
    """Samples of another type, `n_bytes` for each number, all of one value."""
    tensor = {**_SAMPLES, "dtype": dtype, "data_offsets": [0, n_bytes * _N]}
    return safetensors({"samples": tensor}, 0) + value * (n_bytes * _N // len(value))


MEASURED = {
    "nan": (
        "makes a comparison with nan come out in its favour",
        safetensors({"samples": _FLOATS}, 0) + struct.pack("<f", float("nan")) * _N,
    ),
    "infinite": (
        "makes a comparison with infinity come out in its favour",
        _of("F32", 4, struct.pack("<f", float("inf"))),
    ),
    "largest_floats": (_UNEARNED, _of("F32", 4, struct.pack("<f", 3.4e38))),
    "denormal": ("is slow to compute with", _of("F32", 4, struct.pack("<I", 1))),
    "type_bool": (_CRASHES, _of("BOOL", 1, b"\xff")),
    "type_half": (_CRASHES, _of("F16", 2, b"\0\x7c")),
    "type_double": (_CRASHES, _of("F64", 8, struct.pack("<d", 1e308))),
    "type_long": (_CRASHES, _of("I64", 8, b"\xff" * 7 + b"\x7f")),
    "type_eight_bit_float": (_CRASHES, _of("F8_E4M3", 1, b"\x7f")),
    "type_complex": (_CRASHES, _of("C64", 8, struct.pack("<ff", float("nan"), 1.0))),
    "no_samples": (
        _CRASHES,
        safetensors({"samples": {**_SAMPLES, "shape": [0, 1, 28, 28], "data_offsets": [0, 0]}}, 0),
    ),
    "many_others": (
        _CRASHES,
        safetensors(
            {"samples": _SAMPLES}
            | {f"{n}": {**_SAMPLES, "shape": [0], "data_offsets": [_N, _N]} for n in range(15_000)},
            _N,
        ),
    ),
    "pickle": (_RUNS, _PICKLE),
    "other_names": (_UNEARNED, SOUND),
    "other_shape": (
        _CRASHES,
        safetensors({"samples": {**_SAMPLES, "shape": [1, 1000, 28, 28]}}, _N),
    ),
}
"""Files under the name that a quality question is graded from."""

_FILES: Mapping[str, tuple[str, bytes]] = REFUSED | KEPT
ATTACKS = [
    *(
        Attack(f"artifact_{name}", "artifacts", gain, _one(data))
        for name, (gain, data) in _FILES.items()
    ),
    *(
        Attack(f"quality_{name}", "artifacts", gain, with_files({QUALITY: data}))
        for name, (gain, data) in MEASURED.items()
    ),
    *(Attack(f"quality_{kind}", "artifacts", _UNEARNED, _drawn(kind)) for kind in NOT_DRAWN),
    Attack("quality_huge", "artifacts", _FILLS, _huge),
    Attack("artifact_pickles", "artifacts", _RUNS, with_files(_PICKLES)),
    Attack(
        "artifact_elsewhere", "artifacts", "replaces a file of the course", with_files(_ELSEWHERE)
    ),
    Attack(
        "artifact_names",
        "artifacts",
        "is written outside of its folder, or read as an option",
        with_files(_NOT_PLAIN),
    ),
    Attack("artifact_many", "artifacts", "keeps the grader busy", with_files(_MANY)),
    Attack("artifact_large", "artifacts", _FILLS, _large),
    Attack("artifact_damaged", "artifacts", "spoils the whole archive for one file", _DAMAGED),
    Attack(
        "artifact_link",
        "artifacts",
        "reads a file of the machine",
        with_entries(Entry("artifacts/x.safetensors", mode=0o120777)),
        "rejected",
    ),
    Attack(
        "artifact_too_many",
        "artifacts",
        _FILLS,
        with_files(_MANY | {f"artifacts/{n}": b"" for n in range(200)}),
        "rejected",
    ),
]
