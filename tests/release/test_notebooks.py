"""What the build puts into source notebooks, and what nbgrader leaves of it for students."""

from __future__ import annotations

import json
import zipfile

import pytest
from mini_course import CHOOSE, Course, with_choice
from nbgrader.nbgraderformat import MetadataValidator

from autograder.course.cell_kinds import kind_of
from autograder.release.release import release

HIDDEN = (
    '### BEGIN HIDDEN TESTS\n__import__("autograder.kernel").kernel.score("mini", '
    '"{}", globals())\n### END HIDDEN TESTS'
)


def flags(cell) -> tuple[bool, bool, bool]:
    meta = cell.metadata.nbgrader
    return meta.grade, meta.solution, meta.locked


def test_cells_have_nbgraders_metadata(released: Course) -> None:
    lab, theory = released.cells("source", "lab"), released.cells("source", "theory")
    assert list(lab) == [
        *(
            "lab_001",
            "lab_002",
            "double",
            "test_double",
            "cube",
            "test_cube",
            "grow",
            "lab_003",
            "lab_004",
            "growth_study",
        ),
    ]
    assert list(theory) == ["theory_001", "theory_002", "why_even"]
    for name, cell in {**lab, **theory}.items():
        assert cell.metadata.nbgrader.grade_id == name
        assert cell.metadata.nbgrader.schema_version == 3
    locked, answer, check, manual = (
        (False, False, True),
        (False, True, False),
        (True, False, True),
        (True, True, False),
    )
    assert flags(lab["lab_001"]) == flags(lab["lab_003"]) == flags(theory["theory_002"]) == locked
    assert flags(lab["double"]) == flags(lab["grow"]) == answer
    assert flags(lab["test_double"]) == check
    assert flags(lab["growth_study"]) == flags(theory["why_even"]) == manual


def test_points_are_where_they_are_earned_and_a_bonus_adds_nothing_to_the_maximum(
    released: Course,
) -> None:
    cells = {**released.cells("source", "lab"), **released.cells("source", "theory")}
    points = {
        name: cell.metadata.nbgrader.points
        for name, cell in cells.items()
        if "points" in cell.metadata.nbgrader
    }
    assert points == {"test_double": 3, "test_cube": 0, "growth_study": 4, "why_even": 2}


def test_tags(released: Course) -> None:
    for folder in ("source", "release"):
        tags = {
            name: cell.metadata.tags
            for name, cell in released.cells(folder, "lab").items()
            if "tags" in cell.metadata
        }
        assert tags == {"cube": ["hide-input"], "lab_003": ["train"]}


def test_source_has_markers_answers_and_the_hidden_line(released: Course) -> None:
    lab = released.cells("source", "lab")
    assert lab["double"].source.startswith("# question: double\ndef double(number):")
    assert "total_of_both_copies = number + number" in lab["double"].source
    assert lab["test_double"].source.endswith(HIDDEN.format("double"))
    assert lab["growth_study"].source.startswith(
        "<!-- question: growth_study -->\n### BEGIN SOLUTION\n"
    )


def test_release_has_markers_and_stubs_in_place_of_answers(released: Course) -> None:
    lab, theory = released.cells("release", "lab"), released.cells("release", "theory")
    assert lab["double"].source == (
        '# question: double\ndef double(number):\n    """Twice `number`."""\n    # YOUR '
        "CODE HERE\n    raise NotImplementedError()"
    )
    assert lab["grow"].source == "# question: grow\n# YOUR CODE HERE\nraise NotImplementedError()"
    assert theory["why_even"].source.split() == [
        "<!--",
        "question:",
        "why_even",
        "-->",
        "YOUR",
        "ANSWER",
        "HERE",
    ]
    assert lab["test_double"].source == (
        '@visible_checks("double")\ndef _():\n    assert double(0) == 0, "twice nothing is nothing"'
    )


def test_release_cells_cannot_be_deleted_and_only_answers_edited(released: Course) -> None:
    for name in ("lab", "theory"):
        for cell in released.cells("release", name).values():
            assert cell.metadata.deletable is False
            assert cell.metadata.get("editable", True) is cell.metadata.nbgrader.solution


def test_nbgrader_accepts_what_was_built(released: Course) -> None:
    for folder in ("source", "release"):
        for name in ("lab", "theory"):
            MetadataValidator().validate_nb(released.notebook(folder, name))
    assert all(
        "checksum" in cell.metadata.nbgrader for cell in released.cells("release", "lab").values()
    )


