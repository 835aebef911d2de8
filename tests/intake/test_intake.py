"""Hostile and unlucky archives, built here: each is opened, or rejected with its own sentence."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import struct
import time
import warnings
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment, Question
from autograder.errors import AutograderError, CourseError, RejectedSubmission
from autograder.intake.archive import IntakeLimits
from autograder.intake.find import find, find_submissions, read_file
from autograder.intake.read import read_submission
from autograder.intake.safetensors_header import problem_of
from autograder.intake.submission import Submission
from autograder.intake.untrusted_text import SAFE_ID, clean, safe_id
from autograder.intake.who import identify
from autograder.report import HandedIn, Report, Student, to_json


def question(name: str, notebook: str) -> Question:
    return Question(title=name, notebook=notebook, kind="code", points=1, covers=[], name=name)


VAE = Assignment(
    slug="vae",
    title="VAE",
    questions={"kl": question("kl", "lab"), "essay": question("essay", "theory")},
    artifacts=["artifacts/*.safetensors"],
)
LAB, THEORY = b'{"cells": ["lab"]}', b'{"cells": ["theory"]}'
BOTH: dict[str, bytes] = {"lab.ipynb": LAB, "theory.ipynb": THEORY}


def zipped(
    files: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]],
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore")  # zipfile warns of duplicate names
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return buffer.getvalue()


def manifest(files: dict[str, bytes], **changes: Any) -> bytes:
    entries = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in files.items()
    }
    told = {
        "schema": 1,
        "slug": "vae",
        "name": "Some One",
        "id": "s123",
        "collaborators": "None",
        "declaration": True,
    }
    told |= {"created": "2026-01-01T10:00:00Z", "versions": {"torch": None}, "warnings": []}
    return json.dumps(told | {"files": entries} | changes).encode()


def safetensors(header: object, n_bytes: int) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(n_bytes)


def read(
    data: bytes, file: str = "Some_One_vae.zip", limits: IntakeLimits | None = None
) -> Submission:
    return read_submission(data, file, VAE, limits)


def rejection(data: bytes, limits: IntakeLimits | None = None) -> str:
    """The sentence with which `data` is rejected: one, printable, and short enough to read."""
    with pytest.raises(RejectedSubmission) as caught:
        read(data, limits=limits)
    sentence = caught.value.message
    assert sentence.isprintable() and sentence.endswith(".") and 15 < len(sentence) < 500, sentence
    return sentence


def has_note(submission: Submission, *words: str) -> bool:
    return any(all(word in note for word in words) for note in submission.notes)


# ---- what is accepted


def test_a_complete_submission_gives_no_notes() -> None:
    model = safetensors({"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}, 24)
    files = BOTH | {"artifacts/vae.safetensors": model}
    data = zipped(files | {"submission.json": manifest(files)})
    submission = read(data)
    assert submission.notebooks == {"lab": LAB, "theory": THEORY}
    assert submission.artifacts == {"artifacts/vae.safetensors": model}
    student = submission.student
    assert (student.id, student.name, student.collaborators, student.declared) == (
        "s123",
        "Some One",
        "None",
        True,
    )
    assert submission.notes == []


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("prefix", ["", "vae/", "./", "./Some One/"])
def test_at_the_top_or_in_one_folder(prefix: str, method: int) -> None:
    assert read(
        zipped({prefix + name: content for name, content in BOTH.items()}, method)
    ).notebooks == {"lab": LAB, "theory": THEORY}


@pytest.mark.parametrize("outer", ["", "folder/"])
def test_a_zip_in_a_zip(outer: str) -> None:
    inner = zipped(
        {f"vae/{name}": content for name, content in BOTH.items()}
        | {"vae/submission.json": manifest(BOTH)}
    )
    submission = read(zipped({f"{outer}Some_One_vae.zip": inner}))
    assert set(submission.notebooks) == {"lab", "theory"} and submission.student.id == "s123"


def test_junk_is_passed_over() -> None:
    junk = [
        "__MACOSX/._lab.ipynb",
        "vae/.DS_Store",
        "vae/.ipynb_checkpoints/lab-checkpoint.ipynb",
        "vae/__pycache__/a.pyc",
        "vae/._x",
        "Thumbs.db",
    ]
    files = {f"vae/{name}": content for name, content in BOTH.items()}
    submission = read(
        zipped(files | {name: b"junk" for name in junk} | {"vae/submission.json": manifest(BOTH)})
    )
    assert set(submission.notebooks) == {"lab", "theory"} and submission.notes == []
    assert "no files" in rejection(zipped({name: b"junk" for name in junk}))


def test_unexpected_files_are_named_and_left() -> None:
    submission = read(
        zipped(
            BOTH
            | {"dgm/nets.py": b"", "notes.txt": b"", "old.zip": b"PK", "data/\u202egpj.exe": b""}
        )
    )
    assert has_note(submission, "Ignored", "dgm/nets.py", "notes.txt", "old.zip", "data/gpj.exe")


def test_a_missing_notebook_is_a_note() -> None:
    submission = read(zipped({"lab.ipynb": LAB}))
    assert set(submission.notebooks) == {"lab"} and has_note(
        submission, "theory.ipynb", "not in the archive"
    )


def test_the_case_of_a_name_does_not_matter() -> None:
    assert read(zipped({"Lab.IPYNB": LAB, "theory.ipynb": THEORY})).notebooks == {
        "lab": LAB,
        "theory": THEORY,
    }


# ---- what is no sound zip


def test_no_zip_at_all() -> None:
    assert "empty" in rejection(b"")
    assert "not a zip" in rejection(b"hello" * 100)
    assert "7-Zip" in rejection(b"7z\xbc\xaf\x27\x1c" + bytes(100))
    assert "RAR" in rejection(b"Rar!\x1a\x07" + bytes(100))
    assert "notebook" in rejection(LAB)
    assert "no files" in rejection(zipped({}))
    assert "no files" in rejection(zipped({"folder/": b""}))


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_cut_off(kept: float) -> None:
    data = zipped(BOTH)
    assert "damaged or cut off" in rejection(data[: int(len(data) * kept)])


def test_cut_off_at_the_front() -> None:
    assert "damaged" in rejection(
        zipped({"lab.ipynb": os.urandom(500), "theory.ipynb": THEORY})[100:]
    )


def test_bad_checksum() -> None:
    data = bytearray(zipped(BOTH, zipfile.ZIP_STORED))
    data[data.index(LAB) + 3] ^= 1
    assert "damaged: lab.ipynb" in rejection(bytes(data))


def test_garbled_deflate_stream() -> None:
    data = bytearray(
        zipped({"lab.ipynb": os.urandom(64).hex().encode() * 20, "theory.ipynb": THEORY})
    )
    data[60:80] = bytes(20)
    assert "damaged: lab.ipynb" in rejection(bytes(data))


@pytest.mark.parametrize("declared", [3, 500])
def test_the_declared_size_is_not_believed(declared: int) -> None:
    data = bytearray(zipped(BOTH))
    at = data.index(b"PK\x01\x02") + 24  # uncompressed size in the table of contents, of lab.ipynb
    data[at : at + 4] = struct.pack("<I", declared)
    assert "damaged: lab.ipynb" in rejection(bytes(data))


def test_a_small_declared_size_with_its_own_checksum_gives_no_more_than_it_says() -> None:
    content = bytes(5_000_000)
    data = bytearray(zipped({"lab.ipynb": content}))
    at = data.index(b"PK\x01\x02")
    data[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(content[:10]))
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert read(bytes(data)).notebooks == {"lab": content[:10]}


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2000])
def test_encrypted(flag: int) -> None:
    data = bytearray(zipped(BOTH))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(magic) + offset
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | flag)
    assert "encrypted" in rejection(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression(method: int) -> None:
    assert "compression" in rejection(zipped(BOTH, method))


def test_unknown_compression_and_version() -> None:
    data = bytearray(zipped(BOTH))
    at = data.index(b"PK\x01\x02")
    data[at + 10 : at + 12] = struct.pack("<H", 99)
    assert "compression" in rejection(bytes(data))
    data[at + 6 : at + 8] = struct.pack("<H", 200)
    assert "version of zip" in rejection(bytes(data))


def test_file_names_in_no_encoding() -> None:
    data = zipped({"löb.txt": b"x", **BOTH}).replace("löb".encode(), b"l\xff\xfeb")
    assert "encoding" in rejection(data)


# ---- what is too much


def test_too_large_an_archive() -> None:
    limits = replace(IntakeLimits(), archive_bytes=1000)
    assert "the limit is 1000 bytes" in rejection(zipped({"lab.ipynb": os.urandom(2000)}), limits)


def test_too_many_files() -> None:
    assert "more than 2000" in rejection(
        zipped(BOTH | {f"f{number}": b"" for number in range(2000)})
    )


def test_too_many_files_over_two_levels() -> None:
    limits = replace(IntakeLimits(), members=12)
    inner = zipped(BOTH | {f"f{number}": b"" for number in range(6)})
    assert "more than 12" in rejection(
        zipped({"a.zip": inner} | {f"g{number}": b"" for number in range(7)}), limits
    )


def test_unpacks_to_too_much() -> None:
    limits = replace(IntakeLimits(), unpacked_bytes=100_000)
    assert "unpacks to" in rejection(
        zipped(BOTH | {f"f{number}": os.urandom(30_000) for number in range(4)}), limits
    )


def test_unpacks_to_too_much_over_two_levels() -> None:
    limits = replace(IntakeLimits(), unpacked_bytes=100_000)
    inner = zipped(BOTH | {"noise": os.urandom(60_000)})
    assert "unpacks to" in rejection(zipped({"a.zip": inner}), limits)


def test_compression_bomb() -> None:
    assert "bomb" in rejection(zipped({"lab.ipynb": bytes(30 * 2**20)}))
    assert "bomb" in rejection(
        zipped(BOTH | {f"f{number}": bytes(10 * 2**20) for number in range(3)})
    )


def test_a_runaway_print_is_no_bomb() -> None:
    assert (
        read(zipped({"lab.ipynb": b"loss nan\\n\n" * 10**6})).notebooks["lab"].startswith(b"loss")
    )


def test_too_large_a_notebook() -> None:
    data = zipped({"lab.ipynb": os.urandom(1000), "theory.ipynb": THEORY})
    submission = read(data, limits=replace(IntakeLimits(), notebook_bytes=999))
    assert submission.notebooks == {"theory": THEORY}
    assert "lab.ipynb has more than 999 bytes" in submission.unclear["lab"]


def test_overlapping_files() -> None:
    """Fifield's overlap: every entry of the table of contents points at one and the same file."""
    entries = zipped({name: LAB for name in ("lab.ipynb", "lax.ipynb")})
    data = bytearray(entries)
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    assert "overlap" in rejection(bytes(data))


