"""Code that several notebooks share: written once, included by the build, refused by name."""

from __future__ import annotations

import re

import pytest
from mini_course import Course
from test_determinism import release_elsewhere

from autograder.course.assignment import slugs
from autograder.errors import CourseError
from autograder.release.release import release

SHARED = """# %%
import sys

label = f"{sys.byteorder} $x$ {{x}} $slugs"
print("unzip $slug.zip, then cd $slug")
"""
WRITTEN_OUT = """import sys

label = f"{sys.byteorder} $x$ {{x}} $slugs"
print("unzip mini.zip, then cd mini")"""
OWN = "import math\n\nfrom dgm.check import visible_checks"


def include(course: Course, shared: str = SHARED, header: str = 'include="start"') -> None:
    """Have the first code cell of the lab include `assignments/includes/start.py`."""
    folder = course.root / "assignments" / "includes"
    folder.mkdir()
    (folder / "start.py").write_text(shared, encoding="utf-8")
    course.lab("# %%\nimport math", f"# %% {header}\nimport math")


def test_shared_code_comes_first_and_the_cell_stays_one(course: Course) -> None:
    release("mini", course.root)
    before = {folder: course.cells(folder, "lab") for folder in ("source", "release")}
    include(course)
    release("mini", course.root)
    for folder, old in before.items():
        new = course.cells(folder, "lab")
        assert list(new) == list(old)
        assert new["lab_002"].source == f"{WRITTEN_OUT}\n\n{OWN}"
        assert [name for name in new if new[name].source != old[name].source] == ["lab_002"]
        assert new["lab_002"].metadata.nbgrader.locked


def test_a_cell_may_have_no_code_but_the_shared(course: Course) -> None:
    include(course)
    course.lab('include="start"\n', 'include="start"\n\n# %% tags=["own"]\n')
    release("mini", course.root)
    lab = course.cells("release", "lab")
    assert lab["lab_002"].source == WRITTEN_OUT
    assert lab["lab_003"].source == OWN


def test_tags_of_the_cell_stay(course: Course) -> None:
    include(course, header='include="start" tags=["hide-input"]')
    release("mini", course.root)
    assert course.cells("release", "lab")["lab_002"].metadata.tags == ["hide-input"]


@pytest.mark.parametrize("header", [":include: start", "---\ninclude: start\n---"])
@pytest.mark.parametrize("own", ["", "\nprint(label)"])
def test_a_myst_notebook_includes_too(course: Course, header: str, own: str) -> None:
    include(course)
    cell = f"```{{code-cell}}\n{header}{own}\n```\n"
    course.theory("+++\n\nWhy is", f"{cell}\nWhy is")
    release("mini", course.root)
    cells = course.cells("release", "theory")
    assert list(cells) == ["theory_001", "theory_002", "theory_003", "why_even"]
    assert cells["theory_002"].source == WRITTEN_OUT + (f"\n{own}" if own else "")


def test_the_folder_of_included_files_is_no_assignment(course: Course) -> None:
    include(course)
    assert slugs(course.root) == ["mini"]


def test_check_names_the_notebooks_of_a_changed_include(course: Course) -> None:
    include(course)
    release("mini", course.root)
    course.change("assignments/includes/start.py", "unzip", "unpack")
    different = release("mini", course.root, check=True).different
    assert [file.relative_to(course.root).as_posix() for file in different] == [
        "source/mini/lab.ipynb",
        "release/mini/assignment.json",
        "release/mini/lab.ipynb",
    ]


def test_the_same_bytes_again_and_in_another_process(course: Course) -> None:
    include(course)
    release("mini", course.root)
    first = course.built()
    for name in first:
        (course.root / name).unlink()
    release_elsewhere(course.root, course.root.parent, "4711")
    assert course.built() == first


@pytest.mark.parametrize("header", ["py", "md"])
def test_an_include_that_is_not_there(course: Course, header: str) -> None:
    include(course, header='include="strat"')
    if header == "md":
        course.lab('include="strat"', "")
        course.theory("+++\n\nWhy is", "```{code-cell}\n:include: strat\n```\n\nWhy is")
    place = {"py": r"lab\.py:5: cell 2", "md": r"theory\.md:\d+: cell 2"}[header]
    message = rf"{place} .*there is no .*includes/strat\.py; write it, or include one of: start"
    refused(course, message)


def test_an_include_in_a_course_without_any(course: Course) -> None:
    course.lab("# %%\nimport math", '# %% include="start"\nimport math')
    refused(course, r"lab\.py:5: cell 2 .*there is no .*start\.py.*: nothing yet")


@pytest.mark.parametrize(
    ("shared", "message"),
    [
        ('# %% include="other"\n1\n', r"start\.py:1: cell 1 .*cannot include another; copy"),
        ('# %% train="fit"\n1\n', r'start\.py:2: cell 1 .*no header; move train="fit" to'),
        ('# %% tags=["a"]\n1\n', r"start\.py:2: cell 1 .*no header; move tags to"),
        ("# %% [markdown]\n# words\n", r'start\.py:2: cell 1 .*only code.*begin .* "# %%"'),
        ("# %%\n1\n\n# %%\n2\n", r"start\.py: has 2 cells, .*one code cell; write its"),
        ("", r"start\.py: has 0 cells, .*below one `# %%`"),
        ("# %% title\n1\n", r"start\.py:2: cell 1 .*unknown header"),
        (
            "# %%\n### BEGIN SOLUTION\n1\n### END SOLUTION\n",
            r'lab\.py:5: cell 2 .*include="start".*cannot have a SOLUTION region',
        ),
    ],
)
def test_an_included_file_is_one_plain_code_cell(course: Course, shared: str, message: str) -> None:
    include(course, shared)
    refused(course, message)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ('include="../mini/lab"', r"lab\.py:5: cell 2 .*include name '\.\./mini/lab' must match"),
        ('include="start.py"', r"lab\.py:5: .*'start\.py' must match .*without a suffix"),
        ("include=3", r"lab\.py:5: .*include name 3 must match"),
        ('include=""', r"lab\.py:5: .*include name '' must match"),
        ('train="fit" include="start"', r'lab\.py:5: .*include=\'start\' .*one with train="fit"'),
    ],
)
def test_a_header_that_cannot_include(course: Course, header: str, message: str) -> None:
    include(course, header=header)
    refused(course, message)


def test_a_text_cell_cannot_include(course: Course) -> None:
    include(course)
    course.lab("# %% [markdown]\n# ## How", '# %% [markdown] include="start"\n# ## How')
    refused(
        course, r"lab\.py:\d+: cell 9 .*belongs on a separate locked code cell.*a markdown cell"
    )


def test_an_empty_text_cell_of_myst_does_not_vanish_with_its_include(course: Course) -> None:
    include(course)
    course.theory("+++\n\nWhy is", '+++ {"include": "start"}\n\n+++\n\nWhy is')
    refused(course, r"theory\.md:10: .*text cell; .*write :include: <name> in a \{code-cell\}")


def refused(course: Course, message: str) -> None:
    with pytest.raises(CourseError) as caught:
        release("mini", course.root)
    assert re.search(message, caught.value.message), caught.value.message
    assert course.built() == {}
