"""The process that typesets: its limits, and a PDF whatever a notebook does to it."""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_cells import notebook

from autograder.course.assignment import load
from autograder.errors import AutograderError, UsageError
from autograder.publish.pdf import supervise
from autograder.publish.pdf.inputs import tasks_for
from autograder.publish.pdf.supervise import Pdf, Task, Typesetter, make_pdfs, relabelled

Pages = Callable[[bytes], list[str]]


def own(source: str, name: str = "mine") -> Task:
    data = notebook({"cell_type": "markdown", "metadata": {}, "source": source})
    return Task("own", name, lambda: {"notebooks": {name: data}, "title": name, "kit": {}}, name)


def submission(root: Path, folder: Path, answer: str, damaged: str = "") -> Path:
    """A zip of the VAE assignment with one written answer, as collect_submission.sh names it."""
    file = folder / "Ada_Lovelace_vae.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in load("vae", root).notebooks:
            released = json.loads((root / "release" / "vae" / f"{name}.ipynb").read_text())
            for cell in released["cells"]:
                if cell["metadata"].get("nbgrader", {}).get("grade_id") == "kl_meaning":
                    cell["source"] = answer
            text = json.dumps(released)
            archive.writestr(f"{name}.ipynb", text[:500] if name == damaged else text)
    return file


def test_a_notebook_that_takes_too_long_is_shown_as_it_was_typed(pages: Pages) -> None:
    with Typesetter(full_s=0.01) as typesetter:
        made = typesetter.make(own("**bold**"))
    assert made.page_map.typeset == "plain" and "took more than 0.01 s" in made.message
    assert "**bold**" not in pages(made.data)[0] and "more than 0.01 s" in pages(made.data)[0]


def test_whatever_fails_there_is_a_page_that_says_what_and_where(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "CAREFUL_S", 0.01)
    with Typesetter(full_s=0.01) as typesetter:
        made = typesetter.make(own("text", "lab"))
    assert made.page_map.typeset == "failed" and made.page_map.pages == 1
    assert "could not be typeset in full" in pages(made.data)[0]


def test_a_process_that_ends_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with Typesetter() as typesetter:
        first = typesetter.make(own("one"))
        assert typesetter._process is not None
        os.killpg(typesetter._process.pid, 9)
        second = typesetter.make(own("two"))
        third = typesetter.make(own("three"))
    assert first.message == third.message == "" and "ended" in second.message
    assert second.page_map.typeset == "plain"


def test_no_process_and_no_file_is_left() -> None:
    with Typesetter() as typesetter:
        typesetter.make(own("text"))
        process, scratch = typesetter._process, Path(typesetter._scratch)
        assert process is not None and scratch.is_dir()
    assert process.poll() is not None and not scratch.exists()


def test_what_was_ended_starts_no_other_process() -> None:
    typesetter = Typesetter()
    typesetter.end()
    with pytest.raises(AutograderError, match="it was stopped"):
        typesetter.make(own("text"))
    assert typesetter._process is None


def test_files_are_in_memory_where_there_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "MEMORY_FREE_BYTES", 0)
    if os.access("/dev/shm", os.W_OK):
        with Typesetter() as typesetter:
            assert typesetter.make(own("text")).message == ""
            assert Path(typesetter._scratch).parent == Path("/dev/shm")
    monkeypatch.setattr(supervise, "MEMORY_FREE_BYTES", 2**60)
    with Typesetter() as typesetter:
        assert typesetter.make(own("text")).message == ""
        assert Path(typesetter._scratch).parent == Path(tempfile.gettempdir())


def test_the_process_can_read_and_write_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    from autograder.worker.confine import landlock_abi

    if not landlock_abi():
        pytest.skip("this kernel has no Landlock")
    import subprocess
    import sys

    secret = tmp_path / "secret"
    secret.write_text("s")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    program = f"""
from autograder.publish.pdf import worker
worker.confine({str(scratch)!r}, "")
open({str(scratch / "mine")!r}, "w").close()
for mode, name in (("r", {str(secret)!r}), ("w", {str(tmp_path / "new")!r})):
    try:
        open(name, mode)
    except PermissionError:
        print("refused")
"""
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=path)
    assert done.stdout.split() == ["refused", "refused"], done.stderr


def test_a_submission_in_the_courses_order_with_the_page_of_each_question(
    root: Path, tmp_path: Path, pages: Pages
) -> None:
    file = submission(root, tmp_path, "The answer is $\\frac{a}{b}$ and forty-two.")
    (task,) = tasks_for([file], root, None)
    (made,) = make_pdfs([task], root, manual=True)
    assert isinstance(made, Pdf) and made.message == ""
    manual = [q.name for q in load("vae", root).questions.values() if not q.autograded]
    told = {one.name: one for one in made.page_map.questions}
    assert sorted(told) == sorted(manual)
    seen = pages(made.data)
    assert "forty-two" in seen[told["kl_meaning"].first - 1]
    assert told["ae_reconstruction"].first == 2 and told["ae_reconstruction"].blank
    assert not told["kl_meaning"].blank and "Ada" in seen[0]
    assert all(one.kind != "theory" for one in made.page_map.questions[-1:])


def test_a_damaged_notebook_costs_itself(root: Path, tmp_path: Path, pages: Pages) -> None:
    file = submission(root, tmp_path, "Here it is.", damaged="lab")
    (made,) = make_pdfs(tasks_for([file], root, None), root, manual=True)
    assert isinstance(made, Pdf) and made.page_map.typeset == "full"
    seen = pages(made.data)
    assert "lab.ipynb is not a notebook, or is damaged" in seen[0]
    assert any("Here it is." in page for page in seen)