def test_a_file_that_overlaps_the_table_of_contents() -> None:
    data = bytearray(zipped({"lab.ipynb": LAB}, zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02")
    data[at + 20 : at + 28] = struct.pack("<II", len(LAB) + 30, len(LAB) + 30)
    assert "overlap its table of contents" in rejection(bytes(data))


def test_a_table_of_contents_that_points_nowhere() -> None:
    data = bytearray(zipped({"lab.ipynb": LAB}))
    at = data.index(b"PK\x01\x02") + 42
    data[at : at + 4] = struct.pack("<I", 7)
    assert "points nowhere" in rejection(bytes(data))


# ---- names and kinds


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../lab.ipynb", "leads out of it"),
        ("a/../../lab.ipynb", "leads out of it"),
        ("__MACOSX/../../x", "leads out of it"),
        ("a/..", "leads out of it"),
        ("/etc/passwd", "absolute path"),
        ("//server/share", "absolute path"),
        ("C:/lab.ipynb", "absolute path"),
        ("c:lab.ipynb", "absolute path"),
        ("a/../..", "leads out of it"),
        ("a\nb.txt", "control characters"),
        ("a\x1b[31m.txt", "control characters"),
        ("./.", "without a name"),
        ("a" * 500, "500 characters"),
    ],
)
def test_dangerous_names(name: str, says: str) -> None:
    assert says in rejection(zipped(BOTH | {name: b"x"}))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("..\\x", "leads out of it"),
        ("\\x", "absolute path"),
        ("C:\\x", "absolute path"),
    ],
)
def test_dangerous_names_with_backslashes(name: str, says: str) -> None:
    assert says in rejection(zipped({"lab.ipynb": LAB, name: b"x"}))


