"""`autograder similar` from end to end: zips and graded classes in, table, CSV and page out."""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
import zipfile
from pathlib import Path

import msgspec
import pytest
from made_zips import Zips
from typer.testing import CliRunner

from autograder.class_run.class_results import CLASS, read_class, write_class
from autograder.cli.app import app
from autograder.course.assignment import load
from autograder.errors import UsageError
from autograder.similarity.find import LOOK, find_similar, in_words, score_of
from autograder.similarity.graded import graded_works
from autograder.similarity.handed_in import handed_in_works
from autograder.similarity.pairs import Pair
from autograder.similarity.tables import Row, rows
from autograder.similarity.works import OWN
from benchmarks.names import name_of
from benchmarks.similar import draw_class
from benchmarks.similar import write_class as write_zips


def files(row: Row) -> frozenset[str]:
    return frozenset((row.first_file, row.second_file))


def test_planted_copies_stand_at_the_top(root: Path, zips: Zips) -> None:
    found = rows(find_similar("vae", root, paths=[zips.folder]))
    assert {files(row) for row in found[:6]} == zips.pairs()
    assert all(row.score is not None and row.score > 2 for row in found[:6])
    assert all(row.by_chance and row.by_chance > 0.05 for row in found[6:])


def test_a_graded_class_gives_the_same_pairs_with_the_failed_checks(
    root: Path, zips: Zips, graded: Path
) -> None:
    found = find_similar("vae", root, out=graded)
    told = rows(found)
    assert {files(row) for row in told[:6]} == zips.pairs()
    assert told[0].same_failures
    assert any("Dan_Broken" in note for note in found.notes)


def test_kept_notebooks_have_the_pieces_of_the_zips(root: Path, zips: Zips, graded: Path) -> None:
    assignment = load("vae", root)
    kept = graded_works(graded / "results" / "vae", assignment).works
    opened = handed_in_works([zips.folder], assignment, root).works
    assert {one.file: one.pieces for one in kept} == {one.file: one.pieces for one in opened}
    assert len(kept) == 24
    assert any(piece.question == OWN for one in kept for piece in one.pieces)


def test_a_damaged_notebook_of_a_graded_class_costs_only_itself(
    root: Path, graded: Path, tmp_path: Path
) -> None:
    shutil.copytree(graded, tmp_path / "out")
    kept = sorted((tmp_path / "out" / "results" / "vae").glob("*/lab.ipynb"))
    kept[0].write_text('{"cells": [{"cell_type": "code"}]}')
    kept[1].write_text("no notebook")
    kept[2].unlink()
    found = graded_works(tmp_path / "out" / "results" / "vae", load("vae", root))
    assert len(found.works) == 21
    assert sum("cannot be read (" in note for note in found.notes) == 3


def test_a_group_that_handed_in_one_copy_is_one_work(
    root: Path, graded: Path, tmp_path: Path
) -> None:
    shutil.copytree(graded, tmp_path / "out")
    folder = tmp_path / "out" / "results" / "vae"
    results = read_class(folder / CLASS)
    first = next(one for one in results.students if one.status == "graded")
    member = msgspec.structs.replace(first, id="bb22", name="Bo", handed_in_by=first.id)
    results.students.append(member)
    write_class(results, folder)
    works = graded_works(folder, load("vae", root)).works
    (mine,) = [one for one in works if "bb22" in one.people]
    assert len(works) == 24 and len(mine.people) == 2 and "Bo" in mine.label


def test_which_attempt_counts_and_what_is_broken(root: Path, zips: Zips, tmp_path: Path) -> None:
    """A second attempt takes the place of the first; broken files are told and stop nothing."""
    folder = tmp_path / "class"
    shutil.copytree(zips.folder, folder)
    student = name_of(zips.planted[0].source).file_part
    shutil.copy(folder / f"{student}_vae.zip", folder / f"{student}_vae-1.zip")
    (folder / "Eve_Broken_vae.zip").write_bytes(b"PK\x03\x04 nothing")
    with zipfile.ZipFile(folder / "Finn_Deep_vae.zip", "w") as archive:
        archive.writestr("lab.ipynb", '{"cells": ' + "[" * 100_000)
        archive.writestr("theory.ipynb", "\0" * 1000)
    found = find_similar("vae", root, paths=[folder])
    told = [files(row) for row in rows(found)]
    assert not any(len({name.split("_vae")[0] for name in pair}) == 1 for pair in told)
    assert any("Eve_Broken" in note for note in found.notes)
    assert any("Finn_Deep" in note for note in found.notes)
    assert len(found.compared.works) == 25  # Finn's was opened, and has no answers


