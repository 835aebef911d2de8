"""The part of the catalogue that needs no student code to run: intake, alignment, and all that
shows or stores a stranger's names.
"""

from __future__ import annotations

import csv
import io
import os
import re
import string
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from dgm.handin.blankness import normal
from rich.console import Console

from autograder.align.align import AlignedNotebook, align
from autograder.align.untrusted_notebook import MAX_CONTAINERS
from autograder.class_run.class_results import ClassResults, settle_class
from autograder.class_run.run import grade_class
from autograder.course.assignment import Assignment, load
from autograder.course.released import release_notebook
from autograder.errors import RejectedSubmission
from autograder.grading.grade import Options
from autograder.grading.notebook_run import RUN_KINDS
from autograder.intake.archive import IntakeLimits
from autograder.intake.read import read_submission
from autograder.intake.safetensors_header import problem_of
from autograder.intake.submission import Submission
from autograder.intake.untrusted_text import SAFE_ID, clean, safe_id
from autograder.intake.who import identify
from autograder.publish.console import class_notes, class_table
from autograder.publish.csv_files import FORMULA_START, write_csv
from autograder.report import Report, Student, read_all, to_json
from tests.conftest import ROOT
from tests.hostile import archives, artifacts, contents, names, notebooks
from tests.hostile.attack import HONEST, SLUG, Attack, Material

MIB = 2**20
CPU_S = 20.0
"""Of this process, for one attack through intake and alignment, slowed several times by
tracemalloc.
"""
LIMITS = IntakeLimits()
MATERIAL = Material(ROOT)
NOTEBOOKS = set(load(SLUG, ROOT).notebooks)
ATTACKS = [*archives.ATTACKS, *notebooks.ATTACKS, *names.ATTACKS, *artifacts.ATTACKS]
GRADED = [attack for attack in ATTACKS if attack.outcome == "graded"]
REJECTED = [attack for attack in ATTACKS if attack.outcome == "rejected"]
TEXTS = {name: text for name, (_, text) in names.TEXTS.items()}


def each(attacks: list[Attack]) -> pytest.MarkDecorator:
    params = [pytest.param(attack, id=attack.name) for attack in attacks]
    return pytest.mark.parametrize("attack", params)


each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@cache
def course() -> Assignment:
    return load(SLUG, ROOT)


@contextmanager
def bounded(max_bytes: int) -> Iterator[None]:
    """Fails when the block takes more than CPU_S, or allocates more than `max_bytes` at any one
    time.
    """
    tracemalloc.start()
    started = time.process_time()
    try:
        yield
        seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seconds < CPU_S, f"{seconds:.1f} s"
    assert peak <= max_bytes, f"{peak / MIB:.1f} MiB, bound {max_bytes / MIB:.1f}"


def read(attack: Attack) -> Submission:
    return read_submission(attack.build(MATERIAL), attack.file_name, course())


def aligned_lab(submission: Submission) -> AlignedNotebook:
    return align(
        submission.notebooks.get("lab"), release_notebook(ROOT, SLUG, "lab"), course(), "lab"
    )


def printable(text: str) -> bool:
    """On any terminal: no control, no bidi override, no surrogate (joiners are needed by emoji and
    several scripts).
    """
    return text.replace("\u200c", "").replace("\u200d", "").isprintable()


# ---- the catalogue


def test_names_are_unique_and_every_attack_says_what_it_wants() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 40
    assert all(attack.gain for attack in ATTACKS)
    assert all(
        len(os.fsencode(attack.file_name)) <= 255 and not set("/\0") & set(attack.file_name)
        for attack in ATTACKS
    )


# ---- archives and all else that intake sees


@each(REJECTED)
def test_rejected(attack: Attack) -> None:
    """With one sentence, at once, and without unpacking what is no part of a submission.

    At any one time intake holds at most one file of it, in chunks and joined; an archive in an
    archive is such a file. What the table of contents costs is at most five times the archive.
    """
    data = attack.build(MATERIAL)
    with (
        bounded(5 * len(data) + 2 * LIMITS.notebook_bytes + MIB),
        pytest.raises(RejectedSubmission) as caught,
    ):
        read_submission(data, attack.file_name, course())
    sentence = caught.value.message
    assert printable(sentence) and sentence.endswith(".") and 15 < len(sentence) < 500, sentence
    assert str(ROOT) not in sentence


