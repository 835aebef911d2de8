"""The course's nbgrader_config.py, as nbgrader 0.9.6 understands it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbformat import v4
from traitlets.config import Config, PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def config() -> Config:
    return PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()


def test_directories_and_gradebook_lie_at_the_top_level(config: Config) -> None:
    from nbgrader.coursedir import CourseDirectory

    course = CourseDirectory(config=config)
    assert course.course_id == "dgm"
    assert Path(course.root) == ROOT
    assert course.db_url == f"sqlite:///{ROOT}/gradebook.db"
    assert course.format_path(course.source_directory, ".", "vae") == f"{ROOT}/source/./vae"
    assert (
        course.format_path(course.submitted_directory, "ada", "vae") == f"{ROOT}/submitted/ada/vae"
    )


def test_nbgraders_execute_skips_what_trains_and_runs_the_rest(
    config: Config, tmp_path: Path
) -> None:
    from nbgrader.preprocessors import Execute

    notebook = v4.new_notebook()
    notebook.cells = [
        v4.new_code_cell("x = 1"),
        v4.new_code_cell(
            "x = 2",
            metadata={"tags": ["train"]},
            outputs=[v4.new_output("stream", text="the student's own")],
        ),
        v4.new_code_cell("x"),
    ]
    execute = Execute(config=config)
    assert execute.timeout == 60
    done, _ = execute.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert done.cells[2].outputs[0]["data"]["text/plain"] == "1"
    assert done.cells[1].outputs[0]["text"] == "the student's own"


@pytest.mark.parametrize("mark_scheme", [True, False])
def test_mark_schemes_may_stand_in_answer_cells(config: Config, mark_scheme: bool) -> None:
    from nbgrader.preprocessors import ClearMarkScheme

    scheme = "\n### BEGIN MARK SCHEME\n- 1 point\n### END MARK SCHEME" if mark_scheme else ""
    cell = v4.new_markdown_cell(
        "answer" + scheme, metadata={"nbgrader": {"grade": True, "solution": True}}
    )
    cleared, _ = ClearMarkScheme(config=config).preprocess_cell(cell, {}, 0)
    assert cleared.source == "answer"


@pytest.mark.parametrize(
    ("extracted", "student", "file"),
    [
        ("/course/downloaded/vae/extracted/Ada_Lovelace_vae/lab.ipynb", "Ada_Lovelace", "lab"),
        ("/course/downloaded/pix2pix/extracted/Li_pix2pix/theory.ipynb", "Li", "theory"),
    ],
)
def test_zip_collect_reads_the_archive_name(
    config: Config, extracted: str, student: str, file: str
) -> None:
    from nbgrader.plugins import FileNameCollectorPlugin

    assert FileNameCollectorPlugin(config=config).collect(extracted) == {
        "student_id": student,
        "file_id": file,
    }


def test_zip_collect_takes_no_other_file(config: Config) -> None:
    pattern = config.FileNameCollectorPlugin.named_regexp
    assert re.match(pattern, "/course/downloaded/vae/extracted/Ada_Lovelace_vae/notes.txt") is None
