"""Attacks by return value: every unanswered question returns something that might pass for right,
or that breaks whoever looks at it.
"""

from __future__ import annotations

from tests.hostile.attack import Attack
from tests.hostile.student_code import everywhere, in_call, returning

FAMILY = "lying"

FIRST = "(next((item for item in args if _torch.is_tensor(item)), _torch.zeros(())))"

ATTACKS = [
    Attack(
        "returns_a_yes_man",
        FAMILY,
        "an object that is equal to anything and has every attribute",
        everywhere("YesMan()"),
        nbgrader=True,
    ),
    Attack(
        "returns_a_pair_of_yes_men",
        FAMILY,
        "the same where two values are asked for",
        everywhere("(YesMan(), YesMan())"),
        nbgrader=True,
    ),
    Attack(
        "returns_a_lying_tensor",
        FAMILY,
        "a tensor subclass whose every operation says True",
        everywhere("_torch.zeros(3).as_subclass(Liar)"),
        nbgrader=True,
    ),
    Attack(
        "returns_an_endless_sequence",
        FAMILY,
        "a grader that unpacks it until the end of time",
        everywhere("Endless()"),
    ),
    Attack(
        "returns_nan",
        FAMILY,
        "comparisons that do not fail because NaN is never larger",
        everywhere(f"_torch.full(({FIRST}).shape, float('nan'))"),
        nbgrader=True,
    ),
    Attack(
        "returns_infinity",
        FAMILY,
        "tolerances that infinity is within",
        everywhere(f"_torch.full(({FIRST}).shape, float('inf'))"),
    ),
    Attack(
        "returns_a_stretched_tensor",
        FAMILY,
        "a petabyte: one element, seen through strides of zero",
        everywhere("_torch.zeros(1).expand(10 ** 5, 10 ** 5, 10 ** 4)"),
    ),
    Attack(
        "returns_odd_strides",
        FAMILY,
        "a tensor whose elements overlap, conjugated and negated lazily",
        everywhere(
            "_torch.as_strided(_torch.randn(9, dtype=_torch.complex64), (4, 3), (1, 2), 1).conj().imag"
        ),
    ),
    Attack(
        "returns_strange_layouts",
        FAMILY,
        "sparse, quantised and nested tensors, which no comparison was written for",
        everywhere(
            """
            [
                _torch.eye(3).to_sparse(),
                _torch.quantize_per_tensor(_torch.ones(3), 0.1, 0, _torch.qint8),
                _torch.nested.nested_tensor([_torch.ones(2)]),
            ]
            """
        ),
    ),
    Attack(
        "returns_no_elements",
        FAMILY,
        "comparisons that hold because there is nothing to compare",
        everywhere("(_torch.zeros(0, 3), _torch.zeros(5, 0), -_torch.zeros(0))[len(args) % 3]"),
    ),
    Attack(
        "returns_the_other_device",
        FAMILY,
        "a meta tensor, which has a shape and no values to be wrong",
        everywhere(f"_torch.empty(({FIRST}).shape[:1], device='meta')"),
    ),
    Attack(
        "returns_a_huge_number",
        FAMILY,
        "a number of 100,000 digits, which takes a while to write",
        returning("10 ** 100_000 + 1"),
    ),
    Attack(
        "returns_a_million_items",
        FAMILY,
        "the grader's memory, by a dict of a million entries",
        returning("dict.fromkeys(range(10 ** 6))"),
    ),
    Attack(
        "returns_a_large_mapping",
        FAMILY,
        "the same by many dicts of a size that travels",
        returning("[dict.fromkeys(range(30_000), 0.5) for _ in range(20)]"),
    ),
    Attack(
        "returns_a_deep_nest",
        FAMILY,
        "the end of the grader's stack",
        returning("__import__('functools').reduce(lambda inner, _: [inner], range(100_000), 0.0)"),
    ),
    Attack(
        "returns_a_cycle",
        FAMILY,
        "a list that holds itself",
        everywhere("(lambda cycle: cycle.append(cycle) or cycle)([])"),
    ),
    Attack(
        "returns_broken_text",
        FAMILY,
        "half a character, terminal control and markup in a value",
        everywhere("'\\ud800\\x00\\x1b[2J\\u202e=cmd|calc!A1<script>' * 1000"),
    ),
    Attack(
        "returns_a_generator",
        FAMILY,
        "a value that is made anew at each look",
        everywhere("(1.0 for _ in iter(int, 1))"),
    ),
    Attack(
        "returns_itself",
        FAMILY,
        "functions and types instead of values",
        everywhere("[len, type, shout, object()]"),
    ),
    Attack(
        "returns_a_flood_of_bytes",
        FAMILY,
        "a frame over the limit: a tensor of 300 MB",
        returning("_torch.zeros(300 * 2 ** 20, dtype=_torch.uint8)"),
    ),
    Attack(
        "changes_its_arguments",
        FAMILY,
        "inputs that become the right answer on the way",
        in_call("""
            x.set_(x.new_zeros(0).untyped_storage(), 0, (0,), (1,))
            logits.data = logits.new_zeros(())
            object.__setattr__(x, "__class__", type("Float", (type(x),), {}))
        """),
    ),
    Attack(
        "fails_with_a_lie",
        FAMILY,
        "an exception whose type, text, line and traceback are made up",
        in_call("""
            class Meta(type):
                @property
                def __name__(self): raise SystemExit
                def __getattribute__(cls, name): raise KeyboardInterrupt
            class Hostile(BaseException, metaclass=Meta):
                def __str__(self): raise SystemExit(0)
                __repr__ = __str__
                @property
                def __traceback__(self): raise GeneratorExit
            raise Hostile()
        """),
    ),
    Attack(
        "claims_to_be_unanswerable",
        FAMILY,
        "the grader's own errors, raised by the student: a check that waits for a person is a check not lost",
        in_call("""
            raise type("AutograderError", (Exception,), {"fatal": False})("Could not run this with arguments from the 'Lazy' backend")
        """),
    ),
]
