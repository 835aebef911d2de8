"""Mutation operators do what they say, each mutant comes once, and the list of equivalent ones is
kept honest.
"""

from __future__ import annotations

import ast
import copy
from pathlib import Path

import pytest

from autograder.audit.mutants import as_entry, mutants_of, read_equivalents
from autograder.audit.operators import OPERATORS
from autograder.errors import CourseError


def produced(operator: str, code: str) -> set[str]:
    tree = ast.parse(code)
    return {
        ast.unparse(copy.deepcopy(tree, {id(node): replacement}))
        for node in ast.walk(tree)
        for replacement in OPERATORS[operator](node)
    }


@pytest.mark.parametrize(
    ("operator", "code", "expected"),
    [
        ("swap_arithmetic", "a + b * c", {"a - b * c", "a + b / c"}),
        ("swap_arithmetic", "a -= b", {"a += b"}),
        ("drop_operand", "a - b * c", {"a", "b * c", "a - b", "a - c"}),
        ("drop_minus", "-x", {"x"}),
        ("drop_minus", "-1", set()),
        ("change_axis", "x.sum(dim=0)", {"x.sum(dim=1)"}),
        ("change_axis", "x.mean(axis=-1)", {"x.mean(axis=0)"}),
        ("change_axis", "x.mean(other=1)", set()),
        ("change_reduction", "x.sum()", {"x.mean()"}),
        (
            "change_reduction",
            "torch.mean(x.argmin(1))",
            {"torch.sum(x.argmin(1))", "torch.mean(x.argmax(1))"},
        ),
        (
            "change_reduction",
            "f(x, reduction='none')",
            {"f(x, reduction='sum')", "f(x, reduction='mean')"},
        ),
        ("drop_detach", "z + (q - z).detach()", {"z + (q - z)"}),
        ("drop_detach", "with torch.no_grad():\n    f()", {"if True:\n    f()"}),
        ("off_by_one", "x[1:n]", {"x[2:n]", "x[0:n]"}),
        ("off_by_one", "f(True, 0.5)", set()),
        ("swap_arguments", "f(a, b, c)", {"f(b, a, c)", "f(a, c, b)"}),
        ("swap_arguments", "(a, b)", {"(b, a)"}),
        ("swap_arguments", "W @ x", {"x @ W"}),
        ("swap_arguments", "f(*a, b)", set()),
        ("negate_comparison", "a < b", {"a >= b"}),
        ("negate_comparison", "x if a is None else y", {"x if a is not None else y"}),
        ("negate_comparison", "x if flag else y", {"x if not flag else y"}),
        ("change_float", "0.5 * x", {"1.0 * x", "-0.5 * x"}),
        ("change_float", "0.0", {"1.0"}),
        ("drop_power", "x ** 2 + y.pow(4)", {"x + y.pow(4)", "x ** 2 + y"}),
        ("drop_power", "torch.square(x)", {"x"}),
        ("drop_function", "torch.exp(a) + b.log()", {"a + b.log()", "torch.exp(a) + b"}),
        ("drop_function", "math.sqrt(F.softplus(x))", {"F.softplus(x)", "math.sqrt(x)"}),
        ("drop_function", "W.T @ x", {"W @ x"}),
        ("drop_keyword", "x.sum(dim=1, keepdim=True)", {"x.sum(keepdim=True)", "x.sum(dim=1)"}),
        ("drop_statement", "opt.zero_grad()\ny = f(x)", {"pass\ny = f(x)"}),
        ("drop_statement", "x = x - m\na[0] = 1", {"pass\na[0] = 1", "x = x - m\npass"}),
        ("drop_statement", "return_value = 1", set()),
        ("detach_result", "def f():\n    return x * y", {"def f():\n    return (x * y).detach()"}),
        ("detach_result", "def f():\n    return x.detach()", set()),
        (
            "detach_result",
            "def f():\n    return a, b",
            {"def f():\n    return (a.detach(), b)", "def f():\n    return (a, b.detach())"},
        ),
    ],
)
def test_operator(operator: str, code: str, expected: set[str]) -> None:
    assert produced(operator, code) == expected


CELL = '''# question: energy
def energy(x, scale=2):
    """Half of x squared, 3 times."""
    shift = 7
    ### BEGIN SOLUTION
    if scale < 0:
        raise ValueError(f"scale is {scale + 1}")
    return 0.5 * x**2  # why half
    ### END SOLUTION
'''


def test_only_solution_regions_are_mutated() -> None:
    for mutant in mutants_of("energy", CELL):
        assert mutant.line in (6, 7, 8)
        assert "scale=2" in mutant.source and "shift = 7" in mutant.source
        assert "raise" not in mutant.source or "{scale + 1}" in mutant.source, (
            "what an error says is no mathematics"
        )


def test_each_mutant_is_another_source_that_compiles() -> None:
    found = mutants_of("energy", CELL)
    sources = [mutant.source for mutant in found]
    assert len(set(sources)) == len(sources) == len({mutant.digest for mutant in found}) > 8
    plain = ast.unparse(ast.parse(CELL))
    assert plain + "\n" not in sources
    for source in sources:
        compile(source, "mutant", "exec")


def test_two_operators_with_the_same_source_make_one_mutant() -> None:
    cell = "### BEGIN SOLUTION\ny = x.sum(dim=0)\n### END SOLUTION\n"
    axis = [mutant.operator for mutant in mutants_of("q", cell) if "dim=1" in mutant.source]
    assert axis == ["change_axis"]  # off_by_one gives it too


def test_digest_outlives_comments_docstrings_and_layout() -> None:
    reworded = CELL.replace("Half of x squared, 3 times.", "Another\n    wording.").replace(
        "  # why half", ""
    )
    again = {mutant.digest for mutant in mutants_of("energy", reworded)}
    assert again == {mutant.digest for mutant in mutants_of("energy", CELL)}
    other = {mutant.digest for mutant in mutants_of("energy", CELL.replace("0.5", "0.25"))}
    assert again - other and other - again


def test_diff_shows_the_changed_lines_alone() -> None:
    (mutant,) = [mutant for mutant in mutants_of("energy", CELL) if mutant.operator == "drop_power"]
    assert mutant.diff == "-     return 0.5 * x ** 2\n+     return 0.5 * x"


@pytest.mark.parametrize(
    ("cell", "words"), [("x = 1\n", "BEGIN SOLUTION"), ("def f(:\n", "cannot be parsed")]
)
def test_a_cell_without_solution_is_the_courses_fault(cell: str, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        mutants_of("q", cell)


def test_an_entry_is_read_back_as_it_was_printed(tmp_path: Path) -> None:
    entry = as_entry("0123abcd", "- a\n+ b").replace('reason = ""', 'reason = "The same."')
    (tmp_path / "equivalent.toml").write_text(entry)
    (read,) = read_equivalents(tmp_path / "equivalent.toml", "energy")
    assert (read.question, read.digest, read.reason, read.diff) == (
        "energy",
        "0123abcd",
        "The same.",
        "- a\n+ b\n",
    )
    assert read_equivalents(tmp_path / "nowhere.toml", "energy") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (as_entry("d1", "- a"), "no reason"),
        (2 * (as_entry("d1", "- a").replace('reason = ""', 'reason = "So."') + "\n"), "twice"),
        ("[[equivalent]]\ndigest = 'd'\n", "missing required field"),
        ("[[equivalent]\n", "equivalent.toml"),
    ],
)
def test_a_list_that_is_not_reviewed_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "equivalent.toml").write_text(text)
    with pytest.raises(CourseError, match=words):
        read_equivalents(tmp_path / "equivalent.toml", "q")
