"""The course's secret, which seeds the inputs of hidden checks: never empty, never overwritten."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from autograder.atomic_write import TEMPORARY
from autograder.errors import AutograderError

FILE = ".autograder-secret"
VARIABLE = "AUTOGRADER_SECRET"


def course_secret(root: Path) -> str:
    """`$AUTOGRADER_SECRET`, else the text of a file that is made once, readable by its owner only.

    Raises AutograderError when the file is empty or cannot be read or made.
    """
    if given := os.environ.get(VARIABLE):
        return given
    file = root / FILE
    try:
        if not file.exists():
            _make(file)
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not ASCII text"
        raise AutograderError(
            f"{file} cannot be read or made: {reason}. Make it a text file that you can read, "
            f"or set {VARIABLE}",
            detail=repr(error),
        ) from error
    if not secret:
        raise AutograderError(
            f"{file} is empty. Restore the secret that earlier grading used, or delete the file. "
            "The next run then makes a new one, and `--force` grades everything again with it"
        )
    return secret


def _make(file: Path) -> None:
    """Write a new secret; of several processes that do so at once, the first one wins.

    The file is written elsewhere (mkstemp: 0600) and then linked, which never replaces a file: so
    nobody can read an empty one, and nobody's secret is replaced by another.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{FILE}.", suffix=TEMPORARY)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(16) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        _publish(Path(name), file)
    finally:
        Path(name).unlink(missing_ok=True)


def _publish(made: Path, file: Path) -> None:
    try:
        os.link(made, file)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        if not file.exists():
            os.replace(made, file)