def test_backslashes_as_powershell_writes_them() -> None:
    assert (
        read(zipped({f"vae\\{name}": data for name, data in BOTH.items()})).notebooks["lab"] == LAB
    )
    odd = read(zipped({f"vae/{name}": data for name, data in BOTH.items()} | {"vae/a\\b": b"x"}))
    assert odd.notebooks["lab"] == LAB and has_note(odd, "backslash")


def with_unicode_path(raw: str, name: str, checksum: int | None = None) -> zipfile.ZipInfo:
    """An entry whose plain name a program of another encoding wrote, with the name in Unicode."""
    entry = zipfile.ZipInfo(raw)
    crc = zlib.crc32(raw.encode()) if checksum is None else checksum
    field = struct.pack("<BI", 1, crc) + name.encode()
    entry.extra = struct.pack("<HH2x", 0x9999, 2) + struct.pack("<HH", 0x7075, len(field)) + field
    return entry


def test_a_name_in_unicode_counts_before_that_beside_it() -> None:
    entry = with_unicode_path("l?b.ipynb", "übung/lab.ipynb")
    assert read(zipped([(entry, LAB)])).notebooks["lab"] == LAB
    stale = with_unicode_path("lab.ipynb", "other.txt", checksum=1)  # of a name before a renaming
    assert read(zipped([(stale, LAB)])).notebooks["lab"] == LAB
    out = with_unicode_path("lab.ipynb", "../../lab.ipynb")
    assert "leads out of it" in rejection(zipped([(out, LAB)]))
    twice = with_unicode_path("other", "lab.ipynb")
    assert "holds lab.ipynb twice" in rejection(zipped([("lab.ipynb", LAB), (twice, b"{}")]))


