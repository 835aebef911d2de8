"""Each thing an author can get wrong is named, with the file and the cell it is in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from mini_course import CHOOSE, HIDDEN, LAB, Course, with_choice

from autograder.errors import CourseError
from autograder.release.release import release

Change = Callable[[Course], None]
DOUBLE_CHECK = LAB[LAB.index('# %% check="double"') : LAB.index('# %% answer="cube"')]
WRONG: dict[str, tuple[Change, str]] = {
    "a choice without a cell": (
        lambda c: with_choice(c, ""),
        r"assignment\.toml: \[choose\.one\] has no cell\. Write one .*'lab': # %% choose=\"one\"",
    ),
    "a choice with two cells": (
        lambda c: with_choice(c, CHOOSE * 2),
        r"lab\.py.*choose='one' is there twice",
    ),
    "a choice above its questions": (
        lambda c: with_choice(c, CHOOSE, '# %% answer="cube"'),
        r"choose='one' goes below its questions, but cube is not above",
    ),
    "a choice's cell with text": (
        lambda c: with_choice(c, CHOOSE.strip() + "\n# One of them\n\n"),
        r"lab\.py.*the build writes the cell choose='one'",
    ),
    "a choice that is not known": (
        lambda c: with_choice(c, CHOOSE + CHOOSE.replace("one", "two")),
        r"lab\.py.*has no \[choose\.two\]",
    ),
    "a choice of questions that are not known": (
        lambda c: with_choice(c, CHOOSE) or c.toml('"double", "cube"', '"double", "square"'),
        r"assignment\.toml: \[choose\.one\] names 'square', which is not a question",
    ),
    "unknown header": (
        lambda c: c.lab('train="growth"', 'training="growth"'),
        r"lab\.py:\d+: cell 8 .*unknown header 'training'",
    ),
    "a title is no header": (
        lambda c: c.lab("# %%\nimport", "# %% set up\nimport"),
        r"lab\.py.*cell 2 .*unknown header 'title'",
    ),
    "points in a header": (
        lambda c: c.lab('check="double"', 'check="double" points=3'),
        r"points belong in assignment\.toml",
    ),
    "two roles": (
        lambda c: c.lab('train="growth"', 'train="growth" answer="x"'),
        r"cannot be train and answer|cannot be answer and train",
    ),
    "a bad name": (lambda c: c.lab('train="growth"', 'train="Growth"'), r"'Growth' must match"),
    "a name too long for a cell id": (
        lambda c: c.lab('train="growth"', f'train="{"g" * 60}"'),
        r"at most 59 characters",
    ),
    "an analysis in a code cell": (
        lambda c: c.lab('[markdown] analysis="growth', 'analysis="growth'),
        r"belongs on a markdown cell",
    ),
    "the train tag by hand": (
        lambda c: c.lab('# %% train="growth"', '# %% tags=["train"]'),
        r'write train="<name>"',
    ),
    "an empty cell": (
        lambda c: c.lab("# %%\nimport", "# %%\n\n# %%\nimport"),
        r"lab\.py: cell 2: the cell is empty",
    ),
    "an answer without solution markers": (
        lambda c: (
            c.lab("    ### BEGIN SOLUTION\n    return math", "    return math")
            or c.lab("number])\n    ### END SOLUTION", "number])")
        ),
        r"lab\.py:\d+: cell 5 .*cube.*needs its solution between ### BEGIN SOLUTION",
    ),
    "an empty solution": (
        lambda c: c.lab("    return math.prod([number, number, number])\n", "\n"),
        r"needs its solution",
    ),
    "a solution left open": (
        lambda c: c.lab("number])\n    ### END SOLUTION", "number])"),
        r"cell 5 .*BEGIN SOLUTION without its END",
    ),
    "a solution in a locked cell": (
        lambda c: c.lab("import math", "### BEGIN SOLUTION\nimport math\n### END SOLUTION"),
        r"cell 2 .*course cell cannot have a SOLUTION region",
    ),
    "a hidden test by hand": (
        lambda c: c.lab(
            '"twice nothing is nothing"',
            '"x"\n### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS',
        ),
        r"check cell cannot have a HIDDEN TESTS region \(the build adds it\)",
    ),
    "a manual question without mark scheme": (
        lambda c: c.theory(
            "### BEGIN MARK SCHEME\n- 2 points: gives the quotient and says that it is an "
            "integer\n### END MARK SCHEME\n",
            "",
        ),
        r"theory\.md:\d+: cell 3 .*why_even.*needs its mark scheme",
    ),
    "a mark scheme that does not add up": (
        lambda c: c.toml("points = 4", "points = 5"),
        r"growth_study.*adds up to 4 points, assignment\.toml gives the question 5",
    ),
    "a check for no question": (
        lambda c: c.toml("[questions.cube]", "[questions.square]"),
        r"lab\.py:\d+: cell 6 .*check='cube' earns points, but assignment\.toml has no "
        r"\[questions\.cube\]",
    ),
    "an analysis for no question": (
        lambda c: c.theory('"why_even"', '"why_odd"'),
        r"theory\.md.*no \[questions\.why_odd\]",
    ),
    "a code question without check": (
        lambda c: c.lab(DOUBLE_CHECK, ""),
        r"assignment\.toml: question double has no check cell",
    ),
    "a question without its cell": (
        lambda c: c.toml(
            "[questions.why_even]",
            '[questions.gone]\ntitle="t"\nnotebook="lab"\nkind="theory"\npoints=1\ncovers=[]\n[questions.why_even]',
        ),
        r"assignment\.toml: question gone has no analysis cell in notebook 'lab'",
    ),
    "a check before its answer": (
        lambda c: (
            c.lab(DOUBLE_CHECK, "")
            or c.lab('# %% answer="double"', DOUBLE_CHECK + '# %% answer="double"')
        ),
        r"the check of 'double' has no answer cell before it",
    ),
    "a question in the other notebook": (
        lambda c: c.toml(
            'title = "How fast it grows"\nnotebook = "lab"',
            'title = "How fast it grows"\nnotebook = "theory"',
        ),
        r"lab\.py.*puts question 'growth_study' in notebook 'theory'",
    ),
    "a kind that does not fit": (
        lambda c: c.toml('kind = "experiment"', 'kind = "code"'),
        r"growth_study.*its kind is 'code'",
    ),
    "a check of another question": (
        lambda c: c.lab('@visible_checks("cube")', '@visible_checks("double")'),
        r'under @visible_checks\("cube"\)',
    ),
    "an answer given twice": (
        lambda c: c.lab('answer="grow"', 'answer="double"'),
        r"cell 7 .*'double' is there twice; the first is .*cell 3",
    ),
    "two cells of one grade_id": (
        lambda c: c.lab('answer="grow"', 'answer="test_double"'),
        r"grade_id 'test_double' is taken",
    ),
    "a question worth nothing": (
        lambda c: c.toml("points = 1.5", "points = 0"),
        r"question cube has 0 points",
    ),
    "a cell magic in an answer": (
        lambda c: c.lab("### BEGIN SOLUTION\ndef grow", "%%time\n### BEGIN SOLUTION\ndef grow"),
        r"a cell magic",
    ),
    "no text": (lambda c: (c.text / "theory.md").unlink(), r"there is no theory\.py or theory\.md"),
    "text twice": (
        lambda c: (c.text / "theory.py").write_text("# %%\n1\n") and None,
        r"written twice, as theory\.py and theory\.md",
    ),
    "text without questions": (
        lambda c: (c.text / "extra.py").write_text("# %%\n1\n") and None,
        r"extra\.py: a text notebook without any",
    ),
    "no collect script": (
        lambda c: (c.root / "collect_submission.sh").unlink(),
        r"collect_submission\.sh is missing",
    ),
    "no requirements": (
        lambda c: (c.root / "assignments/requirements.txt").unlink(),
        r"requirements\.txt is missing",
    ),
    "empty requirements": (
        lambda c: (c.root / "assignments/requirements.txt").write_text("# none\n") and None,
        r"requirements\.txt is empty",
    ),
    "an archive name of unknown fields": (
        lambda c: c.toml('"{name}_{slug}.zip"', '"{lastname}.zip"'),
        r"archive_name '\{lastname\}\.zip'",
    ),
    "a stub outside its function": (
        lambda c: c.lab("    ### BEGIN SOLUTION\n    total", "### BEGIN SOLUTION\n    total"),
        r"cell 3 .*double.*BEGIN SOLUTION is indented by 0, the solution under it by 4",
    ),
    "an answer that breaks when its solution goes": (
        lambda c: c.lab(
            "    return total_of_both_copies\n    ### END SOLUTION\n",
            "    if not number:\n        return 0\n    ### END SOLUTION\n    else:\n        "
            "return number\n",
        ),
        r"release/mini/lab\.ipynb: without the solution, answer 'double' is no longer valid Python",
    ),
    "no suite": (
        lambda c: (c.root / HIDDEN / "cube/checks.py").unlink(),
        r"suites/mini/cube/checks\.py is missing: question cube of mini has no hidden checks",
    ),
    "a suite that cannot be imported": (
        lambda c: c.change(f"{HIDDEN}/cube/checks.py", "import same", "import samee"),
        r"suites/mini/cube/checks\.py: the suite cannot be collected",
    ),
    "a weight below zero": (
        lambda c: c.change(f"{HIDDEN}/double/checks.py", '"values": 2 / 3', '"values": -2 / 3'),
        r"suites/mini/double/checks\.py: ASPECTS is not a dict of weights above zero",
    ),
    "no oracle": (
        lambda c: (
            (c.root / HIDDEN / "double/oracle.py").unlink()
            or c.change(f"{HIDDEN}/double/checks.py", "oracle.double(", "2 * (")
            or c.change(
                f"{HIDDEN}/double/checks.py",
                "from autograder.suites.mini.double import oracle\n",
                "",
            )
        ),
        r"suites/mini/double/oracle\.py does not define double",
    ),
    "an oracle of another name": (
        lambda c: c.change(f"{HIDDEN}/double/oracle.py", "def double", "def twice"),
        r"suites/mini/double/oracle\.py does not define double",
    ),
    "an oracle of other arguments": (
        lambda c: c.change(f"{HIDDEN}/cube/oracle.py", "(number)", "(number, *, power=3)"),
        r"suites/mini/cube/oracle\.py: the oracle takes \(number, \*, power\), the model solution "
        r"of cube takes \(number\)",
    ),
    "a suite without a question": (
        lambda c: (c.root / HIDDEN / "cube").rename(c.root / HIDDEN / "kube") and None,
        r"kube/checks\.py: assignment\.toml has no code question 'kube'",
    ),
    "an unknown topic": (
        lambda c: c.toml('covers = ["parity"]', 'covers = ["partiy"]'),
        r"assignment\.toml: question why_even covers 'partiy', which is not a topic of .*syllabus",
    ),
    "a question that uses itself": (
        lambda c: c.toml("points = 1.5", 'points = 1.5\nuses = ["cube"]'),
        r"assignment\.toml: question cube uses itself \(cube -> cube\)",
    ),
    "questions that use each other": (
        lambda c: (
            c.toml("points = 1.5", 'points = 1.5\nuses = ["double"]')
            or c.toml("points = 3\n", 'points = 3\nuses = ["cube"]\n')
        ),
        r"question double uses itself \(double -> cube -> double\)",
    ),
    "a solution that is not Python": (
        lambda c: c.lab("return math.prod([number,", "return math.prod([number number,"),
        r"lab\.py:\d+: cell 5 .*cube.*line \d+ of the cell is not valid Python",
    ),
    "a value of the wrong type": (
        lambda c: c.toml("points = 1.5", 'points = "much"'),
        r"assignment\.toml: question cube: Expected `float`, got `str` - at `\$\.points`",
    ),
    "a field that does not exist": (
        lambda c: c.toml("points = 1.5", "points = 1.5\npionts = 1"),
        r"assignment\.toml: question cube: .*unknown field `pionts`",
    ),
    "a question that is no table": (
        lambda c: c.toml("[questions.double]", "[questions]\nsquare = 3\n[questions.double]"),
        r"assignment\.toml: question square: it is a table, \[questions\.square\]",
    ),
    "a text that is not UTF-8": (
        lambda c: (
            (c.text / "theory.md").write_bytes(
                (c.text / "theory.md").read_bytes() + "\nna\u00efve\n".encode("latin-1")
            )
            and None
        ),
        r"theory\.md:\d+: not UTF-8 \(byte 0xef\)\. Save the file as UTF-8",
    ),
    "a table that is not UTF-8": (
        lambda c: (
            (c.text / "assignment.toml").write_bytes(
                "# na\u00efve\n".encode("latin-1") + (c.text / "assignment.toml").read_bytes()
            )
            and None
        ),
        r"assignment\.toml:1: not UTF-8",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_error_names_file_and_cell(course: Course, what: str) -> None:
    change, message = WRONG[what]
    change(course)
    with pytest.raises(CourseError) as caught:
        release("mini", course.root)
    assert re.search(message, caught.value.message), caught.value.message
    assert course.built() == {}, "a release that fails must not write anything"


def test_what_nbgrader_refuses_is_told(course: Course) -> None:
    """An attachment in a mark scheme: a rule of nbgrader's that the build leaves to it."""
    course.theory(
        "- 2 points: gives the", "![sketch](attachment:sketch.png)\n- 2 points: gives the"
    )
    with pytest.raises(
        CourseError, match=r"nbgrader could not generate mini: RuntimeError: .*attachment"
    ):
        release("mini", course.root)


