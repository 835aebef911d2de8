"""One way of writing where Python has several: what a disguise changes and a program does not.

The tree that comes out is compared and never run, so that it need not be the same program to the
letter: an order of evaluation, or how often something is computed, may differ.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T", bound=ast.AST)

NEAR = 40
"""Statements between a name that is set and where it is read: what one statement may cost."""
MAX_ROUNDS = 4
"""A rewritten loop may make a name one that is used only once, and so on."""
_JUMPS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_EMPTY = {"list": "append", "set": "add", "dict": ""}
"""What an empty container is made by, and what puts something into it."""


def rewrite(tree: ast.Module) -> ast.Module:
    """The same code without docstrings, annotations and names that are used once; loops that fill a
    container or add up as comprehensions; branches in one form.

    Raises RecursionError for code that is nested too deeply. `tree` is changed.
    """
    tree.body = _block(tree.body)
    for _ in range(MAX_ROUNDS):
        scopes = [node for node in ast.walk(tree) if isinstance(node, (*_FUNCTIONS, ast.Module))]
        if not any([_simplify_scope(scope) for scope in scopes]):
            break
    return tree


# Statements, one by one


def _block(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    made = [new for one in statements for new in _statement(one)]
    return _without_else(made)


def _statement(node: ast.stmt) -> list[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        if isinstance(inner := getattr(node, name, None), list):
            setattr(node, name, _block(inner))
    for handler in getattr(node, "handlers", []):
        handler.body = _block(handler.body)
    for case in getattr(node, "cases", []):
        case.body = _block(case.body)
    if isinstance(node, _FUNCTIONS):
        node.returns = None
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        return [node]
    if isinstance(node, ast.Pass | ast.Global | ast.Nonlocal) or _is_text(node):
        return []
    if isinstance(node, ast.AnnAssign):
        return [_assign(node.target, node.value, node)] if node.value else []
    if isinstance(node, ast.AugAssign):
        read = copy.deepcopy(node.target)
        return [_assign(node.target, _at(ast.BinOp(read, node.op, node.value), node), node)]
    if isinstance(node, ast.Assign):
        return _one_by_one(node)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.IfExp):
        choice = node.value
        first = _at(ast.Return(choice.body), choice.body)
        other = _at(ast.Return(choice.orelse), choice.orelse)
        return [_at(ast.If(choice.test, [first], [other]), node)]
    if isinstance(node, ast.If):
        return [_as_choice(node)]
    return [node]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _one_by_one(node: ast.Assign) -> list[ast.stmt]:
    """`a, b = x, y` as two statements."""
    target, value = node.targets[0], node.value
    both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple | ast.List)
    if len(node.targets) == 1 and both:
        names, values = target.elts, value.elts  # type: ignore[attr-defined]
        starred = any(isinstance(one, ast.Starred) for one in (*names, *values))
        if len(names) == len(values) and not starred:
            return [_assign(one, it, node) for one, it in zip(names, values, strict=True)]
    return [node]


def _as_choice(node: ast.If) -> ast.stmt:
    """`x = a if c else b` for two branches that set the same name."""
    if len(node.body) == len(node.orelse) == 1:
        first, other = node.body[0], node.orelse[0]
        if isinstance(first, ast.Assign) and isinstance(other, ast.Assign):
            names = [[ast.dump(each) for each in one.targets] for one in (first, other)]
            if names[0] == names[1]:
                choice = _at(ast.IfExp(node.test, first.value, other.value), node)
                return _assign(first.targets[0], choice, node)
    return node


def _without_else(statements: list[ast.stmt]) -> list[ast.stmt]:
    """What follows a branch that returns needs no `else`."""
    made: list[ast.stmt] = []
    for node in statements:
        made.append(node)
        if isinstance(node, ast.If) and node.body and isinstance(node.body[-1], _JUMPS):
            made += node.orelse
            node.orelse = []
    return made


# Names that are used once, and loops


def _simplify_scope(scope: ast.AST) -> bool:
    """Returns whether there is less of it now."""
    stores: Counter[str] = Counter()
    loads: Counter[str] = Counter()
    nodes = list(ast.walk(scope))
    for node in nodes:
        if isinstance(node, ast.Name):
            (loads if isinstance(node.ctx, ast.Load) else stores)[node.id] += 1
        elif isinstance(node, ast.arg):
            stores[node.arg] += 2  # a parameter is never put in place
    once = {name for name in stores if stores[name] == loads[name] == 1}
    changed = False
    for node in nodes:
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if isinstance(inner, list) and inner and isinstance(inner[0], ast.stmt):
                made = _without_loops(_in_place(inner, once))
                changed = changed or len(made) < len(inner)
                setattr(node, name, made)
    return changed


def _in_place(statements: list[ast.stmt], once: set[str]) -> list[ast.stmt]:
    """Values of names that are set once and read once, put where they are read."""
    kept = list(statements)
    for node in statements:
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
            continue
        target = node.targets[0]
        if not isinstance(target, ast.Name) or target.id not in once:
            continue
        if _empty_kind(node.value) in _EMPTY:  # it is filled where it is read
            continue
        place = kept.index(node)
        put = _Put(target.id, node.value)
        for later in kept[place + 1 : place + 1 + NEAR]:
            put.visit(later)
            if put.done:
                kept.remove(node)
                once.discard(target.id)
                break
    return kept


class _Put(ast.NodeTransformer):
    """Puts a value where a name is read."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self.name, self.value, self.done = name, value, False

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == self.name and isinstance(node.ctx, ast.Load) and not self.done:
            self.done = True
            return self.value
        return node


