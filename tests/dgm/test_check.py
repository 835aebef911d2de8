"""The verdict line of a check cell, on code run the way a notebook runs it: one namespace, source
in linecache.
"""

import itertools
import linecache
import sys
from typing import Any

import pytest

CELL = itertools.count()


def run_cells(capsys: pytest.CaptureFixture[str], *cells: str) -> tuple[str, dict[str, Any]]:
    space: dict[str, Any] = {"__name__": "__main__"}
    for source in ("from dgm.check import visible_checks\n", *cells):
        name = f"<cell {next(CELL)}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source, name, "exec"), space)
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out, space


CHECK = """
@visible_checks("double")
def _():
    value = double(2)
    assert value == 4, "twice 2 is 4"
"""


def test_pass_leaves_no_name(capsys):
    out, space = run_cells(capsys, "def double(x): return 2 * x", CHECK)
    assert out == "double: visible checks pass\n"
    assert space["_"] is None


def test_failed_assert_gives_its_message(capsys):
    out, _ = run_cells(capsys, "def double(x): return x + 3", CHECK)
    assert out == "double: not yet: twice 2 is 4\n"


def test_assert_without_message_shows_the_assert(capsys):
    out, _ = run_cells(capsys, "def double(x): return 3", CHECK.replace(', "twice 2 is 4"', ""))
    assert "AssertionError" in out
    assert "assert value == 4" in out


def test_unanswered(capsys):
    out, _ = run_cells(capsys, "def double(x):\n    raise NotImplementedError()", CHECK)
    assert out == "double: not answered yet (double is still to be written)\n"


def test_not_implemented_by_a_library_is_an_error(capsys):
    out, _ = run_cells(
        capsys, "import torch\ndef double(x):\n    return torch.nn.Module()(x)", CHECK
    )
    assert "NotImplementedError" in out
    assert "return torch.nn.Module()(x)" in out


def test_other_exception_shows_the_students_own_line(capsys):
    out, _ = run_cells(
        capsys, "import json\ndef double(x):\n    y = x\n    return json.loads(y)", CHECK
    )
    assert "not yet: TypeError: the JSON object" in out
    assert "in double, line 4: return json.loads(y)" in out


def test_students_own_assert_is_not_taken_for_ours(capsys):
    out, _ = run_cells(capsys, "def double(x):\n    assert x > 5, 'mine'\n    return x", CHECK)
    assert "AssertionError: mine (in double, line 2:" in out


def test_error_in_the_check_itself_shows_its_line(capsys):
    out, _ = run_cells(
        capsys,
        "def double(x): return None",
        CHECK.replace("value == 4", "(lambda v: v.shape)(value)"),
    )
    assert "AttributeError" in out
    assert "where the check says: assert (lambda" in out


@pytest.mark.parametrize("line", ["import sys; sys.exit(3)", "return undefined_name", "1 / 0"])
def test_nothing_is_raised(capsys, line):
    out, _ = run_cells(capsys, f"def double(x):\n    {line}", CHECK)
    assert out.startswith("double: not yet: ")
    assert out.count("\n") == 1


def test_interrupt_is_let_through(capsys):
    with pytest.raises(KeyboardInterrupt):
        run_cells(capsys, "def double(x): raise KeyboardInterrupt", CHECK)


def test_long_and_broken_messages(capsys):
    out, _ = run_cells(capsys, "def double(x): raise ValueError('a' * 5000)", CHECK)
    assert len(out) < 500
    broken = (
        "class Bad(Exception):\n    def __str__(self): return 1 / 0\ndef double(x): raise Bad()"
    )
    out, _ = run_cells(capsys, broken, CHECK)
    assert "cannot be printed" in out


def test_warnings_go_to_stdout(capsys):
    # nbgrader takes all points from a test cell that writes to stderr.
    out, _ = run_cells(
        capsys,
        "import sys\ndef double(x):\n    print('careful', file=sys.stderr)\n    return 4",
        CHECK,
    )
    assert out == "careful\ndouble: visible checks pass\n"
    assert sys.stderr is not sys.stdout


def test_nbgrader_validate_sees_what_does_not_pass(capsys, monkeypatch):
    """It takes a cell that only prints for passed."""
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(AssertionError, match="double: not answered yet"):
        run_cells(capsys, "def double(x):\n    raise NotImplementedError()", CHECK)
    with pytest.raises(AssertionError, match="double: not yet: twice 2 is 4"):
        run_cells(capsys, "def double(x): return 3", CHECK)
    out, _ = run_cells(capsys, "def double(x): return 4", CHECK)
    assert out.endswith("double: visible checks pass\n")


def test_nbgrader_validate_sees_a_missing_artifact(tmp_path, monkeypatch):
    from dgm.quality import show_quality

    monkeypatch.chdir(tmp_path)
    given = {"metric": "digit_samples", "full": 0.1, "half": 0.2}
    show_quality("samples", "artifacts/digits.safetensors", **given)
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(AssertionError, match=r"samples: .* is missing"):
        show_quality("samples", "artifacts/digits.safetensors", **given)
