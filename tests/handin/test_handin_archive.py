"""The archive as it is written: what is in it, and how it replaces an earlier one or fails."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest
from dgm.handin import HandInError, archive
from dgm.handin.archive import write_archive
from dgm.handin.identity import Identity
from dgm.handin.kit import load_kit
from student_kit import Kit, manifest

WHO = Identity("Ada Lovelace", "s1815", "None")


def write(kit: Kit) -> Path:
    target = kit.outbox / "made.zip"
    write_archive(target, load_kit(kit.folder), kit.examined(), WHO)
    return target


def test_what_shrinks_too_well_is_stored(kit: Kit) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "x" * (2 * 2**20)}
    kit.cell("train_vae")["outputs"] = [printed]
    kit.file("artifacts/zeros.safetensors", bytes(5000))
    with zipfile.ZipFile(write(kit)) as opened:
        stored = [info.filename for info in opened.infolist() if info.compress_type == 0]
    assert stored == ["lab.ipynb", "artifacts/zeros.safetensors"], "else they look like zip bombs"


def test_the_manifest_has_each_files_digest_and_size(kit: Kit) -> None:
    data = os.urandom(3 * 2**20)
    kit.file("artifacts/large.safetensors", data)
    written = manifest(write(kit))["files"]
    assert list(written) == ["lab.ipynb", "theory.ipynb", "artifacts/large.safetensors"]
    digest = hashlib.sha256(data).hexdigest()
    assert written["artifacts/large.safetensors"] == {"sha256": digest, "bytes": len(data)}


@pytest.mark.parametrize(("time_s", "year"), [(-(10.0**9), 1980), (10.0**9, 2001), (8e9, 2107)])
def test_a_time_that_zip_cannot_carry_is_moved_to_one_that_it_can(
    kit: Kit, time_s: float, year: int
) -> None:
    weights = kit.file("artifacts/a.safetensors", b"x")
    os.utime(weights, (time_s, time_s))
    with zipfile.ZipFile(write(kit)) as opened:
        assert opened.getinfo("artifacts/a.safetensors").date_time[0] == year


def test_what_does_not_read_back_leaves_nothing_behind(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda _: "lab.ipynb")
    (kit.outbox / "made.zip").write_bytes(b"earlier")
    with pytest.raises(OSError, match="does not read back"):
        write(kit)
    assert [file.name for file in kit.outbox.iterdir()] == ["made.zip"]
    assert (kit.outbox / "made.zip").read_bytes() == b"earlier"


def test_an_artifact_that_cannot_be_opened_is_named(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents, loaded = kit.examined(), load_kit(kit.folder)
    contents.artifacts["artifacts/a.safetensors"] = kit.folder / "lab.ipynb"
    monkeypatch.setattr(Path, "open", _refuse)
    with pytest.raises(HandInError, match=r"artifacts/a\.safetensors cannot be read"):
        write_archive(kit.outbox / "made.zip", loaded, contents, WHO)
    assert list(kit.outbox.iterdir()) == []


def _refuse(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_the_version_of_torch_is_none_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise archive.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(archive.metadata, "version", missing)
    assert archive.torch_version() is None
