"""Feedback as students get it: what it says, what it never says, that nothing in it can run, and
that nbgrader releases it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from graded_class import ATTACK, GradedClass
from hypothesis import given
from hypothesis import strategies as st
from page_tags import Tags, digest_of, policy_of
from typer.testing import CliRunner

from autograder.align.display import clean_markdown, shown_code
from autograder.cli.app import app
from autograder.course.assignment import load
from autograder.errors import AutograderError, UsageError
from autograder.grading.grade import Options
from autograder.publish.feedback_pages.content import Feedback, QuestionFeedback
from autograder.publish.feedback_pages.over_limits import over_limits
from autograder.publish.feedback_pages.page import render
from autograder.publish.feedback_pages.write import Written, write_feedback
from benchmarks.browser import MISSING, chromium, open_browser
from tests.elsewhere import elsewhere_is_listening

BIN = Path(sys.executable).parent


def pages(graded: GradedClass, **options: object) -> dict[str, str]:
    done: Written = write_feedback("mini", graded.root, graded.out, **options)  # type: ignore[arg-type]
    return {file.parents[1].name: file.read_text(encoding="utf-8") for file in done.pages}


def text_of(page: str) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").body.get_text(" ").split())


OURS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "article"),
    *("h1", "h2", "h3", "p", "bdi", "code", "dl", "dt", "dd", "ul", "ol", "li", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "a"),
}


def test_a_page_has_points_comments_the_late_penalty_and_what_is_too_long(
    graded: GradedClass,
) -> None:
    graded.mark("al1815", "why_even", 1.5, f"Good.\nBut {ATTACK}")
    page = pages(graded)["al1815"]
    said = text_of(page)
    assert "4.8 of 9 points" in said  # 3 + 1.5 + 1.5 of 9, 20 percent lost for two days
    assert "Points earned 6" in said and "Lost because it was late (20%) 1.2" in said
    assert "Late by 1 d 2 h (due 2026-01-31 22:00 UTC)" in said
    assert "lab.ipynb" in BeautifulSoup(page, "html.parser").find("table").get_text()
    assert "1.5 of 2, by hand" in said
    assert "waits for a mark, at most 4" in said
    assert re.search(r"The answer has \d+ words, the limit is 40\.", said)
    comment = BeautifulSoup(page, "html.parser").find("blockquote").get_text()
    assert comment.startswith("Good.\nBut <script>alert(1)</script>")
    assert "\u202e" not in page


def test_failed_checks_are_told_by_their_line_and_the_students_own_error_line(
    graded: GradedClass,
) -> None:
    graded.mark("bt1912", "double", 2.5, "Nearly.")
    made = pages(graded)
    ben, eva = text_of(made["bt1912"]), text_of(made["er02"])
    assert "Not yet is right for negative numbers" in ben
    assert "is right for positive numbers" not in ben
    assert "2.5 of 3, by hand" in ben and "The checks gave 2 points." in ben and "Nearly." in ben
    assert "raise ValueError(" in eva and "is right for positive numbers" in eva
    first = ben.index("Look at this first")
    assert ben.index("How fast it grows", first) < ben.index("Twice a number", first)


def test_an_archive_that_cannot_be_opened_gets_its_reason_and_no_points(
    graded: GradedClass,
) -> None:
    said = text_of(pages(graded)["Dan_Broken"])
    assert "damaged or cut off" in said and "points" not in said


def test_nothing_in_a_page_can_run_or_be_loaded(graded: GradedClass) -> None:
    graded.mark("al1815", "why_even", 1, ATTACK)
    for page in pages(graded).values():
        Tags(page).assert_inert(OURS)
        head = page[: page.index("<title>")]
        assert "default-src 'none'; style-src 'sha256-" in head


@pytest.mark.skipif(not chromium(), reason=MISSING)
def test_a_browser_runs_and_requests_nothing(graded: GradedClass, tmp_path: Path) -> None:
    """Neither of the page, nor of one whose texts were not escaped: the policy holds by itself."""
    with elsewhere_is_listening() as elsewhere:
        hostile = elsewhere.hostile()
        graded.mark("al1815", "why_even", 1, hostile)
        file = write_feedback("mini", graded.root, graded.out, students=["al1815"]).pages[0]
        text, shown = file.read_text(encoding="utf-8"), escape(hostile).replace("&quot;", "&#34;")
        assert text.count(shown) == 1
        unescaped = tmp_path / "unescaped.html"
        unescaped.write_text(text.replace(shown, hostile), encoding="utf-8")
        with open_browser() as browser:
            for one in (file, unescaped):
                page, answered = browser.new_page(), []
                page.on("response", lambda response, answered=answered: answered.append(response))
                page.goto(one.as_uri())
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(300)
                assert page.evaluate("window.pwned") is None
                assert [response.url for response in answered] == [one.as_uri()]
                if one == file:
                    assert hostile in page.locator("blockquote").inner_text()
                    assert page.locator("h1").evaluate(
                        "it => getComputedStyle(it).marginBottom"
                    ) == ("0px"), "the style sheet is applied"
                else:
                    assert page.locator("blockquote svg").count() == 1
        assert elsewhere.asked == []


def test_the_style_sheet_is_the_one_that_the_policy_names() -> None:
    page = render(Feedback("T", "mini", "x", "X", [], ""))
    assert digest_of(page, "style") in policy_of(page)


@given(st.text(max_size=60), st.text(alphabet="<>\"'&/{}%!-= \nscriptimgonload", max_size=60))
def test_whatever_a_text_is_the_page_has_the_same_tags(one: str, other: str) -> None:
    def page(a: str, b: str) -> str:
        question = QuestionFeedback("kl", a, "1 of 2", lines=[b], comment=f"{a}\n{b}")
        return render(
            Feedback(
                a, "mini", b, a, [(a, b)], b or "-", [(b, a)], [a, b], [b], {"lab": [question]}
            )
        )

    made = Tags(page(one or "-", other or "-"))
    assert [tag for tag, _ in made.tags] == [tag for tag, _ in Tags(page("x", "y")).tags]
    made.assert_inert(OURS)


def test_no_hidden_check_no_oracle_and_nothing_for_staff_is_in_a_page(graded: GradedClass) -> None:
    report = graded.out / "results" / "mini" / "Ben_Positive_mini" / "report.json"
    report.write_text(
        report.read_text(encoding="utf-8")
        .replace('"staff": ""', '"staff": "expected -6 for -3"')
        .replace('"staff_notes": []', '"staff_notes": ["/secret/path"]'),
        encoding="utf-8",
    )
    assert "expected -6" in report.read_text(encoding="utf-8")
    page = pages(graded)["bt1912"]
    for hidden in (
        *("expected -6", "/secret/path", "test_negative", "test_values", "oracle", "same("),
        *("suite_sha256", "isolation", "Two divides $2n$", "names the constant difference"),
    ):
        assert hidden not in page


def test_before_the_due_date_only_the_visible_checks_speak(graded: GradedClass) -> None:
    graded.mark("bt1912", "why_even", 2, "A comment of staff.")
    options = Options(root=graded.root, isolation="none")
    made = pages(graded, visible=options, students=["bt1912", "er02", "cb01"])
    ben, eva, cleo = (text_of(made[name]) for name in ("bt1912", "er02", "cb01"))
    assert "double visible checks pass" in ben
    assert "double not yet: your code raised ValueError" in eva
    assert "double not answered yet" in cleo and "cube not answered yet" in cleo
    for hidden in ("is right for", "of 3", "A comment of staff", "How fast it grows", "Points"):
        assert hidden not in ben
    for page in made.values():
        Tags(page).assert_inert(OURS)


def test_code_that_was_cut_when_it_was_kept_is_not_run(graded: GradedClass) -> None:
    file = graded.out / "results" / "mini" / "Ada_Full_mini" / "lab.ipynb"
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "double":
            cell.source = shown_code(cell.source + "\n# long" * 5000)
    nbformat.write(notebook, file)
    options = Options(root=graded.root, isolation="none")
    said = text_of(pages(graded, visible=options, students=["al1815"])["al1815"])
    assert "double not run: the code is too long to be kept" in said
    assert "cube visible checks pass" in said


def test_words_are_counted_as_the_collector_does(root: Path) -> None:
    def over(text: str) -> list[str]:
        cell = {
            "cell_type": "markdown",
            "metadata": {"nbgrader": {"grade_id": "kl_meaning", "grade": True, "solution": True}},
            "source": clean_markdown(text),
        }
        return over_limits({"theory": {"cells": [cell]}}, course).get("kl_meaning", [])

    course = load("vae", root)
    limit = course.questions["kl_meaning"].words
    assert limit > 0
    assert over("a<b " * limit) == []
    (said,) = over("word " * (limit + 1))
    assert said == f"The answer has {limit + 1} words, the limit is {limit}."


def test_points_that_the_gradebook_does_not_have_stop_the_command(graded: GradedClass) -> None:
    graded.mark("bt1912", "double", auto_score=3.0)
    with pytest.raises(
        AutograderError, match=r"3 points for double of bt1912, the report 2\. .*again"
    ):
        pages(graded)
    (graded.out / "gradebook.db").unlink()
    with pytest.raises(AutograderError, match=r"gradebook\.db is missing.*autograder grade"):
        pages(graded)
    assert not (graded.out / "feedback").exists()


def test_unknown_students_and_ungraded_folders_are_usage_errors(
    graded: GradedClass, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"nobody: no submission for mini.*al1815"):
        pages(graded, students=["nobody"])
    with pytest.raises(UsageError, match=r"class\.json.*autograder grade"):
        write_feedback("mini", graded.root, tmp_path / "empty")


def test_staff_are_told_what_waits_and_what_is_left_of_an_earlier_run(graded: GradedClass) -> None:
    old = graded.out / "feedback" / "gone" / "mini" / "feedback.html"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    notes = "\n".join(write_feedback("mini", graded.root, graded.out).notes)
    assert "2 students have questions that wait for a mark: al1815, bt1912" in notes
    assert "gone/mini is of an earlier run" in notes


def test_the_command_writes_every_assignment_that_was_graded(graded: GradedClass) -> None:
    done = CliRunner().invoke(app, ["feedback", "--out", str(graded.out)])
    assert done.exit_code == 0, done.output
    assert "5 pages in" in done.stdout and "wait for a mark: al1815" in done.stderr
    assert len(list((graded.out / "feedback").glob("*/mini/feedback.html"))) == 5


def test_nbgrader_releases_and_fetches_it(graded: GradedClass, tmp_path: Path) -> None:
    secret, time = "a secret of the exchange", "2026-01-01 10:00:00.000000 UTC"
    handed_in = graded.out / "submitted" / "bt1912" / "mini"
    (handed_in / "submission_secret.txt").write_text(secret)
    page = pages(graded)["bt1912"]
    again = {
        file: file.read_bytes() for file in (graded.out / "feedback").rglob("submission_secret.txt")
    }
    pages(graded)
    assert {file: file.read_bytes() for file in again} == again and len(again) == 5

    exchange, cache, home = tmp_path / "exchange", tmp_path / "cache", tmp_path / "home"
    for folder in (exchange, cache, home):
        folder.mkdir()
    exchange.chmod(0o777)
    nbgrader(graded.out, exchange, cache, home, "release_feedback", "mini")
    user = os.environ.get("USER") or "student"
    mine = cache / "dgm" / f"{user}+mini+{time}"
    mine.mkdir(parents=True)
    (mine / "submission_secret.txt").write_text(secret)
    (mine / "timestamp.txt").write_text(time)
    for name in ("lab", "theory"):
        (mine / f"{name}.ipynb").write_text("{}")
    nbgrader(home, exchange, cache, home, "fetch_feedback", "mini")
    fetched = {file.name: file.read_text(encoding="utf-8") for file in home.rglob("*.html")}
    assert fetched == {"lab.html": page, "theory.html": page}


def nbgrader(folder: Path, exchange: Path, cache: Path, home: Path, *verb: str) -> None:
    line = [
        *(str(BIN / "nbgrader"), *verb, "--course=dgm"),
        *(f"--CourseDirectory.root={folder}", f"--Exchange.root={exchange}"),
        *(f"--Exchange.cache={cache}", f"--Exchange.assignment_dir={home}"),
    ]
    environment = {**os.environ, "HOME": str(home), "USER": os.environ.get("USER") or "student"}
    done = subprocess.run(
        line, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
