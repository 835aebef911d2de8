"""Mutation operators: small slips, each a function from a node of the syntax tree to what might
stand there instead.

The slips are those of hand-written mathematics on tensors: a sign, a factor, an axis, a reduction,
a `detach`. A replacement shares its children with the original, so it is for reading
(`ast.unparse`) only.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

Operator = Callable[[ast.AST], Iterator[ast.AST]]

OTHER_SIGN: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
AXES = frozenset({"dim", "axis", "start_dim", "end_dim"})
OTHER_REDUCTION = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "amax": "amin",
    "amin": "amax",
    "argmax": "argmin",
    "argmin": "argmax",
    "var": "std",
    "std": "var",
    "prod": "sum",
    "logsumexp": "sum",
}
REDUCTION_STRINGS = ("sum", "mean", "none")
DROPPED_FUNCTIONS = frozenset(
    {
        "exp",
        "log",
        "sqrt",
        "rsqrt",
        "log1p",
        "expm1",
        "abs",
        "sigmoid",
        "logsigmoid",
        "softplus",
        "tanh",
        "relu",
        "clamp",
        "flip",
        "cumsum",
    }
)
POWERS = frozenset({"pow", "square"})
TRANSPOSES = frozenset({"T", "mT"})


def _with(node: ast.AST, **changed: Any) -> Any:
    """The node with some of its fields changed."""
    fields = {name: getattr(node, name) for name in node._fields}
    return ast.copy_location(type(node)(**(fields | changed)), node)


def _int(node: ast.AST) -> int | None:
    """The value of an int constant, negative ones included."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _int(node.operand)
        return None if value is None else -value
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def _callee(node: ast.AST) -> str:
    """`exp` for x.exp(), torch.exp(x) and exp(x); empty for what is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


LIBRARIES = frozenset(
    {"torch", "F", "nn", "math", "np", "numpy", "linalg", "special", "functional"}
)


def _argument(node: ast.Call) -> ast.expr | None:
    """What the call works on: the receiver of a method, the first argument of a function."""
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        name = (
            owner.id
            if isinstance(owner, ast.Name)
            else owner.attr
            if isinstance(owner, ast.Attribute)
            else ""
        )
        if name not in LIBRARIES:
            return owner
    return node.args[0] if node.args else None


def swap_arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """+ for - and - for +, * for / and / for *."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OTHER_SIGN:
        yield _with(node, op=OTHER_SIGN[type(node.op)]())


def drop_operand(node: ast.AST) -> Iterator[ast.AST]:
    """One term of a sum, one factor of a product."""
    if isinstance(node, ast.BinOp) and type(node.op) in OTHER_SIGN:
        yield node.left
        yield node.right


