"""A cell's syntax tree in one form: terms of a sum, factors of a product and statements of a block
in no order, functions and methods alike, numbers and comparisons in one spelling.
"""

from __future__ import annotations

import ast
import hashlib
import math
from collections.abc import Iterator

MODULES = {"torch", "np", "numpy", "math", "F", "nn"}
"""Names of modules: `torch.exp(x)` is `x.exp()`."""
_SUM, _PRODUCT = "+", "*"
_NO_ORDER = {_SUM, _PRODUCT, "and", "or", "==", "!=", "block", "set", "&", "|", "^"}
_MAX_TEXT = 200
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)
_BITS = 64


class Node:
    """One node. `name`: of a leaf that stands for a name that the cell itself sets, which name.
    `lines`: first and last line of the source that it comes from.
    """

    __slots__ = ("children", "label", "lines", "name", "shape", "size")

    def __init__(
        self,
        label: str,
        children: list[Node] | None = None,
        name: str = "",
        lines: tuple[int, int] = (0, 0),
    ) -> None:
        self.label, self.name, self.lines = label, name, lines
        self.children: list[Node] = children or []
        if label in _NO_ORDER:
            self.children = sorted(self.children, key=lambda one: one.shape)
        self.size: int = 1 + sum(one.size for one in self.children)
        digest = hashlib.blake2b(label.encode("utf-8", "replace"), digest_size=8)
        for one in self.children:
            digest.update(one.shape)
        self.shape: bytes = digest.digest()
        """The same for trees that differ in names alone."""


def tree_of(module: ast.Module) -> Node:
    """The tree of a cell. Raises RecursionError for code that is nested too deeply."""
    return _Reader(module).block(module.body, "cell")