def test_a_scheme_in_another_form_is_left_alone(course: Course) -> None:
    course.lab("# - 3 points: names", "# - up to 3 points: names")
    release("mini", course.root)
    assert "growth_study" in course.cells("release", "lab")


def test_a_byte_order_mark_changes_nothing(course: Course) -> None:
    release("mini", course.root)
    before = course.built()
    for name in ("lab.py", "theory.md", "assignment.toml"):
        file = course.text / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    release("mini", course.root)
    assert course.built() == before


def test_windows_line_ends_change_nothing(course: Course) -> None:
    release("mini", course.root)
    before = course.built()
    for name in ("lab.py", "theory.md", "assignment.toml"):
        file = course.text / name
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    release("mini", course.root)
    assert course.built() == before


def test_an_oracle_that_is_a_class_is_compared_by_its_constructor(course: Course) -> None:
    course.lab(
        "def cube(number):", "class Cube:\n    def __init__(self, n): ...\n\ndef cube(number):"
    )
    oracle = "class Cube:\n    def __init__(self, {}): ...\n\ncube = Cube\n"
    checks = course.root / HIDDEN / "cube/checks.py"
    checks.write_text(checks.read_text().replace("oracle.cube(3)", "27"))
    (course.root / HIDDEN / "cube/oracle.py").write_text(oracle.format("n"))
    release("mini", course.root)
    (course.root / HIDDEN / "cube/oracle.py").write_text(oracle.format("m"))
    with pytest.raises(CourseError, match=r"takes \(m\), the model .* takes \(n\)"):
        release("mini", course.root)