def drop_minus(node: ast.AST) -> Iterator[ast.AST]:
    """x for -x."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and _int(node) is None:
        yield node.operand


def change_axis(node: ast.AST) -> Iterator[ast.AST]:
    """Axis 1 for 0, and 0 for any other (the neighbours of an axis are `off_by_one`'s)."""
    if (
        isinstance(node, ast.keyword)
        and node.arg in AXES
        and (value := _int(node.value)) is not None
    ):
        yield _with(node, value=ast.Constant(1 if value == 0 else 0))


def change_reduction(node: ast.AST) -> Iterator[ast.AST]:
    """mean for sum, min for max, reduction="sum" for reduction="none", and so on."""
    if (
        (name := OTHER_REDUCTION.get(_callee(node)))
        and isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
    ):
        yield _with(node, func=_with(node.func, attr=name))
    if (
        isinstance(node, ast.keyword)
        and node.arg == "reduction"
        and isinstance(node.value, ast.Constant)
    ):
        for string in REDUCTION_STRINGS:
            if string != node.value.value:
                yield _with(node, value=ast.Constant(string))


def drop_detach(node: ast.AST) -> Iterator[ast.AST]:
    """x for x.detach(); the body of `with torch.no_grad()` as it is."""
    if isinstance(node, ast.Call) and _callee(node) == "detach" and (argument := _argument(node)):
        yield argument
    if isinstance(node, ast.With) and any(
        _callee(item.context_expr) in ("no_grad", "inference_mode") for item in node.items
    ):
        yield ast.If(test=ast.Constant(True), body=node.body, orelse=[])


def off_by_one(node: ast.AST) -> Iterator[ast.AST]:
    """n + 1 and n - 1 for an integer."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def swap_arguments(node: ast.AST) -> Iterator[ast.AST]:
    """Neighbouring arguments of a call, neighbouring elements of a tuple, the two sides of a matrix
    product.
    """
    if isinstance(node, ast.Call) and not any(
        isinstance(argument, ast.Starred) for argument in node.args
    ):
        for swapped in _swapped(node.args):
            yield _with(node, args=swapped)
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for swapped in _swapped(node.elts):
            yield _with(node, elts=swapped)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield _with(node, left=node.right, right=node.left)


def _swapped(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for index in range(len(items) - 1):
        yield [*items[:index], items[index + 1], items[index], *items[index + 2 :]]


def negate_comparison(node: ast.AST) -> Iterator[ast.AST]:
    """>= for <, != for ==; `not` before any other condition."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield _with(node, ops=[NEGATED[type(node.ops[0])]()])
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def change_float(node: ast.AST) -> Iterator[ast.AST]:
    """Twice the constant, and its negative; 1 for 0."""
    if isinstance(node, ast.Constant) and type(node.value) is float:
        for value in (2 * node.value, -node.value) if node.value else (1.0,):
            yield ast.Constant(value)


def drop_power(node: ast.AST) -> Iterator[ast.AST]:
    """x for x**2, x.pow(2) and x.square()."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield node.left
    if isinstance(node, ast.Call) and _callee(node) in POWERS and (argument := _argument(node)):
        yield argument


def drop_function(node: ast.AST) -> Iterator[ast.AST]:
    """x for exp(x), x.log(), torch.sqrt(x) and the like; x for x.T."""
    if (
        isinstance(node, ast.Call)
        and _callee(node) in DROPPED_FUNCTIONS
        and (argument := _argument(node))
    ):
        yield argument
    if isinstance(node, ast.Attribute) and node.attr in TRANSPOSES:
        yield node.value


def drop_keyword(node: ast.AST) -> Iterator[ast.AST]:
    """A call without one of its keyword arguments."""
    if isinstance(node, ast.Call):
        for index in range(len(node.keywords)):
            yield _with(node, keywords=[*node.keywords[:index], *node.keywords[index + 1 :]])


def drop_statement(node: ast.AST) -> Iterator[ast.AST]:
    """Nothing for a statement. A plain `name = ...` or `return` stays: without it nothing runs,
    which tests no check.
    """
    droppable = (
        ast.Expr
        | ast.AugAssign
        | ast.If
        | ast.For
        | ast.While
        | ast.With
        | ast.Raise
        | ast.Assert
        | ast.Delete
    )
    if isinstance(node, droppable) or (
        isinstance(node, ast.Assign) and _changes_what_is_there(node)
    ):
        yield ast.Pass()


def _changes_what_is_there(node: ast.Assign) -> bool:
    """`x = f(x)`, `x[0] = ...` and `module.x = ...` change something that is there without them."""
    read = {name.id for name in ast.walk(node.value) if isinstance(name, ast.Name)}
    return all(
        target.id in read if isinstance(target, ast.Name) else not isinstance(target, ast.Tuple)
        for target in node.targets
    )


def detach_result(node: ast.AST) -> Iterator[ast.AST]:
    """`return x.detach()` for `return x`; one of them at a time for `return x, y`."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    if isinstance(node.value, ast.Tuple):
        for index, element in enumerate(node.value.elts):
            elements = [*node.value.elts[:index], _detached(element), *node.value.elts[index + 1 :]]
            yield _with(node, value=_with(node.value, elts=elements))
    elif _callee(node.value) != "detach":
        yield _with(node, value=_detached(node.value))


def _detached(value: ast.expr) -> ast.expr:
    return ast.Call(
        func=ast.Attribute(value=value, attr="detach", ctx=ast.Load()), args=[], keywords=[]
    )


OPERATORS: dict[str, Operator] = {
    operator.__name__: operator
    for operator in (
        *(
            swap_arithmetic,
            drop_operand,
            drop_minus,
            change_axis,
            change_reduction,
            drop_detach,
            off_by_one,
            swap_arguments,
        ),
        *(
            negate_comparison,
            change_float,
            drop_power,
            drop_function,
            drop_keyword,
            drop_statement,
            detach_result,
        ),
    )
}
"""By name; where two give the same source, the first is named."""
