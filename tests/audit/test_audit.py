"""`autograder audit`: a small course whose suite is good or bad in known ways, graded in the real
sandbox.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import psutil
import pytest
from nbformat import v4, writes
from typer.testing import CliRunner, Result

from autograder.audit import grading, run
from autograder.audit.known import handed_in, known_answers, read_known_answers
from autograder.audit.results import KnownResult, judge
from autograder.audit.run import audit
from autograder.audit.unchanged import audit_digest
from autograder.checks.suite import forget_suites, use_suites_of
from autograder.cli.app import app
from autograder.course.assignment import load, suites_folder
from autograder.errors import CourseError, UsageError
from autograder.report import Check, QuestionResult
from autograder.sandbox.client import Sandbox

ROOT = Path(__file__).resolve().parents[2]
SLUG = "audit_mini"

TOML = """
slug = "audit_mini"
title = "Numbers"
questions.double = {title = "Twice", notebook = "lab", kind = "code", points = 4, covers = []}
questions.shift = {title = "Shifted", notebook = "lab", kind = "code", points = 3, covers = [], uses = ["double"]}
limits = {cell_s = 20, call_s = 20, submission_s = 60, memory_mb = 512}
"""
SOLUTIONS = {
    "double": "def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION\n",
    "shift": "OFFSET = 10\ndef shift(n):\n    ### BEGIN SOLUTION\n    return double(n) + "
    "OFFSET\n    ### END SOLUTION\n",
}
SUITE = '''import torch

from autograder.checks import aspect, same

ASPECTS = {{"values": 0.75, "edges": 0.25}}

@aspect("edges")
def test_zero(student):
    """is right at zero"""
    n = torch.zeros(1, dtype=torch.int64)
    same(student.{name}(n), n + {zero})

def test_values(student, draw):
    """is right elsewhere"""
    n = draw.integers(3, 9, 1)
    same(student.{name}(n), 2 * n + {zero})
'''

ONLY_ZERO = (
    SUITE.format(name="double", zero=0)
    .partition("def test_values")[0]
    .replace('"values": 0.75, "edges": 0.25', '"edges": 1.0')
)


@dataclass
class MiniCourse:
    """A course on disk with its suite, and ways to add to it."""

    root: Path

    def question(self, name: str) -> Path:
        return self.root / "suites" / SLUG / name

    def known(self, kind: str, name: str, code: str) -> None:
        question, _, what = name.partition("__")
        with (self.question(question) / "answers.py").open("a") as file:
            file.write(f"# %% {kind}: {what}\n# A sentence on {name}.\n{code}\n\n")

    def suite(self, question: str, text: str) -> None:
        self.question(question).mkdir(parents=True, exist_ok=True)
        (self.question(question) / "checks.py").write_text(text)
        forget_suites()

    def notebooks(self, solutions: dict[str, str]) -> None:
        for folder in ("source", "release"):
            cells = []
            for name, source in solutions.items():
                cell = v4.new_code_cell(f"# question: {name}\n{source}", id=name)
                if folder == "release":
                    cell.source = (
                        cell.source[: cell.source.index("    ### BEGIN")]
                        + "    raise NotImplementedError\n"
                    )
                cell.metadata["nbgrader"] = {
                    "grade_id": name,
                    "solution": True,
                    "grade": False,
                    "locked": False,
                    "schema_version": 3,
                }
                cells.append(cell)
            path = self.root / folder / SLUG / "lab.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(writes(v4.new_notebook(cells=cells)))


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MiniCourse]:
    """The course, with the suites and oracles of its questions."""
    mini = MiniCourse(tmp_path / "course")
    folder = mini.root / "assignments" / SLUG
    folder.mkdir(parents=True)
    (mini.root / "assignments" / "syllabus.toml").write_text("")
    (folder / "assignment.toml").write_text(TOML)
    mini.notebooks(SOLUTIONS)
    for name, zero in (("double", 0), ("shift", 10)):
        mini.suite(name, SUITE.format(name=name, zero=zero))
        (mini.question(name) / "oracle.py").write_text(
            f"def {name}(n):\n    return n + n + {zero}\n"
        )
    monkeypatch.setenv("AUTOGRADER_COURSE", str(mini.root))
    yield mini
    use_suites_of(ROOT)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(ROOT, memory_mb=512, cpu_s=60) as sandbox:
        yield sandbox


@pytest.fixture
def one_sandbox(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every audit of this module in the one sandbox: torch takes seconds to start."""

    class Borrowed:
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self.fork = running.fork

        def __enter__(self) -> Borrowed:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(grading, "Sandbox", Borrowed)