def _bound(module: ast.Module) -> set[str]:
    """Names that the cell sets, and `self.name` of attributes that its methods set."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, _NAMED) and node.name:
            found.add(node.name)
        elif (
            isinstance(node, ast.Attribute)
            and not isinstance(node.ctx, ast.Load)
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
        ):
            found.add(f"self.{node.attr}")
    return found


class _Reader:
    def __init__(self, module: ast.Module) -> None:
        self._names = _bound(module)

    def block(self, body: list[ast.stmt], label: str = "block") -> Node:
        if label == "cell":
            return Node("cell", [self.block(body)])
        return Node("block", [self.read(one) for one in body])

    def read(self, node: ast.AST) -> Node:
        method = getattr(self, f"_{type(node).__name__}", self._other)
        made: Node = method(node)
        if not made.lines[0]:
            made.lines = _lines(node)
        return made

    def _name(self, name: str) -> Node:
        return Node("@", name=name) if name in self._names else Node(f"name {name}")

    def _other(self, node: ast.AST) -> Node:
        """What has no form of its own here, with its fields in order."""
        label, children = type(node).__name__, []
        for field, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                children.append(self.block(value))
            elif isinstance(value, list):
                children += [self.read(one) for one in value if isinstance(one, ast.AST)]
                names = [one for one in value if isinstance(one, str)]
                label += "".join(f" {one}" for one in names)
            elif isinstance(value, ast.AST):
                if not isinstance(value, ast.expr_context):
                    children.append(self.read(value))
            elif isinstance(value, str) and field != "type_comment":
                children.append(self._name(value))
        return Node(label, children)

    # Names and constants

    def _Name(self, node: ast.Name) -> Node:
        return self._name(node.id)

    def _arg(self, node: ast.arg) -> Node:
        return self._name(node.arg)

    def _arguments(self, node: ast.arguments) -> Node:
        every = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        every += [one for one in (node.vararg, node.kwarg) if one]
        defaults = [*node.defaults, *(one for one in node.kw_defaults if one)]
        return Node("arguments", [self.read(one) for one in (*every, *defaults)])

    def _Constant(self, node: ast.Constant) -> Node:
        return Node(_constant(node.value))

    def _Attribute(self, node: ast.Attribute) -> Node:
        if isinstance(node.value, ast.Name):
            own = f"{node.value.id}.{node.attr}"
            if own in self._names:
                return Node("@", name=own)
        if self._is_module(node.value):
            return Node(f"name {node.attr}")
        return Node(f".{node.attr}", [self.read(node.value)])

    def _is_module(self, node: ast.expr) -> bool:
        """`torch`, `torch.nn.functional`."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in MODULES and node.id not in self._names

    # Arithmetic

    def _BinOp(self, node: ast.BinOp) -> Node:
        if isinstance(node.op, ast.Add | ast.Sub):
            return Node(_SUM, [self._term(one, sign) for one, sign in _terms(node)])
        if isinstance(node.op, ast.Mult | ast.Div):
            return self._product(node, 1)
        if isinstance(node.op, ast.Pow):
            return Node("pow", [self.read(node.left), self.read(node.right)])
        if isinstance(node.op, ast.MatMult):
            return Node("matmul", [self.read(node.left), self.read(node.right)])
        label = {ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}.get(type(node.op))
        label = label or type(node.op).__name__
        return Node(label, [self.read(node.left), self.read(node.right)])

    def _term(self, node: ast.expr, sign: int) -> Node:
        made = self._product(node, sign) if sign < 0 else self.read(node)
        if not made.lines[0]:
            made.lines = _lines(node)
        return made

    def _product(self, node: ast.expr, sign: int) -> Node:
        """Factors in no order, the numbers among them as one; a division by what is not a number as
        a factor `inverse`.
        """
        number, factors = float(sign), []
        for one, inverse in _factors(node):
            value = _number(one)
            if value is not None and not (inverse and value == 0):
                number = number / value if inverse else number * value
            else:
                factors.append(Node("inverse", [self.read(one)]) if inverse else self.read(one))
        factors = _squared(factors)
        if number != 1 or not factors:
            factors.append(Node(_constant(number)))
        return factors[0] if len(factors) == 1 else Node(_PRODUCT, factors)

    def _UnaryOp(self, node: ast.UnaryOp) -> Node:
        if isinstance(node.op, ast.USub):
            return self._product(node, 1)
        if isinstance(node.op, ast.UAdd):
            return self.read(node.operand)
        return Node(type(node.op).__name__, [self.read(node.operand)])

    def _Compare(self, node: ast.Compare) -> Node:
        sides = [self.read(one) for one in (node.left, *node.comparators)]
        labels = [_COMPARED.get(type(op), type(op).__name__) for op in node.ops]
        if len(labels) == 1 and labels[0] in (">", ">="):
            labels, sides = [labels[0].replace(">", "<")], sides[::-1]
        return Node(" ".join(labels), sides)

    def _BoolOp(self, node: ast.BoolOp) -> Node:
        label = "and" if isinstance(node.op, ast.And) else "or"
        return Node(label, [self.read(one) for one in node.values])

    # Calls

    def _Call(self, node: ast.Call) -> Node:
        arguments = [self.read(one) for one in node.args]
        for one in sorted(node.keywords, key=lambda each: each.arg or ""):
            value = self.read(one.value)
            plain = one.arg in ("dim", "axis")
            arguments.append(value if plain else Node(f"{one.arg}=", [value], lines=value.lines))
        func = node.func
        if isinstance(func, ast.Attribute) and f"self.{func.attr}" not in self._names:
            owner = [] if self._is_module(func.value) else [self.read(func.value)]
            return _called(func.attr, [*owner, *arguments])
        if isinstance(func, ast.Name) and func.id not in self._names:
            return self._builtin(func.id, node, arguments)
        return Node("call", [self.read(func), *arguments])

    def _builtin(self, name: str, node: ast.Call, arguments: list[Node]) -> Node:
        if name in ("list", "tuple") and len(arguments) == 1 and arguments[0].label == "comp":
            return arguments[0]
        if name == "range" and len(arguments) == 2 and arguments[0].label == _constant(0):
            return _called(name, arguments[1:])
        mapped = len(node.args) == 2 and isinstance(node.args[0], ast.Lambda)
        if name == "map" and mapped and len(node.args[0].args.args) == 1:  # type: ignore[attr-defined]
            function = node.args[0]
            assert isinstance(function, ast.Lambda)
            clause = Node("for", [self.read(function.args.args[0]), arguments[1]])
            return Node("comp", [clause, self.read(function.body)])
        return _called(name, arguments)

    def _comp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Node:
        return Node("comp", [*map(self._clause, node.generators), self.read(node.elt)])

    _ListComp = _GeneratorExp = _comp

    def _SetComp(self, node: ast.SetComp) -> Node:
        return Node("set", [self._comp(node)])

    def _DictComp(self, node: ast.DictComp) -> Node:
        made = [self.read(node.key), self.read(node.value)]
        return Node("dict", [*map(self._clause, node.generators), *made])

    def _clause(self, node: ast.comprehension) -> Node:
        tests = [self.read(one) for one in node.ifs]
        tests = [Node("and", tests)] if len(tests) > 1 else tests
        return Node("for", [self.read(node.target), self.read(node.iter), *tests])

    def _List(self, node: ast.List) -> Node:
        return Node("tuple", [self.read(one) for one in node.elts])

    _Tuple = _List