def test_notebooks_say_nothing_about_the_machine(released: Course) -> None:
    for folder in ("source", "release"):
        metadata = released.notebook(folder, "lab").metadata
        assert metadata.kernelspec == {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        }
        assert "version" not in metadata.language_info
        assert all(
            cell.get("execution_count") is None and not cell.get("outputs")
            for cell in released.notebook(folder, "lab").cells
        )


def test_assignment_json_describes_the_release(released: Course) -> None:
    public = json.loads((released.root / "release/mini/assignment.json").read_text())
    assert {
        key: public[key] for key in ("schema", "slug", "title", "due", "archive_name", "artifacts")
    } == {
        "schema": 2,
        "slug": "mini",
        "title": "A small assignment",
        "due": "2030-01-31T22:00:00+00:00",
        "archive_name": "{name}_{slug}.zip",
        "artifacts": ["artifacts/*.safetensors"],
    }
    assert public["declaration"].endswith(".")
    assert list(public["notebooks"]) == ["lab", "theory"]
    for name, described in public["notebooks"].items():
        cells = released.notebook("release", name).cells
        assert [cell["id"] for cell in described["cells"]] == [
            cell.metadata.nbgrader.grade_id for cell in cells
        ]
        handed_out = {cell.id: cell.source for cell in cells if cell.metadata.nbgrader.solution}
        assert handed_out == {
            cell["id"]: cell["source"] for cell in described["cells"] if "source" in cell
        }
    by_id = {
        cell["id"]: cell
        for described in public["notebooks"].values()
        for cell in described["cells"]
    }
    kinds = {name: cell["kind"] for name, cell in by_id.items()}
    assert (kinds["lab_003"], kinds["grow"], kinds["test_cube"], kinds["growth_study"]) == (
        "course",
        "answer",
        "check",
        "analysis",
    )
    assert by_id["why_even"]["title"] == "Why twice a number is even"
    assert (by_id["why_even"]["words"], by_id["why_even"]["sentences"]) == (40, 4)
    assert by_id["test_double"]["title"] == "Twice a number"
    assert by_id["lab_004"]["title"] == "How fast does it grow?"


@pytest.mark.parametrize("name", ["lab", "theory"])
def test_files_end_with_one_newline_and_have_sorted_keys(released: Course, name: str) -> None:
    for folder in ("source", "release"):
        text = (released.root / folder / "mini" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert (
            text
            == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        )


def test_a_choice_is_a_locked_cell_that_states_the_rule(course: Course) -> None:
    with_choice(course, CHOOSE)
    done = release("mini", course.root)
    cell = course.cells("release", "lab")["choose-one"]
    assert cell.source.splitlines()[0] == ("# One: the best of 2 questions counts, 3 points each.")
    assert all(line.startswith("# ") for line in cell.source.splitlines())
    assert cell.metadata.nbgrader.locked and not cell.metadata.nbgrader.solution
    assert (cell.metadata.nbgrader.grade, cell.metadata.nbgrader.points) == (True, 0)
    assert kind_of(cell) == "course"
    assert done.max_points == 3 + 4 + 2
    described = json.loads((course.root / "release/mini/assignment.json").read_text())
    assert described["choose"] == [{"title": "One", "questions": ["double", "cube"], "count": 1}]
    with zipfile.ZipFile(done.kit) as kit:
        readme = kit.read("mini/README.md").decode()
    assert "| The third power | `lab.ipynb` | 3 (One) |" in readme
    assert "One: the best of 2 questions counts. A question more than that costs" in readme
    assert "Worth 9 points." in readme


def test_a_choice_of_written_answers_is_a_code_cell_of_the_text(course: Course) -> None:
    course.toml(
        "[questions.why_even]",
        '[choose.essays]\ntitle = "One essay"\nquestions = ["why_even", "why_odd"]\ncount = 1\n\n'
        '[questions.why_odd]\ntitle = "Odd"\nnotebook = "theory"\nkind = "theory"\npoints = 2\n'
        'covers = ["parity"]\n\n[questions.why_even]',
    )
    file = course.text / "theory.md"
    text = file.read_text()
    cell = text[text.index('+++ {"analysis"') :]
    second = cell.replace("why_even", "why_odd")
    file.write_text(f"{text}\n{second}\n```{{code-cell}}\n:choose: essays\n```\n")
    release("mini", course.root)
    assert "choose-essays" in course.cells("release", "theory")