def test_one_part_of_a_zip_that_was_split() -> None:
    data = bytearray(zipped(BOTH))
    data[-18:-14] = struct.pack("<HH", 1, 0)
    assert "split into several files" in rejection(bytes(data))


def test_an_empty_name() -> None:
    entry = zipped(BOTH | {"x": b""}).rindex(b"PK\x01\x02")
    data = bytearray(zipped(BOTH | {"x": b""}))
    data[entry + 28] = 0  # the table of contents gives the last file a name of no letters
    del data[entry + 46]
    data[-10] -= 1  # and is a byte shorter itself
    assert "without a name" in rejection(bytes(data))


def test_a_nul_in_a_name() -> None:
    data = zipped(BOTH | {"lab.ipynbXexe": b"x"}).replace(b"lab.ipynbXexe", b"lab.ipynb\0exe")
    assert "control characters" in rejection(data)


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        (stat.S_IFLNK | 0o777, "link"),
        (stat.S_IFBLK | 0o600, "neither a file nor a folder"),
        (stat.S_IFCHR | 0o600, "neither a file nor a folder"),
        (stat.S_IFIFO | 0o600, "neither a file nor a folder"),
        (stat.S_IFSOCK | 0o600, "neither a file nor a folder"),
        (stat.S_IFDIR | 0o700, "neither a file nor a folder"),
    ],
)
def test_links_and_devices(mode: int, says: str) -> None:
    info = zipfile.ZipInfo("thing")
    info.create_system, info.external_attr = 3, mode << 16
    assert says in rejection(zipped([*BOTH.items(), (info, b"/etc/passwd")]))


@pytest.mark.parametrize("second", ["lab.ipynb", "LAB.ipynb", "./lab.ipynb", "x//lab.ipynb"])
def test_the_same_name_twice(second: str) -> None:
    first = "x/lab.ipynb" if second.startswith("x") else "lab.ipynb"
    assert "twice" in rejection(zipped([(first, LAB), (second, THEORY)]))


