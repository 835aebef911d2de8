"""Code as different hands write it: the own style of a student who works alone, and the disguises
of one who copies. `benchmarks/similar.py` makes classes of it.

A style changes the structure of an answer, so that two students with the same known answer do not
write the same; nothing in it knows how `autograder/similarity` reads code. Programs keep their
sense but need not run: they are compared, never executed.
"""

from __future__ import annotations

import ast
import builtins
import copy
import random
from collections.abc import Callable, Iterator

Change = Callable[[ast.Module, random.Random], bool]
TRIES = 30
_WORDS = """
alpha arr batch big block buf centre coeff cur data delta diff elem entry err extra first flat fst
grid hid idx inner inp item kept left lhs mat middle mixed noise num old outer outp part piece prev
prob prod quantity ratio res rhs right row rv scale scaled seq shift side sig small snd step stuff
tmp total unit val value vec weighted width xs ys zs
"""
WORDS = _WORDS.split()


def restyled(source: str, rng: random.Random, n_changes: tuple[int, int] = (2, 5)) -> str:
    """The answer as one student writes it: a few changes of style, drawn by chance among those that
    fit it.
    """
    tree, left = ast.parse(source), rng.randint(*n_changes)
    for _ in range(TRIES):
        left -= rng.choice(STYLES)(tree, rng)
        if left <= 0:
            break
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


# Styles


def _expressions(tree: ast.AST) -> list[tuple[ast.AST, str, int | None, ast.expr]]:
    """Every expression that is read in a function's body: its parent, field, place in it."""
    found = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for statement in function.body:
            for parent in ast.walk(statement):
                for field, value in ast.iter_fields(parent):
                    if field in ("func", "targets", "target", "slice", "args", "decorator_list"):
                        continue
                    if isinstance(value, ast.expr) and _is_read(value):
                        found.append((parent, field, None, value))
    return found


def _is_read(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _pick(
    tree: ast.Module, rng: random.Random, wanted: Callable[[ast.expr], bool]
) -> tuple[ast.AST, str, ast.expr] | None:
    found = [(parent, field, node) for parent, field, _, node in _expressions(tree) if wanted(node)]
    return rng.choice(found) if found else None


def _replace(tree: ast.Module, rng: random.Random, wanted, made) -> bool:  # type: ignore[no-untyped-def]
    place = _pick(tree, rng, wanted)
    if place is None:
        return False
    parent, field, node = place
    setattr(parent, field, made(copy.deepcopy(node)))
    return True


def _binary(*ops: type) -> Callable[[ast.expr], bool]:
    return lambda node: isinstance(node, ast.BinOp) and isinstance(node.op, ops)


def turn_difference(tree: ast.Module, rng: random.Random) -> bool:
    """`a - b` as `-(b - a)`."""
    return _replace(
        tree,
        rng,
        _binary(ast.Sub),
        lambda n: ast.UnaryOp(ast.USub(), ast.BinOp(n.right, ast.Sub(), n.left)),
    )


def distribute(tree: ast.Module, rng: random.Random) -> bool:
    """`c * (a + b)` as `c * a + c * b`."""

    def fits(node: ast.expr) -> bool:
        return (
            _binary(ast.Mult)(node)
            and isinstance(node.right, ast.BinOp)
            and isinstance(node.right.op, ast.Add | ast.Sub)
        )

    def made(node: ast.BinOp) -> ast.expr:
        inner = node.right
        both = [
            ast.BinOp(copy.deepcopy(node.left), ast.Mult(), one)
            for one in (inner.left, inner.right)
        ]
        return ast.BinOp(both[0], inner.op, both[1])

    return _replace(tree, rng, fits, made)


def square_by_hand(tree: ast.Module, rng: random.Random) -> bool:
    """`x ** 2` as `abs(x) ** 2`."""
    return _replace(
        tree,
        rng,
        _binary(ast.Pow),
        lambda n: ast.BinOp(
            ast.Call(ast.Name("abs", ast.Load()), [n.left], []), ast.Pow(), n.right
        ),
    )


def mean_by_hand(tree: ast.Module, rng: random.Random) -> bool:
    """`x.mean()` as `x.sum() / x.numel()`."""

    def fits(node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "mean"
            and not node.args
            and not node.keywords
        )

    def made(node: ast.Call) -> ast.expr:
        value = node.func.value
        total = ast.Call(ast.Attribute(value, "sum", ast.Load()), [], [])
        number = ast.Call(ast.Attribute(copy.deepcopy(value), "numel", ast.Load()), [], [])
        return ast.BinOp(total, ast.Div(), number)

    return _replace(tree, rng, fits, made)


def last_axis(tree: ast.Module, rng: random.Random) -> bool:
    """`.sum(1)` as `.sum(-1)`."""
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
    ]
    found = [one for one in calls if ast.unparse(one.args[0]) == "1"]
    if found:
        rng.choice(found).args[0] = ast.Constant(-1)
    return bool(found)


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.args.args]


