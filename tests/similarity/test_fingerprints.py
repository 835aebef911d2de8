"""One fingerprint for one answer under every disguise, another for another answer; a bounded cost
for everything that a student may write.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from autograder.audit.known import known_answers
from autograder.course.assignment import load
from autograder.similarity.fingerprints import Fingerprint, of_code, of_text
from benchmarks.hands import DISGUISES, has_loop, other_loops

LOOPS = '''
def scores(model, batches, weight):
    """Weighted errors, batch by batch."""
    errors = []
    for x, target in batches:
        guess = model(x)
        errors.append(weight * (guess - target) ** 2)
    total = 0
    for error in errors:
        total += error.mean()
    scale = len(errors)
    if scale == 0:
        return None
    else:
        return total / scale
'''
AGAIN = """
def scores(net, data, w):
    # the same by another hand
    found: list[torch.Tensor] = [torch.square(net(a) - b) * w for (a, b) in data]
    n = len(found)
    if 0 == n: return None
    return sum(each.mean() for each in found) / n
"""


def test_a_loop_is_a_comprehension_and_names_comments_and_order_do_not_count() -> None:
    assert of_code(LOOPS).whole == of_code(AGAIN).whole != 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("y = torch.exp(x).sum(dim=1)", "z = x.exp().sum(1)"),
        ("y = a - b / 2 + f(c)", "y = f(c) - 0.5 * b + a"),
        ("y = -0.5 * a * g(b)", "y = g(b) * a / -2"),
        ("if a > b:\n    y = f(a)\nelse:\n    y = g(b)", "y = f(a) if b < a else g(b)"),
        ("a, b = f(x), g(y)\nh(a, b, a, b)", "p = f(x)\nq = g(y)\nh(p, q, p, q)"),
        ("t = f(x, 1)\nreturn_value = g(t, 2)", "return_value = g(f(x, 1), 2)"),
        ("s = set()\nfor a in f(x):\n    s.add(a + 1)", "s = {b + 1 for b in f(x)}"),
        ("d = {}\nfor k in f(x):\n    d[k] = k + 1", "d = {j: j + 1 for j in f(x)}"),
        ("y = list(map(lambda a: a + 1, f(x)))", "y = [b + 1 for b in f(x)]"),
        ("x += f(y, 1)", "x = x + f(y, 1)"),
        ("y = torch.sqrt(x * x + 1)", "y = (1 + x**2) ** 0.5"),
    ],
)
def test_one_form_for_several_ways_of_writing(one: str, other: str) -> None:
    assert of_code(one).whole == of_code(other).whole != 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("y = f(a) - g(b)", "y = g(b) - f(a)"),
        ("y = f(a) / g(b)", "y = g(b) / f(a)"),
        ("y = f(a) * 0.5 + 1", "y = f(a) * 0.25 + 1"),
        ("y = f(a) < g(b)", "y = f(a) > g(b)"),
        ("y = x.sum(0).mean() + 1", "y = x.sum(1).mean() + 1"),
        ("y = f(a, b) + a\na = b = 1", "y = f(b, a) + a\na = b = 1"),
        ("y = g(x ** 2) + 1", "y = g(x ** 3) + 1"),
        ("y = [f(a) for a in x if a]", "y = [f(a) for a in x]"),
    ],
)
def test_another_program_has_another_fingerprint(one: str, other: str) -> None:
    assert of_code(one).whole != of_code(other).whole


def test_known_answers_are_told_apart_and_their_disguises_are_not(root: Path) -> None:
    answers = known_answers(root, load("vae", root))[::3]
    sources = [next(c.source for c in one.cells if c.question == one.question) for one in answers]
    wholes = Counter(of_code(source).whole for source in sources)
    assert sum(n - 1 for n in wholes.values()) <= len(answers) / 100
    sample = random.Random(3).sample(sources, 40)
    for name, disguise in DISGUISES.items():
        rng = random.Random(5)
        same = [of_code(disguise(one, rng)).whole == of_code(one).whole for one in sample]
        assert sum(same) >= 0.9 * len(same), name


def test_the_disguise_of_loops_changes_something() -> None:
    loop = "def f(x):\n    r = []\n    for one in x:\n        r.append(g(one))\n    return r"
    assert has_loop(loop) and "for one in x]" in other_loops(loop, random.Random(0))
    assert not has_loop("def f(x):\n    return x + 1")


def test_a_part_is_found_wherever_it_stands() -> None:
    part = "kernel = torch.exp(-((x[:, None] - y[None, :]) ** 2).sum(-1) / (2 * h**2))"
    mine = of_code(f"def gram(x, y, h):\n    {part}\n    return kernel, kernel.T")
    theirs = of_code(
        "def mmd(p, x, y, h):\n    if h < 0:\n        return None\n"
        f"    {part}\n    return kernel.mean() - p, kernel"
    )
    assert mine.whole != theirs.whole and len(mine.digests & theirs.digests) >= 5


def test_code_that_does_not_parse_is_compared_without_the_line_at_fault() -> None:
    broken = AGAIN.replace("    n = len", "    n = = 3\n    n = len")
    assert of_code(broken).whole == of_code(AGAIN).whole
    nonsense = "\n".join(f"this is {number} no program" for number in range(20))
    assert len(of_code(nonsense).digests) == 20


def test_texts_share_runs_of_words_whatever_their_layout() -> None:
    text = (
        "The bound is tight when the approximate posterior equals the true one. Then the gap, "
        "which is a divergence between the two, is zero for each data point, not on average."
    )
    other = (
        "First of all. THE BOUND is tight, when the approximate\nposterior equals the *true* one!"
    )
    assert len(of_text(text).digests & of_text(other).digests) >= 2
    assert (
        not of_text(text).digests
        & of_text(
            "A wholly different answer about the same bound, in "
            "which nothing is the same but the topic."
        ).digests
    )
    assert of_text("too short").parts == ()


HOSTILE = {
    "brackets": "x = " + "(" * 150 + "1" + ")" * 150,
    "minus": "x = " + "-" * 20_000 + "1",
    "sum": "x = " + " + ".join(["a"] * 9000),
    "product": "x = " + " * ".join(f"a{i}" for i in range(5000)),
    "attributes": "x" + ".a" * 15_000,
    "elif": "if a: pass\n" + "".join(f"elif a == {i}: x = f({i})\n" for i in range(900)),
    "null bytes": "x = 1\0\0\0" * 1000,
    "a large number": "x = 0x" + "f" * 30_000,
    "digits": "x = " + "9" * 30_000,
    "names used once": "\n".join(f"a{i} = a{i - 1} + {i}" for i in range(1, 2000)),
    "loops": "\n".join(f"r{i} = []\nfor x in y: r{i}.append(x)" for i in range(900)),
    "nested ifs": "\n".join(" " * i + f"if a{i}:" for i in range(95)) + "\n" + " " * 96 + "x = 1",
    "lambdas": "x = " + "lambda:" * 4000 + "1",
    "no program": "1 1\n" * 8000,
    "calls": "f(" + ",".join(f"g(a{i}, {i}, b)" for i in range(1200)) + ")",
    "control characters": "\x1b[2J = '\u202e'\n" * 500,
    "10 MB": "value = value + function(value, 1)\n" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_costs_bounded_time(name: str) -> None:
    start = time.process_time()
    assert isinstance(of_code(HOSTILE[name]), Fingerprint)
    assert time.process_time() - start < 5


def test_hostile_text_costs_bounded_time() -> None:
    start = time.process_time()
    of_text("word " * 2_000_000)
    of_text("." * 5_000_000)
    of_text("a. " * 1_000_000)
    assert time.process_time() - start < 5