def test_names_that_unicode_holds_equal() -> None:
    assert "twice" in rejection(zipped(BOTH | {"caf\u00e9": b"", "cafe\u0301": b""}))


# ---- the wrong contents


def test_wrong_notebooks_only() -> None:
    sentence = rejection(zipped({"gan.ipynb": LAB, "x/hw1.ipynb": LAB}))
    assert (
        "Expected: lab.ipynb, theory.ipynb" in sentence
        and "gan.ipynb" in sentence
        and "x/hw1.ipynb" in sentence
    )


def test_no_notebook() -> None:
    sentence = rejection(zipped({"report.pdf": b"%PDF"}))
    assert "Expected: lab.ipynb" in sentence and "report.pdf" in sentence


def test_notebooks_too_deep_or_in_several_folders() -> None:
    assert read(zipped({"a/b/lab.ipynb": LAB})).notebooks == {"lab": LAB}
    assert "several folders" in rejection(zipped({"a/lab.ipynb": LAB, "b/theory.ipynb": THEORY}))


def test_several_archives_or_too_many_levels() -> None:
    inner = zipped(BOTH)
    assert "2 archives" in rejection(zipped({"a.zip": inner, "b.zip": inner}))
    assert "more than one level" in rejection(zipped({"a.zip": zipped({"b.zip": inner})}))
    assert "inside the archive (a.zip)" in rejection(zipped({"a.zip": b"nonsense"}))
    assert "inside the archive (a.zip)" in rejection(
        zipped({"a.zip": zipped({"../lab.ipynb": LAB})})
    )


def test_another_assignment() -> None:
    assert "submission for gan, but vae" in rejection(
        zipped(BOTH | {"submission.json": manifest(BOTH, slug="gan")})
    )


# ---- the manifest


def test_no_manifest() -> None:
    submission = read(zipped(BOTH), "uploads/Ada_Lovelace_vae (1).zip")
    assert (submission.student.id, submission.student.name) == ("Ada_Lovelace", "Ada Lovelace")
    assert has_note(submission, "no submission.json")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"schema": 2}',
        b'{"schema": 1, "id": [5]}',
        b'{"schema": 1, "files": {"a": 1}}',
        b"[" * 100_000,
        bytes(300_000),
    ],
)
def test_a_manifest_that_cannot_be_read(content: bytes) -> None:
    submission = read(zipped(BOTH | {"submission.json": content}))
    assert submission.student.id == "Some_One" and has_note(submission, "submission.json")


def test_a_long_schema_is_cut() -> None:
    submission = read(zipped(BOTH | {"submission.json": b'{"schema": ' + b"9" * 4000 + b"}"}))
    assert has_note(submission, "submission.json", "999") and all(
        len(note) < 200 for note in submission.notes
    )


@pytest.mark.parametrize(
    "bad",
    [
        "..",
        ".",
        ".hidden",
        "-rf",
        "a/b",
        "a\\b",
        "../../x",
        "",
        "a b",
        "é",
        "a\nb",
        "x" * 65,
        "a\0",
    ],
)
def test_an_id_that_is_no_safe_file_name(bad: str) -> None:
    submission = read(zipped(BOTH | {"submission.json": manifest(BOTH, id=bad)}))
    assert submission.student.id == "Some_One" and submission.student.name == "Some One"
    assert has_note(submission, "The id in submission.json", "taken from the file name")


def test_text_of_the_manifest_is_cleaned_and_cut() -> None:
    told = manifest(
        BOTH, name="Some\u202e One\x1b[31m\n", collaborators="B\u2066ob\r\n" + "x" * 5000
    )
    student = read(zipped(BOTH | {"submission.json": told})).student
    assert student.name == "Some One[31m"
    assert (
        student.collaborators is not None
        and student.collaborators.startswith("Bob xxx")
        and len(student.collaborators) == 1000
    )


def test_changed_added_and_absent_files_are_noted() -> None:
    told = manifest({"lab.ipynb": b"before", "gone.txt": b""})
    submission = read(zipped(BOTH | {"submission.json": told}))
    assert has_note(submission, "Changed after", "lab.ipynb") and has_note(
        submission, "Not listed", "theory.ipynb"
    )
    assert has_note(submission, "not used", "gone.txt")


