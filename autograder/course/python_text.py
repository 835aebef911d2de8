"""The code of a cell as Python reads it."""

from __future__ import annotations

import ast


def parse_cell(source: str) -> ast.Module:
    """The syntax tree of a code cell, in which lines of magics (`%time`, `!pip`) are blank.

    Raises SyntaxError.
    """
    lines = source.split("\n")
    return ast.parse(
        "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    )
