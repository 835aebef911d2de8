"""Write a file atomically: a killed run never leaves half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

TEMPORARY = ".autograder-tmp"
"""How the name of a half-written file ends: what a killed run leaves is told from everybody else's
files by it.
"""


def write_atomically(file: Path, data: bytes, mode: int = 0o640) -> None:
    """Write a file whole, or leave it as it was. An OSError names it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=TEMPORARY)
    try:
        os.fchmod(handle, mode)  # mkstemp's 0600 would hide it from the staff's group
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, file)
    except BaseException as error:
        os.unlink(name)
        if isinstance(error, OSError) and error.errno and not error.filename:  # a full disk
            raise OSError(error.errno, os.strerror(error.errno), str(file)) from error
        raise
