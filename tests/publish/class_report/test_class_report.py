"""The class report as staff get it: what it says, that nothing of a stranger's can run in it, and
that it is the same each time.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from bs4 import BeautifulSoup
from graded_class import ATTACK, GradedClass
from page_tags import Tags, digest_of, policy_of
from typer.testing import CliRunner

from autograder.audit.known import FILE
from autograder.audit.patterns import make_patterns, pattern_file, read_patterns
from autograder.checks.suite import use_suites_of
from autograder.class_run.class_results import CLASS, ClassResults, read_class, write_class
from autograder.cli.app import app
from autograder.errors import AutograderError, UsageError
from autograder.intake.roster import Person
from autograder.publish.class_report.content import ClassReport
from autograder.publish.class_report.write import write_class_report
from autograder.report import Report, read, to_json

OURS = {
    *("html", "head", "meta", "title", "style", "script", "body", "header", "main", "section"),
    *("article", "nav", "h1", "h2", "h3", "p", "bdi", "code", "pre", "strong", "span", "div"),
    *("dl", "dt", "dd", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "details"),
    *("summary", "figure", "figcaption", "svg", "desc", "line", "text", "rect", "circle"),
}
ANSWERS = '''"""Known answers of the small course."""


# %% spoils: size_only
# Takes the size of the number <b>alone</b>.
def double(number):
    return abs(2 * number)


# %% spoils: squared
# Squares it.
def double(number):
    return number * number
'''
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture
def known(graded: GradedClass) -> Iterator[GradedClass]:
    """The course with two known wrong answers; its patterns are not made yet."""
    answers = graded.root / "autograder" / "suites" / "mini" / "double" / FILE
    answers.write_text(ANSWERS)
    yield graded
    answers.unlink()
    shutil.rmtree(pattern_file(graded.root, "mini").parent, ignore_errors=True)
    use_suites_of(Path(__file__).resolve().parents[3])


def results(graded: GradedClass) -> Path:
    return graded.out / "results" / "mini"


def made(graded: GradedClass) -> tuple[ClassReport, str]:
    file = graded.out / "report.html"
    report, files = write_class_report(results(graded), graded.root, file)
    assert files[0] == file
    return report, file.read_text(encoding="utf-8")


def said(page: str) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").body.get_text(" ").split())


def change(graded: GradedClass, folder: str, **fields: object) -> Report:
    """Rewrite a report."""
    file = results(graded) / folder / "report.json"
    report = msgspec.structs.replace(read(file), **fields)
    file.write_bytes(to_json(report))
    return report


def change_class(graded: GradedClass, **fields: object) -> ClassResults:
    found = msgspec.structs.replace(read_class(results(graded) / CLASS), **fields)
    write_class(found, results(graded))
    return found


def test_counts_scores_and_questions(graded: GradedClass) -> None:
    report, page = made(graded)
    assert report.counts == {"graded": 4, "to review": 0, "rejected": 1, "missing": 0}
    (auto, everything) = report.scores
    assert auto.spread is not None and (auto.spread.n, auto.spread.most) == (4, 3)
    assert auto.maximum == 3 and sum(bar.n for bar in auto.bars) == 4
    assert everything.spread is not None and everything.spread.n == 2  # Cleo and Eva: blank
    questions = {one.name: one for one in report.questions}
    double = questions["double"]
    # Ada 3, Ben 2, Cleo blank, Eva raises
    assert (double.n_answered, double.n_blank, double.n_full, double.n_nothing) == (3, 1, 1, 2)
    assert double.mean == pytest.approx(5 / 4) and double.difficulty == pytest.approx(5 / 12)
    assert {one.name: (one.n, one.n_failed) for one in double.checks} == {
        "test_values": (3, 1),
        "test_negative": (3, 2),
    }
    why = questions["why_even"]
    assert (why.n_waiting, why.n_blank, why.mean) == (2, 2, None)
    assert why.discrimination.why == "no answer is scored yet"
    assert double.discrimination.why == "everybody has the same points elsewhere"
    assert "4 graded" in said(page) and "Median 1" in said(page)
    waiting = {one.who.id: one.why for one in report.waiting if "marks" in one.for_whom}
    assert waiting == {"al1815": "2 questions, 6 points", "bt1912": "1 question, 2 points"}
    graded.mark("al1815", "why_even", 1.0)
    waiting = {one.who.id: one.why for one in made(graded)[0].waiting if "marks" in one.for_whom}
    assert waiting == {"al1815": "1 question, 4 points", "bt1912": "1 question, 2 points"}


def test_marks_of_the_gradebook_count(graded: GradedClass) -> None:
    graded.mark_all()
    report, page = made(graded)
    why = next(one for one in report.questions if one.name == "why_even")
    assert (why.n_waiting, why.mean) == (0, pytest.approx((1 + 1 + 0 + 0) / 4))
    assert "teaching assistant: marks" not in {one.for_whom for one in report.waiting}
    everything = report.scores[1].spread
    assert everything is not None and everything.n == 4
    ada = next(one for one in report.students if one.who.id == "al1815")
    assert ada.total == pytest.approx(0.8 * (3 + 1.5 + 2 + 1)) and ada.to_mark == 0
    assert "All so far" in page


def test_a_gradebook_that_is_gone_or_old_is_told_and_not_used(graded: GradedClass) -> None:
    graded.mark("bt1912", "double", auto_score=3.0)
    assert "Points given by hand are not in this report" in said(made(graded)[1])
    (graded.out / "gradebook.db").unlink()
    report, page = made(graded)
    assert not report.with_marks and "There is no gradebook.db" in said(page)


def test_the_misconception_is_named_with_its_code_and_students(known: GradedClass) -> None:
    file, graded_answers = make_patterns("mini", known.root)
    assert graded_answers == 2 and file == pattern_file(known.root, "mini")
    report, page = made(known)
    assert report.missing_patterns == []
    (double,) = [one for one in report.misconceptions if one.name == "double"]
    (group,) = double.named
    assert [one.name for one in group.answers] == ["size_only"]
    assert [one.student.standing.student.id for one in group.students] == ["bt1912"]
    assert list(group.by_sure) == ["very likely"] and group.share == 1.0
    assert group.titles == ["is right for negative numbers"]
    (eva,) = double.alone
    assert eva.students[0].match.names == ()
    assert "return abs(2 * number)" in page and "Takes the size of the number &lt;b&gt;" in page
    failing = {one.check.name: one for one in report.failing}
    assert failing["test_negative"].misconception.startswith("Takes the size")
    assert failing["test_negative"].n_misconception == 1
    assert "(1 of 2)" in said(page)


def test_patterns_are_made_once_and_again_after_a_change(known: GradedClass) -> None:
    calls: list[int] = []
    make_patterns("mini", known.root, expect=calls.append)
    make_patterns("mini", known.root, expect=calls.append)
    answers = known.root / "autograder" / "suites" / "mini" / "double" / FILE
    answers.write_text(ANSWERS.replace("number * number", "number * number * 1"))
    report, page = made(known)
    assert report.missing_patterns == ["double"]
    assert "have changed since it was measured how they fail" in said(page)
    make_patterns("mini", known.root, "double", expect=calls.append)
    assert calls == [2, 0, 2]
    assert made(known)[0].missing_patterns == []
    kept = read_patterns(known.root, "mini").questions["double"].answers
    assert (kept[0].name, kept[0].share) == ("double__size_only", 0.6667)


def test_without_patterns_it_says_how_to_make_them(known: GradedClass) -> None:
    report, page = made(known)
    assert report.missing_patterns == ["double"]
    assert "autograder audit mini --patterns" in said(page)
    assert all(not one.named for one in report.misconceptions)
    with pytest.raises(UsageError, match="not a code question of mini"):
        make_patterns("mini", known.root, "why_even")
    pattern_file(known.root, "mini").parent.mkdir(parents=True)
    pattern_file(known.root, "mini").write_text("{")
    with pytest.raises(AutograderError, match=r"mini\.json cannot be read.*--patterns"):
        made(known)


def test_whatever_a_stranger_wrote_the_page_stays_ours(known: GradedClass) -> None:
    make_patterns("mini", known.root)
    plain = [tag for tag, _ in Tags(made(known)[1]).tags]
    hostile = f"{ATTACK}\u202eevil\u0007\x1b[31m' onload='x"
    found = read_class(results(known) / CLASS)
    students = [
        msgspec.structs.replace(
            one, name=hostile, file=hostile, group=hostile, message=hostile, look_at=""
        )
        for one in found.students
    ]
    change_class(known, students=students)
    eva = change(known, "Eva_Raises_mini", message=hostile)
    eva.questions[0].title = hostile
    eva.questions[0].checks[0].title = hostile
    change(known, "Eva_Raises_mini", questions=eva.questions)
    page = made(known)[1]
    Tags(page).assert_inert(OURS)
    extra = ["code", "bdi"]  # an id beside a name that had none
    assert [one for one in plain if one not in extra] == [
        tag for tag, _ in Tags(page).tags if tag not in extra
    ]
    assert "<script>alert(1)</script>" in Tags(page).text
    for forbidden in ("\u202e", "\u0007", "\x1b"):
        assert forbidden not in page
    cells = (known.out / "report.questions.csv").read_text(encoding="utf-8")
    assert "\x1b" not in cells and "\u202e" not in cells


def test_nothing_is_requested_and_only_our_script_runs(graded: GradedClass) -> None:
    page = made(graded)[1]
    Tags(page).assert_inert(OURS)
    policy = policy_of(page)
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src {digest_of(page, 'script')}" in policy
    assert f"style-src {digest_of(page, 'style')}" in policy
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp|import\(|innerHTML|eval\(", page)
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_pictures_have_texts_and_a_table(graded: GradedClass) -> None:
    page = BeautifulSoup(made(graded)[1], "html.parser")
    pictures = page.find_all("svg")
    assert len(pictures) >= 3
    ids = {tag["id"] for tag in page.find_all(id=True)}
    for one in pictures:
        assert one["role"] == "img"
        named = (one.get("aria-labelledby") or "").split()
        assert one.find("title").get_text() and (one.get("aria-label") or set(named) <= ids)
    figure = page.find("figure")
    rows = figure.find("tbody").find_all("tr")
    assert sum(int(row.find_all("td")[1].get_text()) for row in rows) == 4


def test_the_same_class_gives_the_same_files(known: GradedClass, tmp_path: Path) -> None:
    make_patterns("mini", known.root)
    write_class_report(results(known), known.root, tmp_path / "one.html")
    command = [
        *(sys.executable, "-m", "autograder", "report", str(results(known))),
        *("--html", str(tmp_path / "two.html")),
    ]
    environment = os.environ | {"PYTHONHASHSEED": "7", "AUTOGRADER_COURSE": str(known.root)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for ending in (".html", ".questions.csv", ".checks.csv", ".misconceptions.csv"):
        assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()


def test_csv_files_have_what_the_page_has(known: GradedClass) -> None:
    make_patterns("mini", known.root)
    made(known)

    def rows(table: str) -> list[dict[str, str]]:
        with (known.out / f"report.{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    double = next(one for one in rows("questions") if one["question"] == "double")
    assert (double["mean"], double["blank"], double["discrimination"]) == ("1.25", "1", "")
    checks = {one["check"]: one for one in rows("checks") if one["question"] == "double"}
    assert (checks["test_negative"]["failed"], checks["test_negative"]["judged"]) == ("2", "3")
    named = {one["id"]: one for one in rows("misconceptions")}
    assert named["bt1912"]["known_wrong_answers"] == "size_only"
    assert named["er02"]["sure"] == "unknown"


def test_an_empty_class_and_a_class_of_one(graded: GradedClass) -> None:
    everybody = read_class(results(graded) / CLASS).students
    change_class(graded, students=everybody[:1])
    report, page = made(graded)
    assert len(report.students) == 1 and all(
        one.discrimination.value is None for one in report.questions
    )
    assert "undefined: fewer than 3 scores" in said(page)
    change_class(graded, students=[])
    report, page = made(graded)
    assert report.questions == [] and report.seconds is None
    assert "No submission that counts could be opened." in said(page)
    assert "Nobody has these points yet." in said(page) and "Nobody waits." in said(page)


def test_everybody_waits(graded: GradedClass) -> None:
    """Every question waits for staff, and one student has handed nothing in."""
    found = read_class(results(graded) / CLASS)
    for student in found.students:
        report = read(results(graded) / student.folder / "report.json")
        for question in report.questions:
            question.score, question.outcome = None, "ungraded"
            for check in question.checks:
                check.outcome, check.staff = "ungraded", "the oracle broke"
        change(graded, student.folder, questions=report.questions, status="ungraded")
    change_class(
        graded,
        students=[msgspec.structs.replace(one, status="ungraded") for one in found.students],
        without_submission=[Person(id="zz9", name="Zoe <b>None</b>")],
        with_roster=True,
    )
    (graded.out / "gradebook.db").unlink()
    report, page = made(graded)
    assert report.counts == {"graded": 0, "to review": 5, "rejected": 0, "missing": 1}
    double = next(one for one in report.questions if one.name == "double")
    assert (double.mean, double.n_waiting) == (None, 4)
    assert not report.misconceptions and not report.failing
    assert any(one.kind == "not graded" and "oracle broke" in one.what for one in report.problems)
    assert report.waiting[-1].for_whom == "the student" and "Zoe &lt;b&gt;None" in page


def test_problems_name_time_limits_and_rejected_files(graded: GradedClass) -> None:
    eva = read(results(graded) / "Eva_Raises_mini" / "report.json")
    first, second = eva.questions[0].checks
    first.lost_worker, first.staff = True, "StudentError: Timeout: it took longer than 2 s"
    second.lost_worker, second.staff = True, "StudentError: Crash: your code ended"
    change(graded, "Eva_Raises_mini", questions=eva.questions, staff_notes=["disk full"])
    report, _ = made(graded)
    double = next(one for one in report.misconceptions if one.name == "double")
    assert (double.n_could_not_run, double.n_lost) == (1, 1)
    kinds = {(one.who.id, one.kind) for one in report.problems}
    assert {("er02", "time limit"), ("er02", "lost worker"), ("er02", "our side")} <= kinds
    assert ("Dan_Broken", "rejected") in kinds


def test_the_command_and_what_it_refuses(graded: GradedClass, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["report", *arguments])
        return done.exit_code, f"{done.output} {done.exception}"

    folder = str(results(graded))
    status, output = run(folder, "--html", str(tmp_path / "a.html"), "--no-csv")
    assert status == 0 and [one.name for one in tmp_path.glob("a.*")] == ["a.html"], output
    assert "folder" in run(folder, "--html", str(tmp_path))[1]
    assert "name its results folder" in run("--html", str(tmp_path / "b.html"))[1]
    assert "has no class.json" in run(str(tmp_path), "--html", str(tmp_path / "b.html"))[1]
    assert "leave out --json" in run(folder, "--json", "--html", str(tmp_path / "b.html"))[1]
    (tmp_path / "file").write_text("")
    assert "cannot be written" in run(folder, "--html", str(tmp_path / "file" / "b.html"))[1]
    assert not list(tmp_path.glob("b*"))
    assert "goes with an assignment" in str(
        CliRunner().invoke(app, ["audit", "mini", "--patterns", "--mutants"]).exception
    )


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_lets_our_script_run(graded: GradedClass, tmp_path: Path) -> None:
    """The policy lets it, and it adds a button to each heading and a box to filter by."""
    made(graded)
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *(f"--user-data-dir={tmp_path / 'profile'}", f"file://{graded.out / 'report.html'}"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    page = BeautifulSoup(done.stdout, "html.parser")
    tables = page.find_all("table", class_="rows")
    assert len(tables) >= 4 and len(page.find_all("input", type="search")) == len(tables)
    assert all(head.find("button") for table in tables for head in table.thead.find_all("th"))
