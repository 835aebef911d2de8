"""The process that runs a notebook for trial.py: `python -m dgm.handin.trial_run OUT`.

It reads the cells as JSON from stdin, runs them in a fresh IPython as the grader does (without
IPython, as plain Python), and writes to OUT which of them raised and what the check cells printed.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
from pathlib import Path
from typing import Any, Callable

MAX_CHARS = 400


def main(out: str, plan: list[dict[str, str]]) -> None:
    run = _runner()
    errors: dict[str, str] = {}
    verdicts: dict[str, str] = {}
    for cell in plan:
        name = cell["name"] or cell["place"]
        _write(out, errors, verdicts, name)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            error = run(cell["source"])
        if error is not None:
            errors[name] = _describe(error)
        if name.startswith("test_"):
            verdicts[name] = _verdict(name[len("test_") :], printed.getvalue(), error)
    _write(out, errors, verdicts, "")


def _write(out: str, errors: dict[str, str], verdicts: dict[str, str], at: str) -> None:
    """at: the cell that runs now; one that ends the process leaves its name here."""
    said = {"errors": errors, "verdicts": verdicts, "at": at}
    Path(out).write_text(json.dumps(said), encoding="utf-8")


def _runner() -> Callable[[str], Any]:
    """A function that runs a cell and returns what it raised, or None."""
    try:
        shells = importlib.import_module("IPython.core.interactiveshell")
    except ImportError:
        return _plain({"__name__": "__main__"})
    shell = shells.InteractiveShell.instance()

    def run(source: str) -> Any:
        result = shell.run_cell(source, store_history=False, silent=True)
        return result.error_before_exec or result.error_in_exec

    return run


def _plain(namespace: dict[str, Any]) -> Callable[[str], Any]:
    def run(source: str) -> Any:
        try:
            exec(compile(source, "<cell>", "exec"), namespace)
        except (Exception, SystemExit) as error:
            return error
        return None

    return run


def _verdict(question: str, printed: str, error: Any) -> str:
    """The line that the check cell printed on its question; a cell that raises says so itself."""
    if error is not None:
        return f"not yet: {_describe(error)}"
    start = f"{question}: "
    lines = [line for line in printed.splitlines() if line.startswith(start)]
    return lines[-1][len(start) :] if lines else "visible checks pass"


def _describe(error: Any) -> str:
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:
        text = type(error).__name__
    return " ".join(text.split())[:MAX_CHARS]


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.stdin.buffer.read().decode("utf-8")))