def check_input(tree: ast.Module, rng: random.Random) -> bool:
    """A line at the top that looks at an argument."""
    if not (functions := _functions(tree)):
        return False
    function = rng.choice(functions)
    name = rng.choice(function.args.args).arg
    lines = [
        f"assert {name} is not None",
        f"assert {name}.ndim >= {rng.randint(1, 2)}, {name}.shape",
        f"print({name!r}, {name})",
        f"print('{rng.choice(WORDS)}', {name}.shape)",
        f"if not torch.is_tensor({name}):\n    {name} = torch.as_tensor({name})",
        f"{rng.choice(WORDS)} = len({name})",
        f"n_{name} = {name}.shape[0]",
        f"{name} = {name} + 0",
        f"assert torch.isfinite({name}).all()",
    ]
    function.body[:0] = ast.parse(rng.choice(lines)).body
    return True


def shape_early(tree: ast.Module, rng: random.Random) -> bool:
    """The value that is returned gets a name, and is looked at."""
    found = [
        node for node in ast.walk(tree) if hasattr(node, "body") and isinstance(node.body, list)
    ]
    places = [
        (node, at)
        for node in found
        for at, one in enumerate(node.body)
        if isinstance(one, ast.Return) and one.value is not None
    ]
    if not places:
        return False
    node, at = rng.choice(places)
    name = rng.choice(WORDS)
    look = rng.choice(
        [
            f"assert {name} is not None",
            f"if {name} is None:\n    raise ValueError({name!r})",
            f"print({name})",
        ]
    )
    value = node.body[at].value
    made = [ast.Assign([ast.Name(name, ast.Store())], value), *ast.parse(look).body]
    node.body[at : at + 1] = [*made, ast.Return(ast.Name(name, ast.Load()))]
    return True


def helper(tree: ast.Module, rng: random.Random) -> bool:
    """A part of an expression moves to a function of its own."""
    place = _pick(tree, rng, lambda n: isinstance(n, ast.BinOp | ast.Call) and _n_nodes(n) > 8)
    if place is None:
        return False
    parent, field, node = place
    read = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    if {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)} & read:
        return False
    names = sorted(read - {"torch", "math", "F", "nn", "np"} - set(dir(builtins)))
    name = f"_{rng.choice(WORDS)}_{rng.choice(WORDS)}"
    arguments = ast.arguments([], [ast.arg(one) for one in names], None, [], [], None, [])
    tree.body.insert(0, ast.FunctionDef(name, arguments, [ast.Return(copy.deepcopy(node))], []))
    call = ast.Call(ast.Name(name, ast.Load()), [ast.Name(one, ast.Load()) for one in names], [])
    setattr(parent, field, call)
    return True


def times_one(tree: ast.Module, rng: random.Random) -> bool:
    """An expression in other words: cast, cloned, made contiguous."""
    method = rng.choice(["float", "clone", "contiguous", "to"])
    return _replace(
        tree,
        rng,
        lambda n: isinstance(n, ast.BinOp),
        lambda n: ast.Call(ast.Attribute(n, method, ast.Load()), [], []),
    )


def _n_nodes(node: ast.AST) -> int:
    return sum(1 for _ in ast.walk(node))


STYLES: list[Change] = [
    turn_difference,
    distribute,
    square_by_hand,
    mean_by_hand,
    last_axis,
    check_input,
    check_input,
    shape_early,
    helper,
    helper,
    times_one,
]


# Disguises


def renamed(source: str, rng: random.Random) -> str:
    """Every name that the code itself sets is another, but those of its top level."""
    tree = ast.parse(source)
    top = {getattr(node, "name", "") for node in tree.body}
    set_here = {
        node.arg if isinstance(node, ast.arg) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) or (isinstance(node, ast.Name) and not _is_read(node))
    } - top
    new = rng.sample(WORDS, min(len(set_here), len(WORDS)))
    names = dict(zip(sorted(set_here), new, strict=False))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
    return ast.unparse(tree) + "\n"


