"""Jupyter's "Run All" on a lab that is not finished: a cell that needs an answer which is still to be
written says so and lets the cells below it run.

In a notebook an exception would end "Run All" at the first training cell. Here a NotImplementedError of
a blank answer is printed as one line, and so is the NameError (or KeyError) of a cell that needs what such a cell would have made.
Every other exception is shown as always. nbgrader's own runs (validate, autograde) see all exceptions.
"""

from __future__ import annotations

import ast
import os
import sys
import traceback
from types import TracebackType
from typing import Any


def is_validated() -> bool:
    """Whether `nbgrader validate`, or JupyterLab's button Validate, runs the notebook."""
    return os.environ.get("NBGRADER_VALIDATING") == "1"


class Waiting:
    """What the cells that had to wait have not defined, or not filled, by name: what they wait for."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.missing: dict[str, str] = {}
        self.unfinished: dict[str, str] = {}

    def reason(self, error: BaseException | None) -> str:
        """What a cell that raised `error` waits for; empty if the error is one of another kind."""
        if error is None:
            return ""
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        ours = [frame for frame in frames if frame.f_globals is self.namespace]
        if isinstance(error, NotImplementedError) and ours and frames[-1] is ours[-1]:
            name = ours[-1].f_code.co_name
            return "its answer" if name == "<module>" else f"{name}, which is still to be written"
        if isinstance(error, NameError) and error.name in self.missing:
            return f"{error.name}: {self.missing[error.name]}"
        if isinstance(error, KeyError) and error.args:
            for name in dict.fromkeys(name for frame in ours for name in frame.f_code.co_names):
                found = self.namespace.get(name)
                if (
                    name in self.unfinished
                    and isinstance(found, dict)
                    and error.args[0] not in found
                ):
                    return f"{name}: {self.unfinished[name]}"
        return ""

    def skip(self, source: str, reason: str) -> None:
        """Note that a cell did not run to its end."""
        above = "a cell above waits for "
        told = above + (reason.partition(": ")[2] or reason).removeprefix(above)
        for name in _defined(source):
            (self.unfinished if name in self.namespace else self.missing)[name] = told


def _defined(source: str) -> set[str]:
    """The names that a cell defines at its top level."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # magics
        return set()
    names: set[str] = set()
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.add(statement.name)
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.alias):
                names.add((node.asname or node.name).partition(".")[0])
    return names


def install() -> None:
    """Let "Run All" go to the end in this kernel. Outside of IPython, and where nbgrader runs the notebook: nothing."""
    if "NBGRADER_EXECUTION" in os.environ:
        return
    ipython = sys.modules.get("IPython")  # in a kernel it is there already
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    waiting = Waiting(shell.user_ns)

    def show(
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType,
        tb_offset: int | None = None,
    ) -> None:
        if reason := waiting.reason(error):
            print(f"not run: this cell waits for {reason}")
        else:
            shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    def after(result: Any) -> None:
        if reason := waiting.reason(result.error_in_exec):
            waiting.skip(result.info.raw_cell, reason)
            result.error_in_exec = None  # else the kernel answers "error", and Jupyter stops

    shell.set_custom_exc((NotImplementedError, NameError, KeyError), show)
    shell.events.register("post_run_cell", after)