@each(GRADED)
def test_graded(attack: Attack) -> None:
    """Intake takes it, and in the aligned lab the honest answers are run and every cell of the
    course is the course's own.
    """
    data = attack.build(MATERIAL)
    with bounded(5 * len(data) + 3 * (LIMITS.notebook_bytes + LIMITS.artifacts_bytes)):
        submission = read_submission(data, attack.file_name, course())
    lab = submission.notebooks["lab"]
    # A list or an object takes up to 200 bytes; short strings, the densest of the rest, take 60 for
    # six of the file.
    with bounded(
        16 * len(lab) + min(MAX_CONTAINERS, lab.count(b"[") + lab.count(b"{")) * 200 + 32 * MIB
    ):
        aligned = aligned_lab(submission)

    assert SAFE_ID.match(submission.student.id) and printable(submission.student.name)
    assert all(map(printable, submission.notes + aligned.notes)), submission.notes
    assert sum(map(len, submission.notes)) < 20_000 and str(ROOT) not in "".join(
        submission.notes + aligned.notes
    )
    run = {
        normal(cell.source)
        for cell in aligned.cells
        if cell.kind in RUN_KINDS and cell.cell_type == "code"
    }
    wanted = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in MATERIAL.notebooks()["lab"].cells
        if "nbgrader" in cell.metadata
    }
    assert all(normal(wanted[name]) in run for name in HONEST if name not in attack.spoilt)
    for cell in aligned.cells:
        if cell.kind in ("course", "check", "train"):
            assert cell.release is not None and cell.source == cell.release.source
    released = [cell for cell in aligned.cells if cell.release is not None]
    assert [cell.release for cell in released] == release_notebook(ROOT, SLUG, "lab").cells


@each([attack for attack in archives.ATTACKS if "shadow" in attack.name])
def test_files_that_shadow_the_course_are_left_in_the_archive(attack: Attack) -> None:
    submission = read(attack)
    assert set(submission.notebooks) == NOTEBOOKS and not submission.artifacts
    assert any("Ignored what is not part of a submission" in note for note in submission.notes)


def test_of_an_archive_in_a_comment_the_same_one_is_read_that_unzip_lists() -> None:
    """The last end record counts, as for Info-ZIP and Python."""
    attack = next(attack for attack in archives.ATTACKS if attack.name == "zip_comment_is_a_zip")
    assert set(read(attack).notebooks) == NOTEBOOKS


# ---- notebooks


def _live(cell: Any) -> Iterator[str]:
    """What of a cell a browser would act on."""
    if cell.cell_type == "markdown":
        yield from re.findall(r"<(?:script|img|svg|!--)|javascript:", cell.source)
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        yield from set(data) - {"text/plain", "image/png", "image/jpeg"}
        yield from (
            text
            for mime, text in data.items()
            if mime != "text/plain" and re.search(r"[^A-Za-z0-9+/=\s]", text)
        )
    for files in cell.get("attachments", {}).values():
        yield from set(files) - {"image/png", "image/jpeg"}


@each([attack for attack in contents.ATTACKS if attack.outcome == "graded"])
def test_what_people_are_shown_is_not_alive(attack: Attack) -> None:
    """Of what the student wrote: the course's own text may use HTML."""
    trusted = {cell.source for cell in release_notebook(ROOT, SLUG, "lab").cells}
    made = nbformat.from_dict(aligned_lab(read(attack)).to_notebook())
    nbformat.validate(made)
    theirs = [cell for cell in made.cells if cell.source not in trusted or cell.get("outputs")]
    assert [found for cell in theirs for found in _live(cell)] == []
    assert sum(len(str(cell)) for cell in theirs) < 16 * MIB
    assert made.metadata == release_notebook(ROOT, SLUG, "lab").metadata


# ---- names


def report_for(text: str, **changes: Any) -> Report:
    """A report as grading makes it, on a submission whose manifest, file and message say `text`."""
    student = Student(
        id=identify(names.file_name(text), course()).id,
        name=clean(text, 120),
        collaborators=clean(text, 1000),
    )
    fields: dict[str, Any] = {
        "assignment": SLUG,
        "file": names.file_name(text).encode("utf-8", "replace").decode(),
        "sha256": "0",
    }
    return Report(
        **fields | {"status": "rejected", "student": student, "message": clean(text, 300)} | changes
    )


def class_of(*texts: str) -> tuple[ClassResults, dict[str, Report]]:
    """The class of such submissions, and its reports by folder."""
    reports = {f"{number}": report_for(text) for number, text in enumerate(texts)}
    return settle_class(reports, course()), reports


@each_text
def test_a_name_as_an_id(text: str) -> None:
    for made in (
        safe_id(text),
        identify(text, course()).id,
        identify(names.file_name(text), course()).id,
    ):
        assert (
            SAFE_ID.match(made)
            and made not in (".", "..")
            and set(made) <= set(string.ascii_letters + string.digits + "._-")
        )


@each_text
def test_a_name_in_a_csv(text: str, tmp_path: Path) -> None:
    """One row, and no cell that a spreadsheet takes for a formula."""
    (file,) = write_csv(*class_of(text), tmp_path)
    assert len(list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))) == 2
    assert not formulas(file, ",") and not formulas(file, "\t")
    assert list(tmp_path.iterdir()) == [file]


def test_no_formula_where_lines_are_split_at_semicolons(tmp_path: Path) -> None:
    """As spreadsheets do in most of Europe."""
    (file,) = write_csv(*class_of(*TEXTS.values()), tmp_path)
    assert not formulas(file, ";")


def formulas(file: Path, delimiter: str) -> list[str]:
    """Cells that a spreadsheet would evaluate, were it to split lines at `delimiter`."""
    rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")), delimiter=delimiter)
    return [
        cell
        for row in rows
        for cell in row
        if cell.strip()[:1] and cell.strip()[0] in FORMULA_START
    ]