@pytest.mark.parametrize("declaration", [False, None])
def test_no_declaration(declaration: bool | None) -> None:
    submission = read(zipped(BOTH | {"submission.json": manifest(BOTH, declaration=declaration)}))
    assert submission.student.declared is declaration and has_note(
        submission, "honesty declaration"
    )


def test_a_manifest_in_another_name_is_noted() -> None:
    data = zipped(BOTH | {"submission.json": manifest(BOTH)})
    assert has_note(read(data, "Mallory_vae.zip"), "different students (name)")
    assert not has_note(
        read(data, "12345_assignsubmission_file_Some_One_vae.zip"), "different students"
    )


def test_when_it_was_made_is_told_by_the_manifest() -> None:
    told = manifest(BOTH, created="2026-12-15T23:30:00+01:00")
    submission = read(zipped(BOTH | {"submission.json": told}))
    assert submission.handed_in == HandedIn(time="2026-12-15T22:30:00Z", source="manifest")
    assert read(zipped(BOTH)).handed_in is None


@pytest.mark.parametrize("created", ["03.12.2026", "soon\x1b[2J", 7, [[]], {"a": 1}, True])
def test_a_time_that_cannot_be_read_is_none_and_noted(created: Any) -> None:
    submission = read(zipped(BOTH | {"submission.json": manifest(BOTH, created=created)}))
    assert submission.handed_in is None and submission.student.id == "s123"
    assert has_note(submission, "The time in submission.json", "cannot be read")


def test_the_claimed_id_is_kept_as_it_was_written() -> None:
    def student(claimed: str) -> Student:
        return read(zipped(BOTH | {"submission.json": manifest(BOTH, id=claimed)})).student

    assert (student(" AL1815 ").id, student(" AL1815 ").claimed_id) == ("AL1815", "AL1815")
    mail = student("Ada.L@Example.org")
    assert mail.claimed_id == "Ada.L@Example.org" and mail.id == student("ada.l@example.org").id
    assert SAFE_ID.match(mail.id) and mail.id.startswith("ada.l_example.org")
    assert (student("../x").id, student("../x").claimed_id) == ("Some_One", "../x")
    assert read(zipped(BOTH)).student.claimed_id == ""


def test_what_the_file_name_contradicts_is_in_the_report() -> None:
    data = zipped(BOTH | {"submission.json": manifest(BOTH)})
    assert read(data, "Mallory_vae.zip").student.contradictions == ["name"]
    assert read(data, "Some_One_vae-1 (2).zip").student.contradictions == []


# ---- identity


@pytest.mark.parametrize(
    ("template", "file", "identity", "name"),
    [
        ("{name}_{slug}.zip", "Some_One_vae.zip", "Some_One", "Some One"),
        ("{name}_{slug}.zip", "some_one_VAE.ZIP", "some_one", "some one"),
        ("{id}-{name}-{slug}.zip", "s1-Some_One-vae.zip", "s1", "Some One"),
        ("{first}.{last}.zip", "Some.One.zip", "Some_One", "Some One"),
        ("{name}_{slug}.zip", "homework.zip", "homework", ""),
        ("{name}_{slug}.zip", "/a/b/../homework", "homework", ""),
    ],
)
def test_identify(template: str, file: str, identity: str, name: str) -> None:
    assignment = Assignment(slug="vae", title="", questions={}, archive_name=template)
    student = identify(file, assignment)
    assert (student.id, student.name) == (identity, name)


def test_ids_stay_apart_where_letters_are_lost() -> None:
    first, second = (identify(f"{name}_vae.zip", VAE) for name in ("李明", "王明"))
    assert first.id != second.id and SAFE_ID.match(first.id) and first.name == "李明"


def test_an_unknown_field_of_the_template_is_the_courses_fault() -> None:
    with pytest.raises(CourseError, match="mood"):
        identify("x.zip", Assignment(slug="vae", title="", questions={}, archive_name="{mood}.zip"))


