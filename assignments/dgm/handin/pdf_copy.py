"""A PDF of the notebooks to read, where the course's program `autograder` is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from dgm.handin.dialogue import Dialogue
from dgm.handin.kit import Kit

LIMIT_S = 300


def offer_pdf(kit: Kit, folder: Path, asked: bool, dialogue: Dialogue) -> None:
    """Make `<slug>.pdf` in `folder` if asked for, else mention it. Its failure costs nothing else.

    asked: by the option `--pdf`.
    """
    program = shutil.which("autograder")
    if program is None:
        if asked:
            dialogue.say("  no PDF: the command autograder is not installed on this machine")
        return
    if not asked:
        option = dialogue.option("pdf")
        if dialogue.interactive and option.startswith("--"):  # a notebook's cell has no such option
            dialogue.say(f"  for a PDF of your answers to read, add {option}")
        return
    notebooks = [str(kit.folder / (name + ".ipynb")) for name in kit.notebooks]
    command = [program, "pdf", "--out", str(folder), *notebooks]
    try:
        done = subprocess.run(
            command,
            cwd=str(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_S,
            env=dict(os.environ, PYTHONIOENCODING="utf-8"),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        dialogue.say(f"  no PDF: {error}")
        return
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        dialogue.say(f"  no PDF: {lines[-1][:300] if lines else 'autograder pdf failed'}")
        return
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        dialogue.say(f"  for you to read, not to hand in: {line}")