_COMPARED = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="}
_SAME_CALL = {"square": 2.0, "sqrt": 0.5}


def _called(name: str, arguments: list[Node]) -> Node:
    if name in _SAME_CALL and len(arguments) == 1:
        return Node("pow", [*arguments, Node(_constant(_SAME_CALL[name]))])
    if name in ("pow", "matmul", "mm") and len(arguments) == 2:
        return Node("pow" if name == "pow" else "matmul", arguments)
    return Node(f"{name}()", arguments)


def _squared(factors: list[Node]) -> list[Node]:
    """`x * x` as `x ** 2`."""
    made: list[Node] = []
    for one in factors:
        twin = next((each for each in made if one.size == 1 and _same_leaf(each, one)), None)
        if twin is None:
            made.append(one)
        else:
            made[made.index(twin)] = Node("pow", [twin, Node(_constant(2))], lines=twin.lines)
    return made


def _same_leaf(one: Node, other: Node) -> bool:
    return (one.label, one.name, one.size) == (other.label, other.name, other.size)


def _terms(node: ast.expr, sign: int = 1) -> Iterator[tuple[ast.expr, int]]:
    """The terms of a sum, from left to right, with their signs. A long sum leans to the left."""
    right: list[tuple[ast.expr, int]] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        right.append((node.right, sign if isinstance(node.op, ast.Add) else -sign))
        node = node.left
    yield node, sign
    for one, its_sign in reversed(right):
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add | ast.Sub):
            yield from _terms(one, its_sign)
        else:
            yield one, its_sign


def _factors(node: ast.expr, inverse: bool = False) -> Iterator[tuple[ast.expr, bool]]:
    """The factors of a product, and whether it is divided by them."""
    right: list[tuple[ast.expr, bool]] = []
    minus = False
    while True:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            right.append((node.right, inverse != isinstance(node.op, ast.Div)))
            node = node.left
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            minus, node = not minus, node.operand
        else:
            break
    if minus:
        yield ast.Constant(-1), False
    yield node, inverse
    for one, its_inverse in reversed(right):
        if isinstance(one, ast.BinOp | ast.UnaryOp):
            yield from _factors(one, its_inverse)
        else:
            yield one, its_inverse


def _number(node: ast.expr) -> float | None:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        value = node.value
        if isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= _BITS):
            return float(value)
    return None


def _constant(value: object) -> str:
    """A label for a constant, of bounded length: 2 and 2.0 are the same."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if isinstance(value, int) and value.bit_length() > _BITS:
            return f"a number of {value.bit_length()} bits"
        number = float(value)
        return f"{number:.12g}" if math.isfinite(number) else repr(number)
    if isinstance(value, str | bytes):
        return f"text {value[:_MAX_TEXT]!r}"
    return repr(value)[:_MAX_TEXT]


def _lines(node: ast.AST) -> tuple[int, int]:
    first = getattr(node, "lineno", 0)
    return first, getattr(node, "end_lineno", None) or first
