"""Built folders: what an earlier build left goes, what anybody else put there stays until told."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from mini_course import Course

from autograder.atomic_write import TEMPORARY
from autograder.errors import UsageError
from autograder.release.release import release


def rename_theory(course: Course) -> None:
    (course.text / "theory.md").rename(course.text / "essay.md")
    course.toml('notebook = "theory"', 'notebook = "essay"')


def names(course: Course, folder: str) -> list[str]:
    return sorted(file.name for file in (course.root / folder / "mini").iterdir())


@pytest.mark.parametrize("place", ["source/mini/notes.md", "release/mini/img/figure.png"])
def test_foreign_files_stop_a_release_before_anything_is_written(
    course: Course, place: str
) -> None:
    release("mini", course.root)
    foreign = course.root / place
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("an afternoon's work")
    course.lab("A lab about doubling.", "A lab about doubling numbers.")
    built = course.built()
    with pytest.raises(UsageError) as stopped:
        release("mini", course.root)
    assert str(foreign) in stopped.value.message
    assert "--remove-foreign" in stopped.value.message
    assert "Move what you want to keep" in stopped.value.message
    assert course.built() == built
    release("mini", course.root, remove_foreign=True)
    assert not foreign.exists()
    assert release("mini", course.root, check=True).different == []


def test_notebooks_of_earlier_builds_go_unasked(course: Course) -> None:
    release("mini", course.root)
    rename_theory(course)
    release("mini", course.root)
    assert names(course, "source") == ["essay.ipynb", "lab.ipynb"]
    assert names(course, "release") == ["assignment.json", "essay.ipynb", "lab.ipynb"]


def test_checkpoints_and_half_written_files_are_nobodys_work(course: Course) -> None:
    release("mini", course.root)
    checkpoint = course.root / "source/mini/.ipynb_checkpoints/lab-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_text("{}")
    half = course.root / f"source/mini/.lab.ipynb.x1y2{TEMPORARY}"
    half.write_text("{")
    release("mini", course.root)
    assert checkpoint.exists()
    assert not half.exists()


def edited(cell: nbformat.NotebookNode) -> None:
    cell.source += "\nThe instructor's own remark."


def executed(cell: nbformat.NotebookNode) -> None:
    cell.outputs = [nbformat.v4.new_output("stream", text="42")]


@pytest.mark.parametrize(
    ("folder", "change", "cell_type"),
    [("source", edited, "markdown"), ("release", edited, "code"), ("release", executed, "code")],
)
def test_an_earlier_notebook_that_somebody_changed_is_foreign(
    course: Course, folder: str, change: object, cell_type: str
) -> None:
    release("mini", course.root)
    rename_theory(course)
    file = course.root / folder / "mini" / "theory.ipynb"
    notebook = course.notebook(folder, "theory")
    if cell_type == "code":
        notebook.cells.append(nbformat.v4.new_code_cell("1", metadata=notebook.cells[0].metadata))
    assert callable(change)
    change(next(cell for cell in notebook.cells if cell.cell_type == cell_type))
    nbformat.write(notebook, file)
    with pytest.raises(UsageError, match=r"theory\.ipynb"):
        release("mini", course.root)
    assert file.exists()


@pytest.mark.parametrize("text", ["{}", "no JSON", "[]", '{"cells": [{}, {}]}'])
def test_what_merely_has_the_name_of_an_earlier_notebook_is_foreign(
    course: Course, text: str
) -> None:
    release("mini", course.root)
    rename_theory(course)
    (course.root / "source/mini/theory.ipynb").write_text(text)
    with pytest.raises(UsageError, match=r"source/mini/theory\.ipynb"):
        release("mini", course.root)


def test_a_link_is_removed_and_not_what_it_points_to(course: Course, tmp_path: Path) -> None:
    release("mini", course.root)
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("kept")
    (course.root / "source/mini/link.txt").symlink_to(elsewhere)
    with pytest.raises(UsageError, match=r"link\.txt"):
        release("mini", course.root)
    release("mini", course.root, remove_foreign=True)
    assert elsewhere.read_text() == "kept"
    assert names(course, "source") == ["lab.ipynb", "theory.ipynb"]