def command(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", SLUG, "--jobs", "1", *arguments])


def rows(result: Result) -> dict[str, dict[str, Any]]:
    (found,) = json.loads(result.stdout)
    return {row["name"]: row for row in found["known"]}


sandboxed = [pytest.mark.sandbox, pytest.mark.usefixtures("one_sandbox")]


class TestKnownAnswers:
    pytestmark = sandboxed

    def test_a_suite_in_order_exits_0_and_prints_the_matrix(self, course: MiniCourse) -> None:
        course.known("spoils", "double__square", "def double(n):\n    return n * n\n")
        course.known(
            "right",
            "double__shifted",
            "import operator\n\ndef double(n):\n    return operator.lshift(n, 1)\n",
        )
        result = command()
        assert result.exit_code == 0, result.output
        printed = " ".join(result.stdout.split())
        assert (
            "double__square" in printed
            and "3 of 4" in printed
            and "A sentence on double__shifted." in printed
        )
        assert (
            "wrong answers caught: 1 of 1 (100.0%)" in printed
            and "right answers kept: 1 of 1 (100.0%), each graded once" in printed
        )

    def test_a_wrong_answer_that_survives(self, course: MiniCourse) -> None:
        course.suite("double", ONLY_ZERO)
        course.known("spoils", "double__square", "def double(n):\n    return n * n\n")
        result = command("--json")
        assert result.exit_code == 1
        row = rows(result)["double__square"]
        assert (row["verdict"], row["lost"], row["ok"]) == ("survived", 0, False)
        (found,) = json.loads(result.stdout)
        assert found["totals"]["wrong_share"] == 0 and not found["ok"]

    def test_a_mistake_that_spoils_may_not_keep_what_a_corner_may(self, course: MiniCourse) -> None:
        at_zero = "def double(n):\n    return 2 * n + (n == 0)\n"
        course.known("corner", "double__at_zero", at_zero)
        course.known("spoils", "double__also_at_zero", at_zero)
        result = command("--json")
        assert result.exit_code == 1
        found = rows(result)
        corner, spoils = found["double__at_zero"], found["double__also_at_zero"]
        assert (corner["share"], corner["verdict"], corner["ok"]) == (0.75, "caught", True)
        assert (spoils["share"], spoils["verdict"], spoils["ok"]) == (0.75, "keeps too much", False)
        assert spoils["read"] == ["is right at zero"]
        totals = json.loads(result.stdout)[0]["totals"]
        assert (totals["within_limits"], totals["corner_kept"], totals["wrong"]) == (1, 0.75, 2)
        assert "keeps too much" in command().stdout

    def test_a_wrong_answer_that_hurts_another_question(self, course: MiniCourse) -> None:
        course.known(
            "spoils",
            "double__noisy",
            'def double(n):\n    globals()["OFFSET"] = 11\n    return n\n',
        )
        course.known("spoils", "double__half", "def double(n):\n    return n // 2\n")
        result = command("--json")
        assert result.exit_code == 1
        found = rows(result)
        assert found["double__noisy"]["verdict"] == "collateral" and found["double__noisy"][
            "collateral"
        ] == {"shift": 3}
        # shift calls this double as well, and yet loses nothing: the reference stands in for it
        assert (found["double__half"]["verdict"], found["double__half"]["collateral"]) == (
            "caught",
            {},
        )
        assert json.loads(result.stdout)[0]["totals"]["collateral"] == 3

    def test_a_right_answer_that_loses_points(self, course: MiniCourse) -> None:
        course.known("right", "double__float", "def double(n):\n    return 2.0 * n + 1e-3\n")
        result = command("--json")
        assert result.exit_code == 1
        assert (
            rows(result)["double__float"]["verdict"],
            rows(result)["double__float"]["lost"],
        ) == ("loses", 4)

    def test_a_solution_that_loses_points(self, course: MiniCourse) -> None:
        course.notebooks(SOLUTIONS | {"double": SOLUTIONS["double"].replace("2 * n", "2 * n + 1")})
        result = command("--json")
        assert result.exit_code == 1
        assert (rows(result)["solution"]["verdict"], rows(result)["solution"]["lost"]) == (
            "loses",
            4,
        )

    def test_a_blank_release_that_gains_points(self, course: MiniCourse) -> None:
        course.suite(
            "double",
            SUITE.format(name="double", zero=0) + '\ndef test_gift(student):\n    """is there"""\n',
        )
        result = command("--json")
        assert result.exit_code == 1
        assert (rows(result)["blank"]["verdict"], rows(result)["blank"]["lost"]) == (
            "gains",
            pytest.approx(7 - 4 * 0.375),
        )

    def test_a_check_that_breaks_is_undecided_and_never_catches(self, course: MiniCourse) -> None:
        course.suite(
            "double",
            SUITE.format(name="double", zero=0)
            + '\ndef test_broken(student):\n    """is there"""\n    1 / 0\n',
        )
        course.known("spoils", "double__square", "def double(n):\n    return n * n\n")
        result = command("--json")
        assert result.exit_code == 1
        assert {name: row["verdict"] for name, row in rows(result).items()} == dict.fromkeys(
            rows(result), "undecided"
        )
        assert json.loads(result.stdout)[0]["totals"]["wrong_caught"] == 0

    def test_json_says_what_a_student_is_told(self, course: MiniCourse) -> None:
        course.known("spoils", "double__by_zero", "def double(n):\n    return int(n) / 0\n")
        (told, *_) = rows(command("--json"))["double__by_zero"]["told"]
        assert (told["question"], told["check"], told["title"]) == (
            "double",
            "test_zero",
            "is right at zero",
        )
        assert (
            told["message"]
            == "your code raised ZeroDivisionError: division by zero (line 3: return int(n) / 0)"
        )

    def test_repeat_grades_what_is_right_with_other_secrets(self, course: MiniCourse) -> None:
        course.known(
            "right", "double__lucky", "def double(n):\n    return 2 * n if n % 2 == 0 else n\n"
        )
        course.known("spoils", "double__square", "def double(n):\n    return n * n\n")
        found = rows(command("--json", "--repeat", "8"))
        assert (
            found["solution"]["runs"] == found["double__lucky"]["runs"] == 8
            and found["double__square"]["runs"] == 1
        )
        assert (
            found["double__lucky"]["verdict"] == "loses"
        )  # an odd number comes up sooner or later
        assert found["solution"]["verdict"] == "kept"

    def test_question_takes_its_own_answers_and_still_measures_the_others(
        self, course: MiniCourse
    ) -> None:
        course.known("spoils", "double__square", "def double(n):\n    return n * n\n")
        course.known("spoils", "shift__none", "OFFSET = 10\ndef shift(n):\n    return double(n)\n")
        course.known(
            "spoils",
            "shift__careless",
            "double = abs\nOFFSET = 10\ndef shift(n):\n    return 2 * n\n",
        )
        found = rows(command("--json", "--question", "shift"))
        assert set(found) == {"solution", "blank", "shift__none", "shift__careless"}
        assert found["shift__none"]["verdict"] == "caught" and found["shift__careless"][
            "collateral"
        ] == {"double": 3}

    def test_more_cells_than_one(self, course: MiniCourse) -> None:
        scratch = "# %%\ndef helper(n):\n    return double(n)\n"
        other = '# %% answer="double"\ndef double(n):\n    return n + n\n'
        code = "OFFSET = 10\ndef shift(n):\n    return helper(n) + OFFSET\n"
        course.known("right", "shift__helpers", f"{code}\n{scratch}\n{other}")
        assert rows(command("--json"))["shift__helpers"]["verdict"] == "kept"


class TestMutants:
    pytestmark = sandboxed

    def test_survivors_are_shown_and_listed_ones_are_not(self, course: MiniCourse) -> None:
        course.suite("double", ONLY_ZERO)  # zero alone: 3 * 0 is 2 * 0
        result = command("--mutants", "--question", "double")
        assert result.exit_code == 0, result.output  # mutants do not change the exit status
        assert (
            "+     return 3 * n" in result.stdout
            and "# double: " in result.stdout
            and "mutants caught:" in result.stdout
        )
        found = audit(SLUG, "double", jobs=1, mutants=True)
        left = [mutant for mutant in found.mutants if mutant.verdict == "survived"]
        first = left[0]
        entry = '[[equivalent]]\ndigest = "{}"\nreason = "{}"\ndiff = ""\n'
        (course.question("double") / "equivalent.toml").write_text(
            entry.format(first.digest, "A reason.") + entry.format("feedfeedfeedfeed", "Another.")
        )
        again = audit(SLUG, "double", jobs=1, mutants=True)
        (listed,) = [mutant for mutant in again.mutants if mutant.verdict == "equivalent"]
        assert (listed.digest, listed.reason) == (first.digest, "A reason.")
        assert [(entry.digest, entry.problem) for entry in again.stale] == [
            ("feedfeedfeedfeed", "no mutant is like this any more: take it out")
        ]
        totals = again.totals
        assert (totals.mutants, totals.mutants_equivalent) == (len(found.mutants), 1)
        assert totals.mutants_share == round(totals.mutants_caught / (totals.mutants - 1), 4) < 1
        assert found.totals.mutants_caught == totals.mutants_caught == totals.mutants - len(left)

    def test_a_listed_mutant_that_is_caught_is_a_mistake_in_the_list(
        self, course: MiniCourse
    ) -> None:
        found = audit(SLUG, "double", jobs=1, mutants=True)
        verdicts = {mutant.operator: mutant.verdict for mutant in found.mutants}
        assert verdicts == dict.fromkeys(verdicts, "caught") | {
            "detach_result": "survived"
        }  # integers have no gradient
        digest = found.mutants[0].digest
        (course.question("double") / "equivalent.toml").write_text(
            f'[[equivalent]]\ndigest = "{digest}"\nreason = "Not so."\ndiff = ""\n'
        )
        again = audit(SLUG, "double", jobs=1, mutants=True)
        assert again.totals.mutants_equivalent == 0 and "caught" in again.stale[0].problem

    def test_one_that_hangs_is_caught_by_the_time_limit(
        self, course: MiniCourse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run, "MUTANT_CALL_S", 0.3)
        loop = "    total = 0 * n\n    while total < 2 * n:\n        total += 1\n    return total\n"
        course.notebooks(
            SOLUTIONS | {"double": SOLUTIONS["double"].replace("    return 2 * n\n", loop)}
        )
        found = audit(SLUG, "double", jobs=1, mutants=True)
        (hanging,) = [
            mutant
            for mutant in found.mutants
            if mutant.diff == "-         total += 1\n+         pass"
        ]
        assert hanging.verdict == "caught" and "test_values" in hanging.checks and hanging.timeout
        assert not all(mutant.timeout for mutant in found.mutants)


@pytest.mark.slow
@pytest.mark.sandbox
def test_its_processes_end_with_it(course: MiniCourse) -> None:
    """A killed audit leaves no process that waits for work forever."""
    audit_itself = psutil.Popen(
        [sys.executable, "-m", "autograder", "audit", SLUG, "--jobs", "2"],
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and audit_itself.poll() is None:
            children = audit_itself.children(recursive=True)
            if sum("spawn_main" in " ".join(child.cmdline()) for child in children) == 2:
                break
            time.sleep(0.05)
        else:
            pytest.fail(f"no two processes within a minute (exit status {audit_itself.poll()})")
    finally:
        audit_itself.kill()
        audit_itself.wait()
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive


@pytest.mark.slow
@pytest.mark.sandbox
def test_two_processes_grade_the_vaes_own_suite(tmp_path: Path) -> None:
    """One question of the real course, its real checks and known answers, in processes of their
    own.
    """
    question = "interpolate"
    text = next(
        file
        for name in ("lab.py", "lab_part.py")
        if (file := ROOT / "assignments" / "vae" / name).is_file()
    )
    (source,) = [
        cell.source for cell in jupytext.read(text).cells if cell.metadata.get("answer") == question
    ]
    shutil.copytree(
        ROOT / "assignments" / "dgm",
        tmp_path / "assignments" / "dgm",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    folder = tmp_path / "assignments" / "vae"
    folder.mkdir()
    points = load("vae", ROOT).questions[question].points
    line = (
        f'questions.{question} = {{title = "Line", notebook = "lab", kind = "code", points '
        f"= {points:g}, covers = []}}"
    )
    (folder / "assignment.toml").write_text(f'slug = "vae"\ntitle = "One question"\n{line}\n')
    shutil.copytree(suites_folder(ROOT) / "vae" / question, tmp_path / "suites" / "vae" / question)
    course = MiniCourse(tmp_path)
    course.notebooks({question: f"import torch\nfrom torch import Tensor\n\n{source}"})
    for part in ("source", "release"):
        (tmp_path / part / SLUG).rename(tmp_path / part / "vae")
    heard: list[int] = []

    class Progress:
        def expect(self, n_tasks: int) -> None:
            heard.append(n_tasks)

        def __call__(self) -> None:
            heard.append(1)

    found = audit("vae", question, jobs=2, root=tmp_path, progress=Progress())
    n_known = len(known_answers(tmp_path, load("vae", tmp_path), question))
    assert found.ok, [(row.name, row.verdict) for row in found.known if not row.ok]
    assert len(found.known) == n_known + 2 and found.totals.wrong >= 4 and found.totals.right >= 2
    assert heard == [n_known + 2, *[1] * (n_known + 2)]


# Without a sandbox


def graded(name: str, score: float | None, points: float = 4.0) -> QuestionResult:
    failed = Check(
        name="test_it", title="is right", weight=1, outcome="failed", message="your line"
    )
    made = QuestionResult(
        name=name, title=name, notebook="lab", kind="code", points=points, score=score
    )
    made.checks = [failed] if score != points else []
    return made


@pytest.mark.parametrize(
    ("kind", "scores", "verdict", "ok"),
    [
        ("wrong", (1.0, 4.0), "caught", True),
        ("wrong", (4.0, 4.0), "survived", False),
        ("wrong", (4.0, 2.0), "survived", False),
        ("wrong", (1.0, 2.0), "collateral", False),
        ("wrong", (None, 4.0), "undecided", False),
        ("right", (4.0, 4.0), "kept", True),
        ("right", (3.5, 4.0), "loses", False),
        ("right", (4.0, 3.5), "loses", False),
    ],
)
def test_verdict(kind: Any, scores: tuple[float | None, float], verdict: str, ok: bool) -> None:
    result = judge(
        KnownResult(kind=kind, name="a__x", sentence="", question="a", points=4),
        [[graded("a", scores[0]), graded("b", scores[1])]],
    )
    assert (result.verdict, result.ok) == (verdict, ok)
    assert [told.question for told in result.told] == [
        name for name, score in zip("ab", scores, strict=True) if score != 4.0
    ]


@pytest.mark.parametrize(
    ("kind", "scores", "lines"),
    [
        ("solution", (4.0, 3.0), ["x: b, test_it: your line"]),
        ("solution", (None, 4.0), ["x: a, test_it: your line"]),
        ("right", (4.0, 3.5), ["x: b, test_it: your line"]),
        ("wrong", (1.0, 3.5), ["x: b, test_it: your line"]),
        ("wrong", (1.0, 4.0), []),
        ("blank", (0.0, 4.0), ["x: b: an unanswered question gets 4 points"]),
        ("blank", (0.0, 0.0), []),
    ],
)
def test_the_question_that_broke_is_named(
    kind: Any, scores: tuple[float | None, float], lines: list[str]
) -> None:
    from autograder.audit.matrix import fault_lines

    question = "" if kind in ("solution", "blank") else "a"
    points = 8 if kind in ("solution", "blank") else 4
    result = judge(
        KnownResult(kind=kind, name="x", sentence="", question=question, points=points),
        [[graded("a", scores[0]), graded("b", scores[1])]],
    )
    assert fault_lines([result]) == lines


def test_the_worst_of_several_runs_counts() -> None:
    runs = [[graded("a", score)] for score in (4.0, 2.5, 3.0)]
    result = judge(
        KnownResult(kind="right", name="a__x", sentence="", question="a", points=4), runs
    )
    assert (result.lost, result.runs, result.verdict, len(result.told)) == (1.5, 3, "loses", 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n# %%\ny = 2\n", "begins with `# %% spoils: its_name`"),
        ("# %% maybe: a\n# A.\nx = 1\n", "begins with `# %% spoils: its_name`"),
        ("# %% spoils: A-b\n# A.\nx = 1\n", "begins with `# %% spoils: its_name`"),
        ("# %% spoils: a\nx = 1\n", "one sentence"),
        ("# %% spoils: a\n# No full stop\nx = 1\n", "one sentence"),
        ("# %% spoils: a\n# A.\n", "then the code"),
        ("# %% spoils: a\n# A.\ndef f(:\n", "line 1 of its code"),
        ("# %% right: a\n# A.\nx = 1\n# %% right: a\n# B.\nx = 2\n", "two answers are called 'a'"),
        (
            '# %% spoils: a\n# A.\nx = 1\n# %% answer="triple"\ny = 1\n',
            "'triple' is not another code question",
        ),
    ],
)
def test_known_answers_that_are_not_in_order_name_their_file(
    course: MiniCourse, text: str, words: str
) -> None:
    file = course.question("double") / "answers.py"
    file.write_text(text)
    with pytest.raises(CourseError, match=words) as caught:
        read_known_answers(file, "double", load(SLUG, course.root))
    assert str(file) in caught.value.message


def test_each_answer_of_a_file_has_its_kind_sentence_and_code(course: MiniCourse) -> None:
    file = course.question("double") / "answers.py"
    file.write_text(
        '"""Twice."""\n\n# %% spoils: a\n# Adds one.\nx = 1\n\n\n# %% right: a\n# In '
        "parts.\n# really\nx = 2\n"
    )
    found = read_known_answers(file, "double", load(SLUG, course.root))
    assert [(each.kind, each.harm, each.name, each.sentence) for each in found] == [
        ("wrong", "spoils", "double__a", "Adds one."),
        ("right", "", "double__a", "In parts."),
    ]
    assert [cell.source for answer in found for cell in answer.cells] == [
        "x = 1\n",
        "# really\nx = 2\n",
    ]


def test_scratch_cells_follow_the_answer_they_stand_under(course: MiniCourse) -> None:
    import nbformat

    file = course.question("double") / "answers.py"
    file.write_text('# %% right: x\n# A.\nx = 1\n# %%\ny = 2\n# %% answer="shift"\nz = 3\n')
    (answer,) = read_known_answers(file, "double", load(SLUG, course.root))
    release = nbformat.read(course.root / "release" / SLUG / "lab.ipynb", as_version=4)
    made = nbformat.reads(handed_in(release, SOLUTIONS, answer.cells).decode(), as_version=4)
    nbformat.validate(made)
    assert [cell.source for cell in made.cells] == [
        "# question: double\nx = 1\n",
        "y = 2\n",
        "# question: shift\nz = 3\n",
    ]
    assert "NotImplementedError" in release.cells[0].source, "the release itself stays as it is"


def test_an_assignment_that_was_not_released_is_told_before_anything_starts(
    course: MiniCourse,
) -> None:
    shutil.rmtree(course.root / "source")
    with pytest.raises(CourseError, match="run `autograder release audit_mini` first"):
        audit(SLUG, root=course.root, isolation="none")


def test_a_question_without_hidden_checks_cannot_be_audited(course: MiniCourse) -> None:
    with pytest.raises(UsageError, match="'theory' is not a code question"):
        audit(SLUG, "theory", root=course.root, isolation="none")


class TestUnchanged:
    @pytest.mark.parametrize(
        ("file", "more", "changed"),
        [
            ("suites/{}/double/checks.py", "\nCONSTANT = 1\n", {"double", "shift"}),
            ("suites/{}/double/checks.py", "\n# a comment\n", set()),
            ("suites/{}/double/answers.py", "# %% right: again\n# S.\ndouble = 1\n", {"double"}),
            ("suites/{}/shift/oracle.py", "\nOFFSET = 1\n", {"double", "shift"}),
            ("assignments/dgm/tool.py", "x = 1\n", {"double", "shift"}),
            ("data/digits.bin", "0", {"double", "shift"}),
            ("assignments/{}/lab.md", "text", set()),
        ],
    )
    def test_a_question_is_audited_again_after_a_change_of_what_it_depends_on(
        self, course: MiniCourse, file: str, more: str, changed: set[str]
    ) -> None:
        """`shift` uses `double` and reads its name, so that each is also judged with the other."""
        course.known("spoils", "double__square", "def double(n):\n    return n * n\n")
        after = course.root.parent / "after"
        shutil.copytree(course.root, after)
        with_more = after / file.format(SLUG)
        with_more.parent.mkdir(parents=True, exist_ok=True)
        with with_more.open("a") as stream:
            stream.write(more)
        found = {
            name
            for name in ("double", "shift")
            if audit_digest(SLUG, name, course.root) != audit_digest(SLUG, name, after)
        }
        assert found == changed

    def test_a_model_answer_counts_for_its_notebook(self, course: MiniCourse) -> None:
        after = course.root.parent / "after"
        shutil.copytree(course.root, after)
        solutions = SOLUTIONS | {"shift": SOLUTIONS["shift"].replace("OFFSET = 10", "OFFSET = 9")}
        MiniCourse(after).notebooks(solutions)
        for name in solutions:
            assert audit_digest(SLUG, name, course.root) != audit_digest(SLUG, name, after)
