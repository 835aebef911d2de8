"""The archive that is handed in: notebooks, artifacts and a manifest, written atomically."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
import stat
import tempfile
import time
import zipfile
import zlib
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from dgm.handin.contents import MANIFEST, Contents
from dgm.handin.errors import HandInError
from dgm.handin.identity import Identity
from dgm.handin.kit import Kit

MANIFEST_SCHEMA = 1


def write_archive(target: Path, kit: Kit, contents: Contents, who: Identity) -> None:
    """Write the zip next to its final place, read it back, then move it there.

    A reader sees a whole archive or none. Raises OSError if it cannot be written, HandInError if
    an artifact cannot be read.
    """
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".collecting-", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as stream:
            _write(stream, kit, contents, who)
            stream.flush()
            os.fsync(stream.fileno())
        with zipfile.ZipFile(temporary) as archive:
            if archive.testzip() is not None:
                raise OSError(0, "what was written does not read back: is the disk in order?")
        # The files of mkstemp are private; a submission has the user's usual permissions.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _write(stream: IO[bytes], kit: Kit, contents: Contents, who: Identity) -> None:
    files: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in contents.notebooks.items():
            modified = (kit.folder / name).stat().st_mtime
            archive.writestr(_member(name, modified, _compression(data)), data)
            files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, path in contents.artifacts.items():
            # Stored: weights hardly shrink, and those that do (all zeros) would look like a zip
            # bomb to the grader.
            info = _member(name, path.stat().st_mtime, zipfile.ZIP_STORED)
            files[name] = _add_file(archive, info, path)
        manifest = json.dumps(make_manifest(kit, contents, who, files), indent=2) + "\n"
        archive.writestr(_member(MANIFEST, time.time(), zipfile.ZIP_DEFLATED), manifest)


def _member(name: str, modified: float, method: int) -> zipfile.ZipInfo:
    date = time.localtime(max(modified, 0))[:6]  # Windows has no local time before 1970
    earliest, latest = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)
    info = zipfile.ZipInfo(name, min(max(date, earliest), latest))
    info.create_system = 3  # Unix, on every system: else the permissions would be DOS attributes
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.compress_type = method
    return info


def _compression(data: bytes) -> int:
    """Stored if it would shrink so much that the grader took it for a zip bomb.

    A loop that printed one line for hours does.
    """
    bomb_like = len(data) > 2**20 and len(zlib.compress(data, 1)) * 50 < len(data)
    return zipfile.ZIP_STORED if bomb_like else zipfile.ZIP_DEFLATED


def _add_file(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> dict[str, Any]:
    """Copy a file into the archive by pieces; its entry in the manifest."""
    digest, n_bytes = hashlib.sha256(), 0
    try:
        source = path.open("rb")
    except OSError as error:
        raise HandInError(
            f"{info.filename} cannot be read ({error.strerror}): make it readable, or delete it."
        ) from error
    with source, archive.open(info, "w", force_zip64=True) as sink:
        for piece in iter(lambda: source.read(2**20), b""):
            sink.write(piece)
            digest.update(piece)
            n_bytes += len(piece)
    return {"sha256": digest.hexdigest(), "bytes": n_bytes}


def make_manifest(
    kit: Kit, contents: Contents, who: Identity, files: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """What submission.json says. files: sha256 and bytes of each file by its name."""
    created = datetime.datetime.now(datetime.timezone.utc)
    return {
        "schema": MANIFEST_SCHEMA,
        "slug": kit.slug,
        **({"part": kit.part} if kit.part else {}),
        "name": who.name,
        "id": who.id,
        "collaborators": who.collaborators,
        **({"group": [{"id": each} for each in who.group.split()]} if who.group else {}),
        "declaration": True,
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "files": files,
        "versions": {"python": platform.python_version(), "torch": torch_version()},
        "warnings": contents.warnings,
    }


def torch_version() -> str | None:
    """The version of torch that this Python would import, read without the seconds of importing."""
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return None