@given(st.text())
def test_any_file_name_identifies_somebody(file: str) -> None:
    student = identify(file, VAE)
    assert SAFE_ID.match(student.id) and (
        student.name.isprintable() or "\u200c" in student.name or "\u200d" in student.name
    )
    to_json(
        Report(
            assignment="vae", file=clean(file, 100), sha256="", status="rejected", student=student
        )
    )


@given(st.text(), st.integers(1, 20))
def test_clean_is_bounded_and_stays(text: str, max_chars: int) -> None:
    once = clean(text, max_chars)
    assert len(once) <= max_chars and clean(once, max_chars) == once
    assert not set("\u202e\u2066\n\x1b\x00") & set(once)


@given(st.text(), st.text())
def test_safe_ids_differ_unless_accents_or_blanks_do(left: str, right: str) -> None:
    assert SAFE_ID.match(safe_id(left))
    if (
        left.isascii()
        and right.isascii()
        and left.split() != right.split()
        and safe_id(left) == safe_id(right)
    ):
        assert left.replace(" ", "_") == right.replace(" ", "_") or any(
            char.isspace() for char in left + right
        )


# ---- artifacts

SOUND = {
    "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    "b": {"dtype": "I64", "shape": [], "data_offsets": [8, 16]},
}


def test_a_sound_safetensors_file() -> None:
    torch_file = pytest.importorskip("safetensors.torch")
    torch = pytest.importorskip("torch")
    tensors = {
        "w": torch.zeros(3, 4),
        "n": torch.tensor(3),
        "h": torch.zeros(0, 2, dtype=torch.bfloat16),
        "m": torch.ones(3, dtype=torch.bool),
    }
    assert problem_of(torch_file.save(tensors, {"made": "by a student"})) is None
    assert problem_of(safetensors(SOUND, 16)) is None and problem_of(safetensors({}, 0)) is None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "too short"),
        (struct.pack("<Q", 2**63) + b"{}", "longer than"),
        (struct.pack("<Q", 2_000_000) + bytes(2_000_000), "longer than"),
        (safetensors(b"[]", 0), "cannot be read"),
        (safetensors(b'{"a": ' * 60_000, 0), "cannot be read"),
        (safetensors(b"\xff\xff", 0), "cannot be read"),
        (safetensors({"a": {"dtype": "F32", "shape": [2]}}, 8), "cannot be read"),
        (
            safetensors({"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}, 8),
            "cannot be read",
        ),
        (
            safetensors({"a": {"dtype": "F32", "shape": [2**60], "data_offsets": [0, 8]}}, 8),
            "cannot be read",
        ),
        (safetensors({"__metadata__": {"a": 1}}, 0), "cannot be read"),
        (
            safetensors({"a": {"dtype": "X9", "shape": [2], "data_offsets": [0, 8]}}, 8),
            "unknown type",
        ),
        (safetensors({"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}, 8), "shape"),
        (safetensors({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}, 8), "outside"),
        (safetensors({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}, 8), "outside"),
        (
            safetensors(SOUND | {"c": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}, 16),
            "outside",
        ),
        (safetensors(SOUND, 20), "belong to no tensor"),
    ],
)
def test_a_bad_safetensors_file(data: bytes, says: str) -> None:
    assert says in (problem_of(data) or "")
    submission = read(zipped(BOTH | {"artifacts/vae.safetensors": data}))
    assert submission.artifacts == {} and has_note(
        submission, "artifacts/vae.safetensors was left out", says
    )
    assert set(submission.notebooks) == {"lab", "theory"}


def test_only_artifacts_that_match_with_safe_names() -> None:
    model = safetensors(SOUND, 16)
    names = [
        "artifacts/a.safetensors",
        "artifacts/b c.safetensors",
        "artifacts/.x.safetensors",
        "artifacts/d/e.safetensors",
        "f.safetensors",
    ]
    submission = read(
        zipped(BOTH | {name: model for name in names} | {"artifacts/g.pkl": b"cos\nsystem"})
    )
    assert list(submission.artifacts) == ["artifacts/a.safetensors"]
    assert has_note(submission, "b c.safetensors was left out", "name") and has_note(
        submission, ".x.safetensors was left out"
    )
    assert has_note(
        submission, "Ignored", "artifacts/d/e.safetensors", "f.safetensors", "artifacts/g.pkl"
    )


def test_artifacts_have_a_limit_together() -> None:
    model = safetensors(SOUND, 16)
    limits = replace(IntakeLimits(), artifacts_bytes=2 * len(model) + 1)
    submission = read(
        zipped(BOTH | {f"artifacts/{name}.safetensors": model for name in "abc"}), limits=limits
    )
    assert list(submission.artifacts) == ["artifacts/a.safetensors", "artifacts/b.safetensors"]
    assert has_note(submission, "artifacts/c.safetensors was left out", "together")


def test_a_damaged_artifact_costs_only_itself() -> None:
    model = safetensors(SOUND, 16)
    data = bytearray(zipped(BOTH | {"artifacts/a.safetensors": model}, zipfile.ZIP_STORED))
    data[data.index(model) + len(model) - 1] ^= 1
    submission = read(bytes(data))
    assert submission.artifacts == {} and has_note(
        submission, "artifacts/a.safetensors was left out", "damaged"
    )


# ---- finding


def test_find_submissions(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    (folder / "dir.zip").mkdir(parents=True)
    for name in ("b_vae.zip", "a_vae.ZIP", ".hidden.zip", "c.rar", "notes.txt"):
        (folder / name).write_bytes(b"")
    (folder / "broken.zip").symlink_to(folder / "nowhere")
    (tmp_path / "alone.dat").write_bytes(b"")
    found = find([folder, tmp_path / "alone.dat", folder / "b_vae.zip"])
    assert [file.name for file in found.files] == ["alone.dat", "a_vae.ZIP", "b_vae.zip", "c.rar"]
    assert list(found.aside) == [str(folder / "notes.txt")]


def test_nothing_to_find(tmp_path: Path) -> None:
    with pytest.raises(AutograderError, match=r"no file or folder .*gone"):
        find_submissions([tmp_path / "gone"])
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(AutograderError, match=r"nothing to grade in .*a\.txt"):
        find_submissions([tmp_path])


def test_read_file(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(bytes(11))
    assert read_file(file, replace(IntakeLimits(), archive_bytes=11)) == bytes(11)
    with pytest.raises(RejectedSubmission, match="limit of 10 bytes"):
        read_file(file, replace(IntakeLimits(), archive_bytes=10))
    with pytest.raises(AutograderError, match="cannot be read"):
        read_file(tmp_path / "gone.zip")


# ---- fuzz

SAMPLE = zipped(
    BOTH | {"submission.json": manifest(BOTH), "artifacts/a.safetensors": safetensors(SOUND, 16)}
)
NESTED = zipped({"x/a.zip": SAMPLE}, zipfile.ZIP_STORED)


def survives(data: bytes) -> None:
    started = time.process_time()
    try:
        submission = read(data)
        assert set(submission.notebooks) <= {"lab", "theory"} and submission.notebooks
        assert SAFE_ID.match(submission.student.id)
    except RejectedSubmission as error:
        assert error.message.isprintable()
    assert time.process_time() - started < 2


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([SAMPLE, NESTED]),
    st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_flipped_bytes(base: bytes, changes: list[tuple[int, int]]) -> None:
    data = bytearray(base)
    for position, value in changes:
        data[-1 - position % len(data)] = value
    survives(bytes(data))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.integers(0, len(SAMPLE)), st.integers(0, len(SAMPLE)))
@example(b"", 0, len(SAMPLE))
def test_cut_and_spliced(noise: bytes, begin: int, end: int) -> None:
    survives(SAMPLE[:begin] + noise + SAMPLE[end:])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=30), st.binary(max_size=50), max_size=6))
def test_any_names(files: dict[str, bytes]) -> None:
    # What zipfile itself cannot write is left to the tests that change bytes.
    encodable = {
        name: content
        for name, content in files.items()
        if name[0] != "\0" and not any("\ud800" <= char <= "\udfff" for char in name)
    }
    survives(zipped(BOTH | encodable))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_safetensors(data: bytes) -> None:
    problem_of(data)
    problem_of(safetensors(data, 16))
