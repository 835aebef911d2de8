"""Code cells that an editor or a program broke on their way, put right where it is certain.

The grader and the program that packs a submission both use these rules.
"""

from __future__ import annotations

import ast
import re

from dgm.handin.blankness import parsed
from dgm.handin.cell_rules import marker

_NO_BREAK = "\u00a0\u202f\u2007\u3000"
"""Blanks that look like indentation and are not: browsers and chats put them in."""
_COLAB = re.compile(
    r"^([ \t]*)(?:from google\.colab import .*|import google\.colab.*"
    r"|drive\.(?:mount|flush_and_unmount)\(.*\)|files\.upload\(.*\))[ \t]*$",
    re.MULTILINE,
)


def repaired(source: str) -> str:
    """The source with its line ends and plain blanks, if it lost them and makes sense with them."""
    if "\n" not in source and "\\n" in source:
        lines = source.replace("\\r\\n", "\\n").replace("\\n", "\n")
        lost = parsed(source) is None and parsed(lines) is not None
        if lost or (marker(lines) and not marker(source)):
            source = lines
    if any(blank in source for blank in _NO_BREAK) and parsed(source) is None:
        plain = re.sub(f"[{_NO_BREAK}]", " ", source)
        if parsed(plain) is not None:
            source = plain
    return source


def as_meant(source: str) -> str:
    """The source as it is run for a grade.

    Without what only Colab has, and without a `raise NotImplementedError` that was left above the
    answer.
    """
    if "colab" in source:
        source = _COLAB.sub(r"\1pass", source)
    return without_left_raise(source)


def without_left_raise(source: str) -> str:
    """The source, in which a `raise NotImplementedError` with statements below it is `pass`."""
    if "NotImplementedError" not in source or (tree := parsed(source)) is None:
        return source
    lines = source.split("\n")
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for one, below in zip(body or [], (body or [])[1:]):
            if _raises(one) and _is_work(below) and one.lineno == one.end_lineno:
                lines[one.lineno - 1] = " " * one.col_offset + "pass"
    return "\n".join(lines)


def _raises(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Raise):
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_work(node: ast.stmt) -> bool:
    return not (
        isinstance(node, (ast.Pass, ast.Raise))
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    )