def test_earlier_years(root: Path, zips: Zips, graded: Path, tmp_path: Path) -> None:
    """A class that was graded last year, and one of this year in which three copied from it."""
    now, earlier = tmp_path / "now", tmp_path / "2025"
    now.mkdir()
    shutil.copytree(graded, earlier)
    assignment = load("vae", root)
    fresh, _ = draw_class(assignment, root, 20, 99, [], verbatim=False)
    write_zips(fresh, assignment, root, now)
    alone = [one for one in range(24) if not any(one in (p.source, p.copier) for p in zips.planted)]
    for number in alone[:3]:
        shutil.copy(zips.folder / zips.file(number), now / f"New{number}_Student_vae.zip")
    found = rows(find_similar("vae", root, paths=[now], earlier=[earlier]))
    for row in found[:3]:
        number = int(row.first_file.removeprefix("New").partition("_")[0])
        assert row.second_file == zips.file(number) and row.earlier == "2025"
        assert row.score is not None and row.score > 1
    assert all(row.score is not None and row.score < found[2].score for row in found[3:])


def test_nothing_to_compare_is_a_sentence(root: Path, tmp_path: Path, zips: Zips) -> None:
    with pytest.raises(UsageError, match="autograder grade"):
        find_similar("vae", root, out=tmp_path)
    only = next(iter(sorted(zips.folder.iterdir())))
    with pytest.raises(UsageError, match="fewer than two"):
        find_similar("vae", root, paths=[only])
    with pytest.raises(UsageError, match="--earlier"):
        find_similar("vae", root, paths=[zips.folder], earlier=[tmp_path / "none"])


def test_scores_and_their_words() -> None:
    def pair(by_chance: float) -> Pair:
        return Pair(0, 1, 5.0, by_chance)

    assert score_of(pair(0.001)) == 3 and in_words(pair(0.001)) == "1 in 1,000 classes"
    assert score_of(pair(1.0)) == 0 and in_words(pair(1.0)) == "about 1"
    assert score_of(pair(12.3)) == -1.1 and in_words(pair(12.3)) == "about 12"
    assert score_of(pair(0.0)) == 9 and "million" in in_words(pair(0.0))
    assert score_of(pair(float("inf"))) is None and in_words(pair(float("inf"))) == "unknown"
    assert in_words(pair(1 / 1234)) == "1 in 1,200 classes"


def run(*words: object, status: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.output


def test_the_verb(
    root: Path, zips: Zips, graded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    page, table = tmp_path / "similar.html", tmp_path / "similar.csv"
    told = run(
        "similar", "vae", "--out", graded, "--html", page, "--csv", table, "--top", 4, "--min", 2
    )
    assert " ".join(LOOK.split()[:6]) in " ".join(told.split()) and "less than 1" in told
    assert LOOK in page.read_text()
    assert page.stat().st_mode & 0o077 == 0
    lines = list(csv.DictReader(io.StringIO(table.read_text())))
    assert len(lines) == 4 and lines[0]["note"] == LOOK and float(lines[0]["score"]) == 9
    as_json = CliRunner().invoke(app, ["similar", "vae", str(zips.folder), "--json", "--top", "3"])
    parsed = json.loads(as_json.stdout)
    assert [row["rank"] for row in parsed] == [1, 2, 3]
    assert {parsed[0]["first_file"], parsed[0]["second_file"]} in [set(one) for one in zips.pairs()]


def test_a_class_of_blank_answers_has_no_pairs(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Released code alone gives nothing."""
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    for number in range(12):
        with zipfile.ZipFile(tmp_path / f"Some{number}_One_vae.zip", "w") as archive:
            for file in sorted((root / "release" / "vae").glob("*.ipynb")):
                archive.write(file, file.name)
    assert "no pair of 12 submissions stands out" in run("similar", "vae", tmp_path)


def test_hostile_hand_ins_cost_bounded_time_and_reach_no_terminal(
    root: Path, zips: Zips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells of 10 MB and of nothing but brackets, hundreds of cells, names that move a cursor; and
    two of them are the same, so that they stand at the top."""
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    shutil.copytree(zips.folder, tmp_path / "class")
    cells = [
        f"# question: {name}\n{source}"
        for name, source in {
            "kl_divergence": "x = 1\n" * 1_700_000,
            "free_bits": "(" * 20_000,
            "iwae_bound": "def iwae_bound(x):\n    y = '\x1b[2J\u202e'\n    return y, y, x, x(y)",
        }.items()
    ]
    cells += [f"own_{i} = function_{i}(x, {i}) + other(x, {i}) * {i}" for i in range(450)]
    made = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{"cell_type": "code", "metadata": {}, "source": one} for one in cells],
    }
    for name in ("Eve\x1b[2J_One", "Bob\u202e_Two"):
        with zipfile.ZipFile(tmp_path / "class" / f"{name}_vae.zip", "w") as archive:
            archive.writestr("lab.ipynb", json.dumps(made))
    start = time.process_time()
    told = run("similar", "vae", tmp_path / "class", "--html", tmp_path / "page.html")
    assert time.process_time() - start < 60
    assert "Eve" in told and not {"\x1b", "\u202e"} & set(told)
    assert not {"\x1b", "\u202e"} & set((tmp_path / "page.html").read_text())
