"""Which of an assignment's oracles a hidden suite can reach, told from the syntax trees of both; in doubt, all of them.

An edit to one oracle then changes the digest of the questions whose checks could notice, and of no other. A name counts as used wherever it
stands: as a variable, an attribute, a keyword or a text. So `student.f`, `reference.f` and `getattr(reference, "f")` all reach `f`.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

UNTOLD = frozenset(
    {"eval", "exec", "globals", "locals", "vars", "__import__", "importlib", "import_module", "__dict__", "__init_subclass__"}
    | {"builtins", "__builtins__"}
)
"""Names by which code gets at others without saying their names. `module.eval()` is a network's mode, and none of them."""

HARMLESS_DECORATORS = frozenset({"staticmethod", "classmethod", "property", "cache", "lru_cache", "dataclass", "no_grad", "wraps"})
"""Decorators that register nothing elsewhere."""

TRUSTED = ("autograder.checks", "autograder.proxy", "autograder.errors", "autograder.report", "autograder.assignment")
"""Modules of ours whose files are in the digest of the grader already."""


class CannotTell(Exception):
    """The text is written in a way from which it cannot be told what it uses."""


def identifiers(tree: ast.AST) -> set[str]:
    """Every name, attribute, keyword and text in a tree: whatever may stand for a definition of another module.

    Raises CannotTell when the tree holds a name that reaches others unnamed.
    """
    found: set[str] = set()
    methods: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            (methods if node.attr == "eval" else found).add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.alias):
            found.update(node.name.split("."))
    if untold := found & UNTOLD:
        raise CannotTell(f"it uses {', '.join(sorted(untold))}")
    return found | methods


def reachable(suite: ast.Module, oracles: Path, names: set[str], module: str) -> Iterator[str]:
    """The dumps of the definitions in `oracles` (imported as `module`) that `suite`, or code that uses `names`, can reach.

    Raises CannotTell when the suite passes the whole module on, imports another one of ours, or when either is written too cleverly.
    """
    _check_imports(suite, module)
    _check_aliases(suite, module)
    wanted = names | identifiers(suite)
    statements = _statements(oracles.read_bytes(), module)
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, statement in enumerate(statements):
        for name in statement.binds:
            by_name[name].append(number)
    taken: set[int] = set()
    waiting = [number for number, statement in enumerate(statements) if statement.always or wanted.intersection(statement.binds)]
    while waiting:
        number = waiting.pop()
        if number not in taken:
            taken.add(number)
            waiting += [other for name in statements[number].uses for other in by_name.get(name, [])]
    for number in sorted(taken):
        yield statements[number].dump


@dataclass(frozen=True)
class _Statement:
    """A statement of the oracles' module. `always`: it may do more than bind a name, so that it counts for every suite."""

    binds: list[str]
    uses: set[str]
    always: bool
    dump: str


@lru_cache(maxsize=8)
def _statements(text: bytes, module: str) -> list[_Statement]:
    """The statements of the oracles' module, taken apart once for all suites. Raises CannotTell."""
    tree = ast.parse(text)
    identifiers(tree)  # raises CannotTell
    _check_imports(tree, module)
    found = []
    for statement in tree.body:
        if not _is_docstring(statement):
            names = _bound(statement)
            found.append(_Statement(names, identifiers(statement), not names or _does_more(statement), ast.dump(statement)))
    return found


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _bound(statement: ast.stmt) -> list[str]:
    """The names that a plain definition, assignment or import binds; none for anything else."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in statement.names]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    if isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return []


def _does_more(statement: ast.stmt) -> bool:
    """Might it change something beside the name it binds? A call at import, a decorator that registers, a global that is set."""
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return any(isinstance(node, ast.Call) for node in ast.walk(statement))
    if any(isinstance(node, ast.Global) for node in ast.walk(statement)):
        return True
    if isinstance(statement, ast.ClassDef):
        members = ast.FunctionDef | ast.Assign | ast.AnnAssign | ast.Pass
        plain = all(isinstance(node, members) or _is_docstring(node) for node in statement.body)
        return not plain or bool(statement.keywords) or _decorated(statement) or any(_does_more(node) for node in statement.body)
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and _decorated(statement)


def _decorated(statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    for decorator in statement.decorator_list:
        plain = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = plain.attr if isinstance(plain, ast.Attribute) else plain.id if isinstance(plain, ast.Name) else ""
        if name not in HARMLESS_DECORATORS:
            return True
    return False


def _check_imports(tree: ast.Module, module: str) -> None:
    """Raise CannotTell for an import of ours other than the trusted modules and `module`, for a relative one, and for a star."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            plain = not node.level and all(alias.name != "*" for alias in node.names)
        elif isinstance(node, ast.Import):
            full, plain = [alias.name for alias in node.names], True
        else:
            continue
        ours = [name for name in full if name.split(".")[0] == "autograder"]
        if not plain or not all(f"{name}.".startswith(tuple(f"{known}." for known in (module, *TRUSTED))) for name in ours):
            raise CannotTell(f"it imports {', '.join(full)}")


def _check_aliases(suite: ast.Module, module: str) -> None:
    """Raise CannotTell when the oracles' module itself is handed on: every use must be `reference.name`."""
    aliases: set[str] = set()
    nodes = list(ast.walk(suite))
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            aliases |= {alias.asname or alias.name for alias in node.names if f"{node.module}.{alias.name}" == module}
        elif isinstance(node, ast.Import) and any(alias.name.startswith("autograder.reference") for alias in node.names):
            raise CannotTell("it imports the oracles by their full name")
    through = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    if any(isinstance(node, ast.Name) and node.id in aliases and id(node) not in through for node in nodes):
        raise CannotTell("it hands on the whole module of oracles")
