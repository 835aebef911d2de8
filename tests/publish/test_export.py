"""The files for learning platforms, read back by each platform's own rules (docs/export.md)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from graded_class import GradedClass
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.class_run.results_folder import keep_roster
from autograder.cli import exits
from autograder.cli.app import app
from autograder.errors import UsageError
from autograder.publish.csv_files import csv_value
from autograder.publish.export.platforms import PLATFORMS, Line, default_column
from autograder.publish.export.write import Exported, export

ROSTER = """id,name,email,canvas_id,blackboard_id,org_defined_id
al1815,Ada Full,ada@uni.example,101,adaf,D101
bt1912,=Ben Positive,ben@uni.example,102,,
cb01,Cleo Blank,cleo@uni.example,103,cleob,D103
er02,Eva Raises,eva@uni.example,104,evar,D104
ff03,Finn Forgot,finn@uni.example,105,finnf,D105
"""


@pytest.fixture
def marked(graded: GradedClass, tmp_path: Path) -> GradedClass:
    """Everything marked, and settled with a roster."""
    roster = tmp_path / "class.csv"
    roster.write_text(ROSTER)
    graded.mark_all()
    graded.grade(roster=roster)
    return graded


def written(graded: GradedClass, to: str, **options: object) -> tuple[Exported, list[list[str]]]:
    done = export("mini", to, graded.root, graded.out, **options)  # type: ignore[arg-type]
    with done.file.open(encoding="utf-8", newline="") as stream:
        return done, list(csv.reader(stream, strict=True))


def in_gradebook(graded: GradedClass) -> dict[str, float]:
    """nbgrader's own sums."""
    with Gradebook(f"sqlite:///{graded.out / 'gradebook.db'}") as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions("mini")}


# Each platform's rules, as its importer has them


def canvas_reads(rows: Sequence[Sequence[str]]) -> tuple[dict[tuple[str, str], str], str]:
    """lib/gradebook_importer.rb: by column and id, the grade; the points of a new assignment."""
    header, *rest = rows
    assert len(header) > 3 and "Student" in header[0] and "ID" in header[1]
    assert header[2:4] == ["SIS User ID", "SIS Login ID"] and "Section" in header[4]
    (title,) = header[5:]
    assert not re.search("(Current|Final) (Score|Points|Grade)|Override ", title)
    grades, possible = {}, ""
    for row in rest:
        assert len(row) == len(header)
        if "Points Possible" in row[0]:
            possible = row[5]
            continue
        known = [(header[place], row[place]) for place in (1, 2, 3) if row[place]]
        assert len(known) == 1 and not row[0], "a name would be a guess"
        if known[0][0] == "ID":
            assert int(known[0][1]) > 0  # .to_i of anything else is 0
        grades[known[0]] = row[5]
    return grades, possible


