"""A tar from a stranger as a zip in memory, for which all checks of `archive.py` then hold."""

from __future__ import annotations

import io
import tarfile
import zipfile

from autograder.errors import RejectedSubmission
from autograder.intake.archive import IntakeLimits
from autograder.intake.untrusted_text import clean, in_words, utf8

_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")


def is_tar(data: bytes) -> bool:
    """By its first bytes, or of a tar that is not compressed by its magic."""
    return data.startswith(_COMPRESSED) or data[257:262] == b"ustar"


def tar_as_zip(data: bytes, limits: IntakeLimits) -> bytes:
    """The regular files of a tar, .tar.gz, .tar.bz2 or .tar.xz. Nothing is written to disk.

    Raises RejectedSubmission for links, devices, damage, and for more than the limits allow.
    """
    left = limits.archive_bytes
    buffer = io.BytesIO()
    try:
        with (
            tarfile.open(fileobj=_Capped(data, limits), mode="r|*") as tar,
            zipfile.ZipFile(buffer, "w") as made,
        ):
            for number, member in enumerate(tar):
                shown = clean(utf8(member.name), 80)
                if number >= limits.entries:
                    raise RejectedSubmission(
                        f"The archive holds more than {limits.entries} files and folders."
                    )
                if member.isdir():
                    continue
                if member.issym() or member.islnk():
                    raise RejectedSubmission(
                        f"The archive holds a link ({shown}). Put the file itself into it."
                    )
                if not member.isreg():
                    raise RejectedSubmission(
                        f"The archive holds something that is no file and no folder ({shown})."
                    )
                left -= member.size
                if left < 0:
                    raise RejectedSubmission(
                        f"The archive unpacks to more than {in_words(limits.archive_bytes)}: leave "
                        "data sets out."
                    )
                stream = tar.extractfile(member)
                content = stream.read() if stream else b""
                made.writestr(zipfile.ZipInfo(utf8(member.name)), content)
    except RejectedSubmission:
        raise
    except Exception as error:  # tarfile, gzip, bz2 and lzma raise a dozen classes
        raise RejectedSubmission(
            "The archive is damaged or cut off, or is not a tar. Make a zip, as "
            "collect_submission.sh does.",
            detail=repr(error),
        ) from error
    return buffer.getvalue()


class _Capped(io.BytesIO):
    """The archive; tarfile decompresses it in blocks, so that no more than a block is ahead."""

    def __init__(self, data: bytes, limits: IntakeLimits) -> None:
        if len(data) > limits.archive_bytes:
            raise RejectedSubmission(
                f"The archive is larger than the limit of {in_words(limits.archive_bytes)}."
            )
        super().__init__(data)