@each_text
def test_a_name_in_a_report(text: str, tmp_path: Path) -> None:
    report = report_for(text)
    (tmp_path / "report.json").write_bytes(to_json(report))
    assert read_all([tmp_path]) == [report]


@each_text
def test_a_name_in_the_table(text: str) -> None:
    """Nothing but rich's own colours reaches the terminal, and markup is shown, not obeyed."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=500, color_system="standard")
    results, _ = class_of(text)
    console.print(class_table(results))
    rival = report_for("Mallory", status="graded", student=Student(id=results.students[0].id))
    told = settle_class({"1": report_for(text, status="graded"), "2": rival}, course())
    assert told.waiting or told.students
    for line in class_notes(told):
        console.print(line)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    assert all(map(printable, plain.split("\n")))
    assert "rejected" in plain
    if "[" in text and len(text) < 100 and text.isascii() and text.isprintable():
        start = text[: text.index("]") + 1] if "]" in text else text
        assert start in plain


def test_a_class_of_hostile_file_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file has its own report, all is below `out`, and one gradebook holds them. The files
    are empty: no student code is run.
    """
    files = _empty_files(
        tmp_path / "in",
        [names.file_name(text) for name, text in TEXTS.items() if name != "lone_surrogate"],
    )
    _grades_each_apart(files, tmp_path, monkeypatch)


def test_a_file_name_that_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux lets a name be any bytes: one of them must not stop the class."""
    _grades_each_apart(
        _empty_files(tmp_path / "in", ["Ada_vae.zip", os.fsdecode(b"\xff\xfe_vae.zip")]),
        tmp_path,
        monkeypatch,
    )


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            ["a/Ada_vae.zip", "b/Ada_vae.zip", "c/Ada_vae~2.zip"], id="the_number_of_a_resubmission"
        ),
        pytest.param(["...zip", "Ada_vae.zip"], id="the_parent_folder"),
        pytest.param(["csv.zip", "Ada_vae.zip"], id="the_folder_of_the_csv"),
    ],
)
def test_file_names_that_aim_at_other_results(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _grades_each_apart(_empty_files(tmp_path / "in", files), tmp_path, monkeypatch)


def _empty_files(folder: Path, file_names: list[str]) -> list[Path]:
    files = [folder / name for name in file_names]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")
    return files


def _grades_each_apart(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    out = tmp_path / "out"
    reports = grade_class(
        files, Options(root=ROOT, isolation="none", secret="s", jobs=1), out=out, assignment=SLUG
    )
    assert [report.status for report in reports] == ["rejected"] * len(files)
    written = sorted((out / "results" / SLUG).glob("*/report.json"))
    assert len(written) == len(list(out.rglob("report.json"))) == len(files)
    assert sorted(report.file for report in read_all(written)) == sorted(
        report.file for report in reports
    )
    assert not [file for file in written if file.parent.name == "csv"], (
        "a report lies among the tables"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "in", "out"]
    assert not list((tmp_path / "elsewhere").iterdir()) and (out / "gradebook.db").is_file()


# ---- identity


def test_anothers_id_takes_nothing_from_them() -> None:
    """Mallory hands in Mallory_vae.zip with Ada's id in the manifest: both wait."""
    told = {"name": "Ada Lovelace", "id": names.VICTIM}
    ada = archives.pack(
        archives.honest(MATERIAL, {"submission.json": archives.manifest(MATERIAL, **told)})
    )
    attack = next(attack for attack in names.ATTACKS if attack.name == "manifest_another_id")
    students = [
        read_submission(data, file, course()).student
        for data, file in (
            (ada, "Ada_Lovelace_vae.zip"),
            (attack.build(MATERIAL), "Mallory_vae.zip"),
        )
    ]
    reports = [
        Report(assignment=SLUG, file=file, sha256="", status="graded", student=student)
        for file, student in zip(("Ada_Lovelace_vae.zip", "Mallory_vae.zip"), students, strict=True)
    ]
    settled = settle_class({report.file: report for report in reports}, course())
    assert settled.students == [], "which of the two tells the truth is for people to say"
    assert sorted(one.file for one in settled.waiting) == sorted(one.file for one in reports)


# ---- artifacts


@pytest.mark.parametrize(
    "data",
    [pytest.param(data, id=name) for name, (_, data) in artifacts.REFUSED.items()],
)
def test_an_artifact_that_no_reader_is_given(data: bytes) -> None:
    problem = problem_of(data)
    assert problem and printable(problem)


@each([attack for attack in artifacts.ATTACKS if attack.outcome == "graded"])
def test_what_is_kept_of_artifacts_loads_without_pickle(attack: Attack) -> None:
    """The oracle is the library that checks would read them with."""
    load_file: Callable[[bytes], dict[str, Any]] = pytest.importorskip("safetensors.torch").load
    for name, data in read(attack).artifacts.items():
        assert re.fullmatch(r"artifacts/\w[\w.-]*\.safetensors", name, re.ASCII)
        tensors = load_file(data)
        assert sum(tensor.numel() * tensor.element_size() for tensor in tensors.values()) <= len(
            data
        )