def test_what_is_not_a_submission_gives_a_page_with_the_reason(
    root: Path, tmp_path: Path, pages: Pages
) -> None:
    file = tmp_path / "Ada_vae.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("essay.txt", "x")
    (made,) = make_pdfs(tasks_for([file], root, None), root)
    assert isinstance(made, Pdf) and made.page_map.typeset == "failed"
    assert "has no notebook of this assignment" in pages(made.data)[0]


def test_a_graded_class(root: Path, tmp_path: Path, pages: Pages) -> None:
    """Of each student the submission that counts, with the settled name."""
    from autograder.align.align import align
    from autograder.align.notebook_json import to_text
    from autograder.class_run.class_results import settle_class, write_class
    from autograder.class_run.results_folder import save
    from autograder.course.released import release_notebook
    from autograder.grading.grade import Graded
    from autograder.report import QuestionResult, Report, Student

    assignment = load("vae", root)
    release = release_notebook(root, "vae", "theory")
    text = json.loads((root / "release" / "vae" / "theory.ipynb").read_text())
    for cell in text["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "kl_meaning":
            cell["source"] = "Mine: $x^2$."
    aligned = align(json.dumps(text).encode(), release, assignment, "theory")
    kept = to_text(aligned.to_notebook())
    import hashlib

    questions = [
        QuestionResult(
            name=one.name,
            title=one.title,
            notebook=one.notebook,
            kind=one.kind,
            points=one.points,
            blank=one.name != "kl_meaning",
        )
        for one in assignment.questions.values()
    ]
    reports = {
        name: Report(
            assignment="vae",
            file=f"{name}.zip",
            sha256=name,
            notebooks={"theory": hashlib.sha256(kept.encode()).hexdigest()},
            status="graded",
            student=Student(id=name, name=f"Name of {name}", claimed_id=name),
            questions=questions,
        )
        for name in ("s01", "s02")
    }
    folder = tmp_path / "results" / "vae"
    for name, report in reports.items():
        save(folder / name, Graded(report, {"theory": kept}))
    write_class(settle_class(reports, assignment), folder)
    made = list(make_pdfs(tasks_for([folder], root, None), root, jobs=2, manual=True))
    assert all(isinstance(one, Pdf) for one in made)
    by_label = {one.task.label: one for one in made if isinstance(one, Pdf)}
    assert sorted(by_label) == ["s01", "s02"]
    seen = pages(by_label["s01"].data)
    assert "Name of s01" in seen[0] and "lab.ipynb is not in the results folder" in seen[0]
    (told,) = [one for one in by_label["s01"].page_map.questions if one.name == "kl_meaning"]
    assert "Mine:" in seen[told.first - 1] and not told.blank


def test_labels_are_told_apart() -> None:
    tasks = [own("", "Ada"), own("", "ada"), own("", "Ada")]
    assert [one.label for one in relabelled(tasks)] == ["Ada", "ada~2", "Ada~3"]


def test_what_has_nothing_to_typeset(tmp_path: Path, root: Path) -> None:
    with pytest.raises(UsageError, match="nothing to typeset"):
        tasks_for([tmp_path], root, None)
    with pytest.raises(UsageError, match="there is no file or folder"):
        tasks_for([tmp_path / "x"], root, None)
    (tmp_path / "a_vae.zip").touch()
    with pytest.raises(UsageError, match="needs its course"):
        tasks_for([tmp_path / "a_vae.zip"], None, None)
    (tmp_path / "big.ipynb").touch()
    os.truncate(tmp_path / "big.ipynb", 30 * 2**20)
    (task,) = tasks_for([tmp_path / "big.ipynb"], None, None)
    with pytest.raises(AutograderError, match="larger than 20 MB"):
        task.values()


def test_the_command_writes_pdf_and_page_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from typer.testing import CliRunner

    from autograder.cli.app import app

    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)  # no course here
    cell = {"cell_type": "markdown", "metadata": {}, "source": "# Mine\n\ntext"}
    (tmp_path / "mine.ipynb").write_bytes(notebook(cell))
    result = CliRunner().invoke(app, ["pdf", "mine.ipynb", "--out", "out"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "mine.pdf").read_bytes().startswith(b"%PDF")
    told = json.loads((tmp_path / "out" / "mine.pages.json").read_text())
    assert told["pages"] == 2 and told["typeset"] == "full" and told["schema"] == 1


def test_nbconvert_exports_the_same(pages: Pages) -> None:
    import nbformat
    from nbconvert import get_exporter

    exporter = get_exporter("autograder.publish.pdf.exporter.CoursePDFExporter")
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Hello $x$")])
    data, resources = exporter().from_notebook_node(nb, {"metadata": {"name": "hello"}})
    assert resources["output_extension"] == ".pdf" and "Hello" in pages(data)[1]
    assert io.BytesIO(data).read(5) == b"%PDF-"


def test_a_class_is_made_in_parallel_and_the_deadline_is_kept() -> None:
    began = time.monotonic()
    made = list(make_pdfs([own("text", f"n{n}") for n in range(4)], jobs=2))
    assert {one.task.label for one in made if isinstance(one, Pdf)} == {"n0", "n1", "n2", "n3"}
    assert time.monotonic() - began < 120