def moodle_reads(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """grade/import/csv: one unknown user, or one grade that is no number, refuses the whole file;
    an empty grade removes the one that is there.
    """
    header, *rest = rows
    assert header[0] in ("Email address", "ID number") and len(header) == 2
    for who, grade in rest:
        assert who.strip() and grade not in ("", "-")
        assert 0 <= float(grade) <= 100
    return dict(rest)


def blackboard_reads(text: str) -> dict[str, str]:
    """Every cell in quotation marks; the user name is the key."""
    assert all(re.fullmatch(r'"[^"]*"(,"[^"]*")*', line) for line in text.splitlines())
    header, *rest = csv.reader(io.StringIO(text))
    assert header[0] == "Username" and len(header) == 2
    return dict(rest)


def brightspace_reads(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Ids with a leading #, titles that end in `Points Grade`, # at the end of each line."""
    header, *rest = rows
    assert header[0] in ("OrgDefinedId", "Username")
    assert header[1].endswith(" Points Grade") and header[2] == "End-of-Line Indicator"
    assert all(row[0].startswith("#") and row[2] == "#" for row in rest)
    return {row[0][1:]: row[1] for row in rest}


def test_canvas(marked: GradedClass) -> None:
    done, rows = written(marked, "canvas", late_penalty=False)
    grades, possible = canvas_reads(rows)
    points = in_gradebook(marked)
    ids = {"101": "al1815", "102": "bt1912", "103": "cb01", "104": "er02"}
    assert grades == {("ID", number): csv_value(points[who]) for number, who in ids.items()}
    assert possible == "9" and rows[0][5] == "A small assignment"
    assert done.n_students == 4
    _, rows = written(marked, "canvas", column="Mini (77)", match="id")
    assert canvas_reads(rows)[1] == "", "an assignment that exists keeps its points"
    assert {column for column, _ in canvas_reads(rows)[0]} == {"SIS User ID"}


def test_moodle_blackboard_brightspace(marked: GradedClass) -> None:
    points = {name: csv_value(score) for name, score in in_gradebook(marked).items()}
    _, rows = written(marked, "moodle", late_penalty=False)
    mails = {"al1815": "ada", "bt1912": "ben", "cb01": "cleo", "er02": "eva"}
    assert moodle_reads(rows) == {f"{mails[who]}@uni.example": points[who] for who in mails}
    _, rows = written(marked, "moodle", match="id", late_penalty=False)
    assert moodle_reads(rows) == {who: points[who] for who in mails}

    done, _ = written(marked, "blackboard", late_penalty=False)
    read = blackboard_reads(done.file.read_text(encoding="utf-8"))
    assert read == {"adaf": points["al1815"], "cleob": points["cb01"], "evar": points["er02"]}
    assert any(line.startswith("bt1912: blackboard cannot be told") for line in done.left_out)

    done, rows = written(marked, "brightspace", late_penalty=False)
    read = brightspace_reads(rows)
    assert read == {"D101": points["al1815"], "D103": points["cb01"], "D104": points["er02"]}


def test_points_agree_with_the_gradebook_to_the_last_digit(marked: GradedClass) -> None:
    for student in ("al1815", "bt1912", "er02"):
        marked.mark(student, "double", 1 / 3)
    marked.mark("er02", "growth_study", 0.1 + 0.2, extra_credit=2 / 3)
    _, rows = written(marked, "moodle", match="id", late_penalty=False)
    read = moodle_reads(rows)
    for student, score in in_gradebook(marked).items():
        assert read[student] == csv_value(score)
        assert abs(float(read[student]) - score) < 1e-6
    _, rows = written(marked, "moodle", match="id")
    late = moodle_reads(rows)
    assert late["al1815"] == csv_value(in_gradebook(marked)["al1815"] * 0.8)
    assert {**late, "al1815": ""} == {**read, "al1815": ""}


def test_who_cannot_be_matched_for_certain_is_listed_and_not_in_the_file(
    graded: GradedClass, tmp_path: Path
) -> None:
    graded.mark_all()
    done, rows = written(graded, "canvas")  # no roster: ids are what students claim
    assert canvas_reads(rows)[0] == {} and done.n_students == 0
    assert len(done.left_out) == 5
    assert all("grade with a roster that has canvas_id" in line for line in done.left_out[:1])

    roster = tmp_path / "class.csv"
    roster.write_text(ROSTER.replace(",104,", ",103,").replace("101,adaf", "=101,adaf"))
    graded.grade(roster=roster)
    done, rows = written(graded, "canvas")
    assert canvas_reads(rows)[0].keys() == {("ID", "102")}
    told = "\n".join(done.left_out)
    assert "cb01: canvas_id 103 is that of several students" in told
    assert "er02: canvas_id 103 is that of several students" in told
    assert "al1815: canvas_id =101 would be read as a formula" in told


def test_no_points_before_everything_is_marked(marked: GradedClass) -> None:
    marked.mark("al1815", "why_even", needs_manual_grade=True)
    done, rows = written(marked, "canvas")
    assert ("ID", "101") not in canvas_reads(rows)[0]
    assert any("al1815: 1 questions wait for a mark: why_even" in line for line in done.left_out)
    _, rows = written(marked, "canvas", partial=True)
    assert ("ID", "101") in canvas_reads(rows)[0]


def test_a_file_that_could_not_be_graded_is_never_a_0(marked: GradedClass) -> None:
    for to in ("canvas", "moodle", "brightspace", "csv"):
        done, rows = written(marked, to)
        text = done.file.read_text(encoding="utf-8")
        assert "Dan" not in text
        assert any("Dan_Broken" in line for line in done.left_out), to
        assert "1 students of the roster handed nothing in" in done.notes[0]
        assert not any(
            "ff03" in cell or "finn" in cell or cell == "105" for row in rows for cell in row
        )


def test_the_plain_table_has_every_question_and_no_formula(marked: GradedClass) -> None:
    _, (header, *rows) = written(marked, "csv")
    table = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    ada, ben = table["al1815"], table["bt1912"]
    assert ben["name"].startswith("'=Ben")
    assert (ada["late_penalty"], ada["double"], ada["cube"]) == ("0.2", "3", "1.5")
    assert float(ada["points"]) == pytest.approx(0.8 * float(ada["earned"]))
    assert ada["earned"] == csv_value(in_gradebook(marked)["al1815"])
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row)


def test_titles_that_a_platform_would_misread_are_refused(marked: GradedClass) -> None:
    with pytest.raises(UsageError, match=r"number of an assignment.*--column"):
        default_column("canvas", "Small things (2026)")
    with pytest.raises(UsageError, match=r"Final Score.*--column"):
        PLATFORMS["canvas"].text([Line("1", 2)], "canvas_id", "Final Score", 9)
    with pytest.raises(UsageError, match=r"--match shoe_size.*canvas_id.*email"):
        written(marked, "canvas", match="shoe_size")
    assert not (marked.out / "export").exists()


def test_a_roster_is_kept_for_it(marked: GradedClass) -> None:
    roster = keep_roster(marked.out, "mini", None)
    assert roster is not None and len(roster.people) == 5


def test_the_command_lists_who_is_left_out_and_says_so_in_its_status(
    marked: GradedClass, tmp_path: Path
) -> None:
    line = ["export", "mini", "--to", "moodle", "--out", str(marked.out)]
    done = CliRunner().invoke(app, line)
    assert done.exit_code == exits.UNGRADED, done.output
    assert "mini-moodle.csv: 4 students" in done.stdout
    assert "left out: Dan_Broken_mini.zip: waits for manual review" in done.stderr
    done = CliRunner().invoke(app, ["export", "--to", "csv", "--out", str(tmp_path / "none")])
    assert isinstance(done.exception, UsageError) and "has no results" in str(done.exception)
