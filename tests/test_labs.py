"""Every lab, run top to bottom as an instructor would, from an unzipped kit, in fast mode: no
error, every visible check passes.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course.assignment import labs, load, slugs
from autograder.course.cell_kinds import kind_of
from autograder.release.release import release

ROOT = Path(__file__).resolve().parent.parent
SLUGS = slugs(ROOT)


def unzip_kit(slug: str, folder: Path) -> Path:
    with zipfile.ZipFile(release(slug, ROOT).kit) as kit:
        for name in kit.namelist():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(kit.read(name))
    return folder / slug


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_instructor_version_runs_in_fast_mode(
    slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DGM_FAST", "1")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(ROOT))
    monkeypatch.setenv("AUTOGRADER_SECRET", "labs")
    folder = unzip_kit(slug, tmp_path)
    for name in labs(slug, ROOT):  # in order: a later one may read what an earlier one has trained
        notebook = nbformat.read(ROOT / "source" / slug / f"{name}.ipynb", as_version=4)
        NotebookClient(
            notebook, timeout=300, resources={"metadata": {"path": str(folder)}}
        ).execute()

        questions = [
            question for question in load(slug, ROOT).in_notebook(name) if question.has_checks
        ]
        checks = {
            cell.metadata.nbgrader.grade_id: cell
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }
        for question in questions:
            outputs = checks[f"test_{question.name}"].outputs
            printed = "".join(output.text for output in outputs if output.output_type == "stream")
            assert re.search(rf"{question.name}: visible checks pass", printed), printed
            results = [
                output.data["text/plain"]
                for output in outputs
                if output.output_type == "execute_result"
            ]
            expected = 0.0 if question.bonus else question.points  # nbgrader has no extra credit
            assert results == [str(float(expected))]
        pictures = [
            o
            for cell in notebook.cells
            if cell.cell_type == "code"
            for o in cell.outputs
            if "image/png" in o.get("data", {})
        ]
        assert len(pictures) >= 5, f"{name} has {len(pictures)} pictures"
    assert list((folder / "artifacts").glob("*.safetensors"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slug", "name"), [(slug, name) for slug in SLUGS for name in labs(slug, ROOT)]
)
def test_run_all_of_a_blank_lab_goes_to_its_end_and_tells_that_nothing_is_answered(
    slug: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DGM_FAST", "1")
    folder = unzip_kit(slug, tmp_path)
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(folder)}}
    ).execute()  # a cell that raised would stop it
    checks = [cell for cell in notebook.cells if kind_of(cell) == "check"]
    graded = [one for one in load(slug, ROOT).in_notebook(name) if one.autograded]
    assert len(checks) == len(graded)
    for cell in checks:
        printed = "".join(o.text for o in cell.outputs if o.output_type == "stream")
        empty = "is missing" if "show_quality(" in cell.source else "not answered yet"
        assert empty in printed, cell.source
