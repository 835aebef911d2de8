"""What a cell says without running it: which names it defines, and whether it is filled in.

The grader and the program that packs a submission both use these rules. Sources may be anything,
of any length: what is too long or too deep to be parsed counts as filled in.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Union

from dgm.handin.cell_rules import without_marker

MAX_PARSED_CHARS = 32 * 1024
"""Longer cells are searched line by line: a tree takes 100 times the memory of its source."""

_DEFINITION = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_ASSIGNMENT = re.compile(r"^([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)
_MARKER_AND_MORE = re.compile(r"\A\s*#[ \t]*question:[ \t]*[a-z][a-z0-9_]*[ \t]+[^\s#]")
_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def parsed(source: str) -> ast.Module | None:
    """Parse a cell; None if it has no syntax tree. IPython's magics do not count as errors."""
    if len(source) > MAX_PARSED_CHARS:
        return None
    for text in (source, _MAGIC.sub(r"\1pass", source)):
        try:
            with warnings.catch_warnings():
                # An invalid escape in a student's string is not a warning of ours.
                warnings.simplefilter("ignore")
                return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def defined_names(source: str) -> tuple[set[str], set[str]]:
    """(functions and classes, variables) that a cell defines at its top level.

    They are read from its lines if it does not parse.
    """
    tree = parsed(source)
    if tree is None:
        return set(_DEFINITION.findall(source)), set(_ASSIGNMENT.findall(source))
    definitions = {node.name for node in tree.body if isinstance(node, (*_FUNCTIONS, ast.ClassDef))}
    targets = [
        target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
    ]
    targets += [
        node.target
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and node.value is not None
    ]
    return definitions, {target.id for target in targets if isinstance(target, ast.Name)}


_released_names = lru_cache(maxsize=512)(defined_names)
"""Of the release's cells, which are the same for every submission."""


def target_names(name: str, released: str) -> set[str]:
    """The names that a code answer is known by: its question's, or those that its release defines.

    released: the source of the answer's cell as it was handed out.
    """
    definitions, variables = _released_names(released)
    return {name} if name in definitions else (definitions or variables) | {name}


def same_source(left: str, right: str) -> bool:
    """Equal but for blanks at line ends and at both ends."""
    return normal(left) == normal(right)


def normal(source: str) -> str:
    """The source without blanks at line ends and at both ends."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def is_blank_code(source: str, released: str) -> bool:
    """Whether a code answer is not filled in.

    It is as released, has nothing but comments, or leaves every stub of the release empty.
    """
    if same_source(source, released):
        return True
    if _MARKER_AND_MORE.search(source):
        return False  # a program took the line ends away, and the answer became a comment
    if len(_COMMENT.sub("", source)) > 2 * len(released) + 2000:
        return False  # somebody wrote something; comparing long trees is slow
    mine = parsed(source)
    if mine is None:
        lines = (line.strip() for line in source.splitlines())
        return not any(line and not line.startswith("#") for line in lines)
    if all(_is_nothing(node) and not isinstance(node, ast.Raise) for node in mine.body):
        return True
    try:
        return _adds_nothing(mine, released)
    except RecursionError:  # too deep to compare: somebody wrote that
        return False


def is_blank_text(source: str, released: str, has_attachments: bool = False) -> bool:
    """Whether a text answer is not filled in.

    It is as released, or has nothing but the marker and nbgrader's "YOUR ANSWER HERE".
    """
    if has_attachments:
        return False
    left = without_marker(source).replace("YOUR ANSWER HERE", "").strip()
    return not left or same_source(without_marker(source), without_marker(released))


@dataclass(frozen=True)
class _Released:
    """A cell of the release: its functions' bare bodies, which are stubs, its other statements."""

    bodies: dict[str, list[str]]
    stubs: set[str]
    statements: set[str]


@lru_cache(maxsize=512)
def _released(source: str) -> _Released | None:
    """None if it does not parse. Cached, for it is the same for every submission."""
    tree = parsed(source)
    if tree is None:
        return None
    functions = _functions(tree)
    bodies = {name: list(map(ast.dump, _bare(function))) for name, function in functions.items()}
    stubs = {
        name
        for name, function in functions.items()
        if any(map(_raises_not_implemented, ast.walk(function)))
    }
    return _Released(bodies, stubs, _statements(tree))


def _adds_nothing(mine: ast.Module, released: str) -> bool:
    """Nothing that the release does not have, and each of its stubs empty or as it was."""
    given = _released(released)
    my_functions = _functions(mine)
    if given is None or my_functions.keys() - given.bodies.keys():
        return False
    my_statements = _statements(mine)
    if my_statements - given.statements:
        return False
    if not given.stubs:
        same = my_statements == given.statements and my_functions.keys() == given.bodies.keys()
        return same and all(
            _has_body(my_functions[name], body) for name, body in given.bodies.items()
        )
    written = [
        name
        for name in given.stubs & my_functions.keys()
        if not all(map(_is_nothing, my_functions[name].body))
    ]
    return all(_has_body(my_functions[name], given.bodies[name]) for name in written)


def _functions(tree: ast.Module) -> dict[str, _Function]:
    """Functions of the module and methods of its classes, by qualified name."""
    found: dict[str, _Function] = {
        node.name: node for node in tree.body if isinstance(node, _FUNCTIONS)
    }
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, _FUNCTIONS):
                    found[f"{node.name}.{method.name}"] = method
    return found


def _statements(tree: ast.Module) -> set[str]:
    """The other statements of the module and its classes, and the classes' headers.

    Imports, docstrings and `pass` are left out.
    """
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    found = set()
    for node in classes:
        header = [ast.dump(part) for part in (*node.bases, *node.keywords, *node.decorator_list)]
        found.add(f"class {node.name} {header}")
    scopes: list[tuple[str, list[ast.stmt]]] = [("", tree.body)]
    scopes += [(node.name, node.body) for node in classes]
    for scope, body in scopes:
        for statement in body:
            if isinstance(statement, (*_FUNCTIONS, ast.Import, ast.ImportFrom)):
                continue
            if statement in classes:
                continue
            if _raises_not_implemented(statement) or not _is_nothing(statement):
                found.add(f"{scope}: {ast.dump(statement)}")
    return found


def _bare(function: _Function) -> list[ast.stmt]:
    """The function's statements without docstring; comments and layout are gone already."""
    return [
        node
        for node in function.body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]


def _has_body(function: _Function, body: list[str]) -> bool:
    bare = _bare(function)
    return len(bare) == len(body) and all(ast.dump(node) == text for node, text in zip(bare, body))


def _raises_not_implemented(node: ast.AST) -> bool:
    if not isinstance(node, ast.Raise):
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_nothing(node: ast.stmt) -> bool:
    """`raise NotImplementedError`, `pass`, `...` or a docstring."""
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass) or _raises_not_implemented(node)
