"""The text files that authors write: UTF-8, with or without a BOM."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import CourseError


def read_text(file: Path) -> str:
    """The text of a course's file, with line ends as `\\n`.

    Editors on Windows begin a file with a BOM, which is no text: with it, jupytext would see one
    cell more. Raises CourseError that names the line when the file is not UTF-8.
    """
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CourseError(
            f"{file}:{line}: not UTF-8 (byte 0x{data[error.start]:02x}). Save the file as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