def reordered(source: str, rng: random.Random) -> str:
    """Statements that do not depend on each other, and terms and factors, change places."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for body in _bodies(node):
            for at in range(len(body) - 1):
                if _independent(body[at], body[at + 1]):
                    body[at], body[at + 1] = body[at + 1], body[at]
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Add | ast.Mult)
            and rng.random() < 0.7
        ):
            node.left, node.right = node.right, node.left
    return ast.unparse(tree) + "\n"


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse"):
        value = getattr(node, field, None)
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value


def _independent(first: ast.stmt, second: ast.stmt) -> bool:
    if isinstance(first, ast.FunctionDef) and isinstance(second, ast.FunctionDef):
        return True
    if not isinstance(first, ast.Assign) or not isinstance(second, ast.Assign):
        return False
    sets, reads = zip(*map(_names, (first, second)), strict=True)
    return not (sets[0] & (sets[1] | reads[1]) or sets[1] & reads[0])


def _names(node: ast.stmt) -> tuple[set[str], set[str]]:
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    return {one.id for one in names if not _is_read(one)}, {
        one.id for one in names if _is_read(one)
    }


def reformatted(source: str, rng: random.Random) -> str:
    """Parts get names of their own, functions become methods, lines are broken and blank."""
    tree = ast.parse(source)
    _name_parts(tree, rng)
    for node in ast.walk(tree):
        func = getattr(node, "func", None)
        if isinstance(node, ast.Call) and isinstance(func, ast.Attribute) and node.args:
            of_torch = isinstance(func.value, ast.Name) and func.value.id == "torch"
            if of_torch and func.attr in ("exp", "log", "sum", "mean", "sqrt", "sigmoid", "pow"):
                node.func = ast.Attribute(node.args[0], func.attr, ast.Load())
                node.args = node.args[1:]
    lines = ast.unparse(ast.fix_missing_locations(tree)).split("\n")
    return "".join(f"{line}\n{chr(10) if rng.random() < 0.3 else ''}" for line in lines)


def _name_parts(tree: ast.Module, rng: random.Random) -> None:
    """Some values of what is returned or set get a name in a line above."""
    for node in list(ast.walk(tree)):
        for body in _bodies(node):
            for at in range(len(body) - 1, -1, -1):
                one = body[at]
                if not isinstance(one, ast.Return | ast.Assign) or not isinstance(
                    node, ast.FunctionDef
                ):
                    continue
                value = one.value
                if isinstance(value, ast.BinOp) and rng.random() < 0.7:
                    name = f"{rng.choice(WORDS)}_{rng.randint(1, 99)}"
                    side = rng.choice(["left", "right"])
                    part = getattr(value, side)
                    if isinstance(part, ast.Constant | ast.Name):
                        continue
                    setattr(value, side, ast.Name(name, ast.Load()))
                    body.insert(at, ast.Assign([ast.Name(name, ast.Store())], part))


def commented(source: str, rng: random.Random) -> str:
    """Comments, and other docstrings."""
    made = []
    for line in source.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() and rng.random() < 0.5 and not line.rstrip().endswith((",", "(", "\\")):
            made.append(f"{indent}# {' '.join(rng.choices(WORDS, k=5))}")
        made.append(line)
    text = "\n".join(made)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.Expr(ast.Constant(" ".join(rng.choices(WORDS, k=8)))))
    return text if rng.random() < 0.5 else ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def other_loops(source: str, rng: random.Random) -> str:
    """Loops that fill a list as comprehensions, and comprehensions as loops."""
    tree = ast.parse(source)
    for node in list(ast.walk(tree)):
        for body in _bodies(node):
            if not _loop_to_comprehension(body):
                _comprehension_to_loop(body, rng)
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def has_loop(source: str) -> bool:
    """Does `other_loops` change anything?"""
    tree = ast.parse(source)
    return other_loops(source, random.Random(0)) != ast.unparse(tree) + "\n"


def _loop_to_comprehension(body: list[ast.stmt]) -> bool:
    for at, loop in enumerate(body):
        if not isinstance(loop, ast.For) or len(loop.body) != 1 or loop.orelse:
            continue
        put = loop.body[0]
        call = put.value if isinstance(put, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr != "append" or not isinstance(call.func.value, ast.Name):
            continue
        for before in range(at):
            start = body[before]
            empty = (
                isinstance(start, ast.Assign) and ast.unparse(start) == f"{call.func.value.id} = []"
            )
            if empty:
                start.value = ast.ListComp(
                    call.args[0], [ast.comprehension(loop.target, loop.iter, [], 0)]
                )
                body.pop(before)
                body[at - 1] = start
                return True
    return False


def _comprehension_to_loop(body: list[ast.stmt], rng: random.Random) -> bool:
    for at, one in enumerate(body):
        if not isinstance(one, ast.Assign | ast.Return | ast.Expr):
            continue
        for parent in ast.walk(one):
            for field, value in ast.iter_fields(parent):
                values = value if isinstance(value, list) else [value]
                for place, comp in enumerate(values):
                    simple = (
                        isinstance(comp, ast.ListComp | ast.GeneratorExp)
                        and len(comp.generators) == 1
                    )
                    if not simple:
                        continue
                    name = f"{rng.choice(WORDS)}_{rng.randint(1, 99)}"
                    read = ast.Name(name, ast.Load())
                    if isinstance(value, list):
                        value[place] = read
                    else:
                        setattr(parent, field, read)
                    body[at:at] = _as_loop(name, comp)
                    return True
    return False


def _as_loop(name: str, comp: ast.ListComp | ast.GeneratorExp) -> list[ast.stmt]:
    clause = comp.generators[0]
    append = ast.Attribute(ast.Name(name, ast.Load()), "append", ast.Load())
    put: ast.stmt = ast.Expr(ast.Call(append, [comp.elt], []))
    for test in clause.ifs:
        put = ast.If(test, [put], [])
    return [
        ast.Assign([ast.Name(name, ast.Store())], ast.List([], ast.Load())),
        ast.For(clause.target, clause.iter, [put], []),
    ]


def all_at_once(source: str, rng: random.Random) -> str:
    for one in (other_loops, reordered, renamed, reformatted, commented):
        source = one(source, rng)
    return source


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "renamed": renamed,
    "reordered": reordered,
    "reformatted": reformatted,
    "commented": commented,
    "other loops": other_loops,
    "all at once": all_at_once,
}
