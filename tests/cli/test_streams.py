"""Standard output that is closed or full: a sentence and a status, and no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

AUTOGRADER = f"{sys.executable} -m autograder"

STREAMS = {
    "stdout closed": ("--version >&-", 2, "standard output is closed"),
    "stdout closed, nothing begun": ("init course >&-", 2, "standard output is closed"),
    "stdout full": ("--version >/dev/full", 1, "standard output cannot be written to: No space"),
    "stderr closed": ("--version 2>&-", 0, ""),
    "both closed": ("--version >&- 2>&-", 2, ""),
    "nobody reads on": ("--help | true", 0, ""),
}


@pytest.mark.parametrize(("line", "status", "sentence"), STREAMS.values(), ids=STREAMS)
def test_streams_that_cannot_be_written_to(
    tmp_path: Path, line: str, status: int, sentence: str
) -> None:
    done = subprocess.run(
        f"{AUTOGRADER} {line}",
        shell=True,
        executable="/bin/bash",
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == status, done.stderr
    assert sentence in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