def _without_loops(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Loops that fill an empty container, or add up from zero, as comprehensions."""
    made: list[ast.stmt] = []
    for node in statements:
        start = _start_of(made, node) if isinstance(node, ast.For) and not node.orelse else None
        if start is None or (value := _as_value(node, start)) is None:
            made.append(node)
            continue
        made.remove(start)
        made.append(_assign(start.targets[0], value, node))
    return made


def _start_of(before: list[ast.stmt], loop: ast.stmt) -> ast.Assign | None:
    """The statement that sets what the loop fills; None if there is none, or if it is used between
    them.
    """
    filled = _filled(loop)
    for node in reversed(before[-NEAR:]):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id == filled:
                return node
        if any(isinstance(one, ast.Name) and one.id == filled for one in ast.walk(node)):
            return None
    return None


def _innermost(loop: ast.stmt) -> tuple[list[ast.comprehension], ast.stmt] | None:
    """The `for`s and `if`s of a loop as those of a comprehension, and the only statement in it."""
    clauses: list[ast.comprehension] = []
    node = loop
    while True:
        if isinstance(node, ast.For) and not node.orelse and len(node.body) == 1:
            clauses.append(ast.comprehension(node.target, node.iter, [], 0))
        elif isinstance(node, ast.If) and not node.orelse and len(node.body) == 1 and clauses:
            clauses[-1].ifs.append(node.test)
        else:
            return (clauses, node) if clauses else None
        node = node.body[0]


def _filled(loop: ast.stmt) -> str:
    """The name of what a loop fills or adds to; empty if it does something else."""
    found = _innermost(loop)
    if found is None:
        return ""
    _, node = found
    place: ast.expr | None = None
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        puts = isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "add")
        if puts and len(call.args) == 1 and not call.keywords:
            place = call.func.value  # type: ignore[attr-defined]
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Subscript):
            place = target.value
        elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            same = isinstance(value.left, ast.Name) and isinstance(target, ast.Name)
            if same and value.left.id == target.id:  # type: ignore[attr-defined]
                place = target
    return place.id if isinstance(place, ast.Name) else ""


def _as_value(loop: ast.stmt, start: ast.Assign) -> ast.expr | None:
    """The comprehension that makes what the loop makes of what `start` sets; None if none does."""
    found = _innermost(loop)
    if found is None:
        return None
    clauses, node = found
    kind = _empty_kind(start.value)
    if isinstance(node, ast.Expr):
        call = node.value
        assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if kind in _EMPTY and _EMPTY[kind] == call.func.attr:
            comp = ast.ListComp if kind == "list" else ast.SetComp
            return _at(comp(call.args[0], clauses), loop)
        return None
    assert isinstance(node, ast.Assign)
    target = node.targets[0]
    if isinstance(target, ast.Subscript):
        return (
            _at(ast.DictComp(target.slice, node.value, clauses), loop) if kind == "dict" else None
        )
    if kind == "zero":
        assert isinstance(node.value, ast.BinOp)
        adds = _at(ast.GeneratorExp(node.value.right, clauses), loop)
        return _at(ast.Call(_at(ast.Name("sum", ast.Load()), loop), [adds], []), loop)
    return None


def _empty_kind(value: ast.expr) -> str:
    if isinstance(value, ast.Constant) and type(value.value) in (int, float) and not value.value:
        return "zero"
    if isinstance(value, ast.List) and not value.elts:
        return "list"
    if isinstance(value, ast.Dict) and not value.keys:
        return "dict"
    empty_call = isinstance(value, ast.Call) and not value.args and not value.keywords
    if empty_call and isinstance(value.func, ast.Name):  # type: ignore[attr-defined]
        return str(value.func.id)  # type: ignore[attr-defined]
    return ""


def _assign(target: ast.expr, value: ast.expr, where: ast.AST) -> ast.Assign:
    return _at(ast.Assign([target], value), where)


def _at(node: T, where: ast.AST) -> T:
    return ast.copy_location(node, where)
