"""The leak guard: whatever way an answer finds into the release, the release stops."""

from __future__ import annotations

import json

import pytest
from mini_course import Course
from nbformat import NotebookNode

from autograder.errors import CourseError
from autograder.release import generate as student
from autograder.release import kit, leaks
from autograder.release.release import release

ANSWER = "    total_of_both_copies = number + number\n    return total_of_both_copies\n"


def members_of(course: Course) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(course.root / "dist/mini.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def guard(course: Course, members: dict[str, bytes]) -> None:
    sources = {name: course.notebook("source", name) for name in ("lab", "theory")}
    leaks.guard("mini", sources, members, [course.root / "autograder"])


def with_cell_text(data: bytes, old: str, new: str) -> bytes:
    notebook = json.loads(data)
    hits = 0
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        hits += text.count(old)
        cell["source"] = text.replace(old, new)
    assert hits
    return json.dumps(notebook).encode()


def test_a_clean_release_passes(released: Course) -> None:
    guard(released, members_of(released))


@pytest.mark.parametrize(
    ("name", "old", "new", "kind"),
    [
        (
            "lab",
            "raise NotImplementedError()",
            "# total_of_both_copies = number  +  number",
            "solution",
        ),
        (
            "lab",
            "YOUR ANSWER HERE",
            "the same amount at each step, so the curve is a straight line.",
            None,
        ),
        (
            "lab",
            "YOUR ANSWER HERE",
            "> The values grow by the same amount at each step, so the curve is a straight line.",
            "solution",
        ),
        (
            "theory",
            "YOUR ANSWER HERE",
            "- 2 points: gives the quotient and says that it is an integer",
            "mark scheme",
        ),
        (
            "lab",
            "# YOUR CODE HERE",
            '__import__("autograder.kernel").kernel.score("mini", "double", globals())',
            None,
        ),
        ("theory", "YOUR ANSWER HERE", "### BEGIN MARK SCHEME", "MARK SCHEME marker"),
        ("lab", "# YOUR CODE HERE", "from autograder.kernel import score", "imports autograder"),
    ],
)
def test_one_line_in_a_notebook_is_enough(
    released: Course, name: str, old: str, new: str, kind: str | None
) -> None:
    members = members_of(released)
    members[f"mini/{name}.ipynb"] = with_cell_text(members[f"mini/{name}.ipynb"], old, new)
    if kind is None and "autograder" not in new:
        guard(released, members)  # half a line of an answer is no line of it
        return
    with pytest.raises(CourseError, match=kind or "imports autograder"):
        guard(released, members)


def test_an_answer_in_outputs_or_attachments_is_found(released: Course) -> None:
    members = members_of(released)
    notebook = json.loads(members["mini/lab.ipynb"])
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [
        {
            "output_type": "stream",
            "name": "stdout",
            "text": ["total_of_both_copies = number + number\n"],
        }
    ]
    members["mini/lab.ipynb"] = json.dumps(notebook).encode()
    with pytest.raises(CourseError, match=r"lab\.ipynb: the solution of lab/double leaks"):
        guard(released, members)


def test_an_answer_that_the_author_shows_elsewhere_stops_the_release(course: Course) -> None:
    course.lab(
        '    assert double(0) == 0, "twice nothing is nothing"',
        "    number = 3\n" + ANSWER.replace("return", "assert 6 =="),
    )
    with pytest.raises(
        CourseError, match=r"lab\.ipynb: shows the solution of lab/double outside its region"
    ):
        release("mini", course.root)
    assert course.built() == {}


def test_a_phrase_that_question_and_answer_share_is_no_leak(course: Course) -> None:
    course.lab(
        "# ## How fast",
        "# Plot history_of_values, that is\n# return history_of_values\n# ## How fast",
    )
    course.lab(
        "    history_of_values = [", "    # one value for each step\n    history_of_values = ["
    )
    release("mini", course.root)


def test_an_answer_in_the_helper_package_stops_the_release(course: Course) -> None:
    (course.root / "assignments/dgm/numbers.py").write_text("def twice(number):\n" + ANSWER)
    with pytest.raises(
        CourseError, match=r"mini/dgm/numbers\.py: shows the solution of lab/double"
    ):
        release("mini", course.root)


def test_a_staff_file_in_the_helper_package_stops_the_release(course: Course) -> None:
    for name in ("assignments/dgm/oracle.py", "autograder/reference/mini.py"):
        path = course.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def double(number):\n    return number * 2\n")
    with pytest.raises(CourseError, match=r"mini/dgm/oracle\.py is a copy of .*reference/mini\.py"):
        release("mini", course.root)


def test_a_helper_that_imports_the_staff_side_stops_the_release(course: Course) -> None:
    (course.root / "assignments/dgm/grade.py").write_text(
        "def go():\n    from autograder import report\n    return report\n"
    )
    with pytest.raises(CourseError, match=r"dgm/grade\.py: imports autograder"):
        release("mini", course.root)


def test_a_staff_folder_stops_the_release(released: Course) -> None:
    with pytest.raises(CourseError, match="staff side"):
        guard(
            released,
            {**members_of(released), "mini/suites/mini/test_double.py": b"def test(): ..."},
        )


def test_release_stops_when_nbgrader_fails_to_clear(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way with a step that does nothing: as if a new nbgrader had other markers."""

    def unchanged(
        slug: str, sources: dict[str, NotebookNode], db_url: str | None = None
    ) -> dict[str, NotebookNode]:
        return sources

    monkeypatch.setattr(student, "generate", unchanged)
    with pytest.raises(CourseError, match="marker is left"):
        release("mini", course.root)
    assert course.built() == {}


def test_guard_reads_the_bytes_that_ship(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = kit.members

    def careless(*args, **kwargs) -> dict[str, bytes]:
        return {**honest(*args, **kwargs), "mini/notes.txt": ANSWER.encode()}

    monkeypatch.setattr(kit, "members", careless)
    with pytest.raises(CourseError, match=r"notes\.txt: shows the solution"):
        release("mini", course.root)


QUOTES = {
    "in the text": ("# A lab about doubling.", "# Use `math.prod( [number, number,number])`."),
    "in a visible check": (
        "assert cube(1) == 1,",
        "number = 1\n    assert cube(1) == math.prod(\n        [number, number, number]\n    ),",
    ),
    "in a docstring": ("to the third power.", "to the third: math.prod([number, number, number])."),
}


@pytest.mark.parametrize("where", QUOTES)
def test_an_expression_of_a_solution_that_is_quoted_stops_the_release(
    course: Course, where: str
) -> None:
    course.lab(*QUOTES[where])
    with pytest.raises(
        CourseError,
        match=r"shows what the solution of lab/cube computes: 'math\.prod\(\[number, number",
    ):
        release("mini", course.root)
    assert course.built() == {}


def test_part_of_an_expression_may_be_named(course: Course) -> None:
    course.lab("# A lab about doubling.", "# `math.prod([number, number])` is a square.")
    release("mini", course.root)
