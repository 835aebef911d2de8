"""Manual marking on a graded class: formgrader's pages as they are served, and as a teaching
assistant uses them in Chromium.

Two barriers keep a student's text from acting in the browser of whoever marks. The notebooks that
`autograder grade` writes have no markup left; the page's policy holds even if they had.
"""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import v4
from traitlets.config import PyFileConfigLoader

from autograder.gradebook.course import CONFIG
from autograder.gradebook.marking_page.policy import content_policy, nbgrader_scripts
from autograder.gradebook.marking_page.schemes import schemes_of
from benchmarks.browser import MISSING, chromium, open_browser
from tests.elsewhere import Elsewhere, elsewhere_is_listening
from tests.formgrader_server import TOKEN, Formgrader, formgrader
from tests.publish.graded_class import CUBE, FULL, GradedClass, make_graded_class, write_submission

GROWTH_SCHEME = "names the constant difference between neighbours"
GROWTH_MODEL = "The values grow by the same amount at each step"
HALF = "def double(number):\n    return abs(number) * 2"
BAD_NAME = "</script><script>window.pwned = 1</script><img src=/logout>"


def picture(text: str) -> str:
    """A figure that is told from others, as PNG in base64."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (420, 140), "white")
    ImageDraw.Draw(image).text((20, 60), text, fill="black")
    data = BytesIO()
    image.save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


FIGURE, DRAWING = picture("the student's own figure"), picture("a drawing that was dropped in")


def hostile(elsewhere: Elsewhere) -> str:
    """What must neither run nor be fetched, as markup, Markdown and TeX."""
    there = elsewhere.address
    return (
        f"{elsewhere.hostile()}\n\n![a picture]({there}/markdown.png) ![out](/logout)\n\n"
        f"$\\style{{background:url({there}/style)}}{{x}}$ $\\require{{action}}y$\n"
    )


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with elsewhere_is_listening() as made:
        yield made


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere) -> GradedClass:
    made = make_graded_class(tmp_path_factory.mktemp("marking"))
    folder = made.root / "submissions"
    shutil.rmtree(folder)
    folder.mkdir()

    def with_figures(notebook: nbformat.NotebookNode) -> None:
        for cell in notebook.cells:
            if "train" in cell.metadata.get("tags", []):
                cell.outputs = [v4.new_output("display_data", data={"image/png": FIGURE})]
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "why_even":
                cell.attachments = {"drawing.png": {"image/png": DRAWING}}

    answers = {
        "double": FULL,
        "cube": CUBE,
        "growth_study": f"It is $2n$, so $$\\sum_{{k=1}}^n 2 = 2n.$$\n\n{hostile(elsewhere)}",
        "why_even": "See my drawing. ![drawing](attachment:drawing.png)",
    }
    when = "2026-01-01T10:00:00Z"
    write_submission(made.course, folder, "al1815", "Ada Full", answers, when, with_figures)
    halves = {"double": HALF, "growth_study": "It grows.", "why_even": "Two."}
    write_submission(made.course, folder, "bt1912", "Ben Positive", halves, when)
    made.grade()
    with made.gradebook() as gradebook:  # as an import of a class list leaves it
        gradebook.update_or_create_student("bt1912", first_name="Ben", last_name=BAD_NAME)
    return made


@dataclass(frozen=True)
class Marking:
    """A graded class that is being marked."""

    graded: GradedClass
    server: Formgrader
    requested: list[str] = field(default_factory=list)

    def page_of(self, student: str, notebook: str) -> str:
        """The path of the page on which a notebook is marked."""
        row = self.server.notebook_of(student, "mini", notebook)
        return f"/formgrader/submissions/{row['id']}/"

    def cell(self, student: str, cell: str, notebook: str = "lab") -> dict[str, Any]:
        row = self.server.notebook_of(student, "mini", notebook)
        grades = self.server.api(f"grades?submission_id={row['id']}")
        (found,) = [one for one in grades if one["name"] == cell]
        return dict(found)

    def comment(self, student: str, cell: str, notebook: str = "lab") -> dict[str, Any]:
        row = self.server.notebook_of(student, "mini", notebook)
        comments = self.server.api(f"comments?submission_id={row['id']}")
        (found,) = [one for one in comments if one["name"] == cell]
        return dict(found)

    def autograded(self, student: str, notebook: str = "lab") -> Path:
        return self.graded.out / "autograded" / student / "mini" / f"{notebook}.ipynb"

    def loosen_the_check(self) -> None:
        """The hidden suite turns out to be too strict, and everybody is graded again."""
        self.graded.course.change(
            "autograder/suites/mini/double/checks.py", "oracle.double(-3))", "student.double(-3))"
        )
        self.graded.grade()


@pytest.fixture(scope="module")
def served(graded_once: GradedClass, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marking]:
    """Its formgrader, for tests that leave the gradebook as it is."""
    with formgrader(graded_once.out, tmp_path_factory.mktemp("home")) as server:
        yield Marking(graded_once, server)


@pytest.fixture
def marking(graded_once: GradedClass, tmp_path: Path) -> Iterator[Marking]:
    """A copy of the graded class to mark and to grade again, and its formgrader."""
    root = tmp_path / "course"
    shutil.copytree(graded_once.root, root)
    copy = replace(graded_once, course=replace(graded_once.course, root=root), out=root / "out")
    with formgrader(copy.out, tmp_path / "home") as server:
        yield Marking(copy, server)


def test_pages_have_answers_figures_and_schemes_and_load_nothing_from_elsewhere(
    served: Marking, elsewhere: Elsewhere
) -> None:
    path = served.page_of("al1815", "lab")
    text = served.server.ask(path)
    page = BeautifulSoup(text, "html.parser")
    pictures = [image["src"] for image in page.find_all("img")]
    assert pictures == [f"data:image/png;base64,{FIGURE}"]
    scheme = page.find(id="scheme-growth_study")
    assert GROWTH_SCHEME in scheme.get_text() and GROWTH_MODEL in scheme.get_text()
    beside = scheme.parent
    assert "with-scheme" in beside["class"] and beside.find(id="growth_study")
    assert "It is $2n$" in beside.get_text()
    assert [one["id"] for one in page.find_all("aside")] == ["scheme-growth_study"]

    loaded = [tag.get("src") or tag["href"] for tag in page.find_all(["script", "link"])
              if tag.get("src") or tag.get("href")]  # fmt: skip
    assert len(loaded) > 8
    assert {urlsplit(urljoin(served.server.address, one)).netloc for one in loaded} == {
        urlsplit(served.server.address).netloc
    }
    assert not page.find_all(["iframe", "object", "embed", "video", "audio", "form"])
    (policy,) = page.head.find_all("meta", {"http-equiv": "Content-Security-Policy"})
    assert "default-src 'none'" in policy["content"] and "img-src data:;" in policy["content"]
    assert policy.find_parent("head") and not policy.find_previous("body")
    (mathjax,) = re.findall(r'script\.src = "([^"]+)"', text)
    assert "MathJax" in served.server.ask(mathjax)
    theory = BeautifulSoup(served.server.ask(served.page_of("al1815", "theory")), "html.parser")
    assert [image["src"] for image in theory.find_all("img")] == [
        f"data:image/png;base64,{DRAWING}"
    ]
    assert "cloudflare" not in str(page) + str(theory)


@pytest.mark.slow
def test_points_and_comments_through_the_api_are_kept_and_what_moved_waits_again(
    marking: Marking,
) -> None:
    server = marking.server
    assert server.notebook_of("bt1912", "mini", "theory")["needs_manual_grade"]
    cell, comment = (f("bt1912", "why_even", "theory") for f in (marking.cell, marking.comment))
    assert cell["needs_manual_grade"] and cell["manual_score"] is None
    server.api(f"grade/{cell['id']}", {"manual_score": 1.5, "extra_credit": None}, "PUT")
    server.api(f"comment/{comment['id']}", {"manual_comment": "Why an integer?"}, "PUT")
    overridden = marking.cell("bt1912", "test_double")
    assert overridden["auto_score"] == 2
    server.api(f"grade/{overridden['id']}", {"manual_score": 2.5, "extra_credit": None}, "PUT")
    theory = server.notebook_of("bt1912", "mini", "theory")
    assert (theory["score"], theory["needs_manual_grade"]) == (1.5, False)

    marking.loosen_the_check()

    assert server.notebook_of("bt1912", "mini", "theory")["score"] == 1.5
    assert marking.comment("bt1912", "why_even", "theory")["manual_comment"] == "Why an integer?"
    moved = marking.cell("bt1912", "test_double")
    assert (moved["auto_score"], moved["manual_score"]) == (3, 2.5)
    assert moved["needs_manual_grade"]
    assert not marking.cell("bt1912", "why_even", "theory")["needs_manual_grade"]


def test_nbgraders_own_feedback_has_no_mark_scheme(served: Marking) -> None:
    """Students would get it. The button in formgrader makes it in the process that has our page."""
    done = served.server.api("assignment/mini/generate_feedback", {}, "POST")
    assert done["success"], done
    pages = list((served.graded.out / "feedback").rglob("*.html"))
    assert len(pages) == 4
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "Score: " in text, "it is nbgrader's"
        for secret in (GROWTH_SCHEME, GROWTH_MODEL, "Mark scheme", "Model answer"):
            assert secret not in text


def test_the_folders_settings_load_where_autograder_is_not_installed(
    graded_once: GradedClass, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "autograder.gradebook.marking_page.settings", None)
    config = PyFileConfigLoader(CONFIG, path=str(graded_once.out)).load_config()
    assert config.CourseDirectory.root and "HTMLExporter" not in config
    assert "formgrader shows no mark schemes" in capsys.readouterr().err


def test_schemes_of_a_notebook_that_is_not_there_are_none(tmp_path: Path) -> None:
    assert schemes_of(tmp_path / "lab.ipynb") == {}


def test_every_question_that_people_mark_has_a_scheme(root: Path) -> None:
    from autograder.course.assignment import load

    for slug in sorted(one.name for one in (root / "source").iterdir()):
        assignment = load(slug, root)
        found = {
            name: scheme
            for notebook in assignment.notebooks
            for name, scheme in schemes_of(root / "source" / slug / f"{notebook}.ipynb").items()
        }
        marked = {one.name for one in assignment.questions.values() if not one.autograded}
        assert marked == {name for name, scheme in found.items() if scheme.scheme}


def test_the_policy_names_nbgraders_scripts_and_no_others() -> None:
    assert "toggle_name(true);" in nbgrader_scripts()
    policy = content_policy(["ours()"])
    (scripts,) = re.findall(r"script-src ([^;]*)", policy)
    assert "'unsafe-inline'" not in scripts and "'unsafe-eval'" not in scripts
    assert scripts.count("'sha256-") == len(set(nbgrader_scripts())) + 1
    assert content_policy(["others()"]) != policy


# In a browser

needs_chromium = pytest.mark.skipif(not chromium(), reason=MISSING)


@contextmanager
def browsing(marking: Marking, elsewhere: Elsewhere) -> Iterator[Any]:
    """A page of a browser that is logged in. At the end: whatever it looked at, all that it asked
    for is from the server, no script of a student's has run, and it is still logged in.
    """
    elsewhere.asked.clear()
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1500, "height": 950})
        page.on("request", lambda request: marking.requested.append(request.url))
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        page.goto(f"{marking.server.address}/formgrader/gradebook?token={TOKEN}")
        yield page
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.pwned") is None
        page.goto(f"{marking.server.address}/formgrader/manage_students")
        assert "/login" not in page.url, "it was logged out"
    assert len(marking.requested) > 10
    ours = (marking.server.address, "data:", "about:")
    assert [
        url for url in marking.requested if not url.startswith((*ours, elsewhere.address))
    ] == []
    assert elsewhere.asked == []


@pytest.mark.slow
def test_pages_that_are_left_before_they_are_there_hold_nobody_up(marking: Marking) -> None:
    """Each tenth of a second of loading, and a score that is typed in between."""
    page = marking.page_of("al1815", "lab")
    given = marking.cell("al1815", "growth_study")
    for turn in range(20):
        marking.server.leave(page, 0.01 * turn)
        marking.server.leave("/formgrader/api/submissions/mini", 0.005 * turn)
        score = {"manual_score": turn % 3, "extra_credit": None}
        marking.server.api(f"grade/{given['id']}", score, "PUT")
        assert marking.cell("al1815", "growth_study")["manual_score"] == turn % 3
    text = BeautifulSoup(marking.server.ask(page), "html.parser").get_text()
    assert GROWTH_SCHEME in text


def show(page: Any, marking: Marking, student: str, notebook: str) -> None:
    page.goto(f"{marking.server.address}{marking.page_of(student, notebook)}")
    until_ready(page)
    page.wait_for_load_state("networkidle")


def until_ready(page: Any) -> None:
    """Formgrader's script has the scores."""
    page.locator("input.score[placeholder]").first.wait_for()


@pytest.mark.slow
@needs_chromium
def test_a_class_is_marked_in_a_browser(
    marking: Marking, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    with browsing(marking, elsewhere) as page:
        page.get_by_role("link", name="mini").click()
        page.get_by_role("link", name="lab").click()
        page.locator("td.needs-manual-grade span").first.wait_for()
        assert page.locator("td.needs-manual-grade span").count() == 2
        page.get_by_role("link", name="Submission #1").click()
        until_ready(page)

        show(page, marking, "al1815", "lab")
        page.locator("#growth_study.needs_manual_grade").wait_for()
        page.locator(".with-scheme .panel .MathJax").first.wait_for()
        page.evaluate("new Promise(done => MathJax.Hub.Queue(() => done()))")  # then nothing moves
        answer, scheme = page.locator(".with-scheme .panel"), page.locator("#scheme-growth_study")
        assert GROWTH_SCHEME in scheme.inner_text()
        assert GROWTH_MODEL not in scheme.inner_text(), "the model answer is folded up"
        scheme.get_by_text("Model answer").click()
        scheme.get_by_text(GROWTH_MODEL).wait_for()
        left, right = answer.bounding_box(), scheme.bounding_box()
        assert left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 40
        figure = page.locator(".output_png img").evaluate("it => [it.complete, it.naturalWidth]")
        assert figure == [True, 420]
        assert "\\sum" not in answer.inner_text()
        page.screenshot(path=tmp_path / "marking.png", full_page=True)

        page.fill("#growth_study", "3.5")
        page.keyboard.press("Tab")
        page.fill("#growth_study-comment", "A straight line: say so.")
        with page.expect_response(lambda answer: "/api/comment/" in answer.url):
            page.keyboard.press("Tab")
        page.locator("#growth_study:not(.needs_manual_grade)").wait_for()

        page.goto(f"{marking.server.address}/formgrader/gradebook/mini/lab")
        page.locator("td.needs-manual-grade span").first.wait_for()
        assert page.locator("td.needs-manual-grade span").count() == 1
        assert marking.server.notebook_of("al1815", "mini", "lab")["score"] == 3 + 1.5 + 3.5

        marking.graded.grade(force=True)
        show(page, marking, "al1815", "lab")
        assert page.input_value("#growth_study") == "3.5"
        assert page.input_value("#growth_study-comment") == "A straight line: say so."
        assert page.locator("#growth_study.needs_manual_grade").count() == 0


@needs_chromium
def test_a_phone_shows_the_page_without_scrolling_sideways(
    served: Marking, elsewhere: Elsewhere
) -> None:
    with browsing(served, elsewhere) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        show(page, served, "al1815", "lab")
        page.locator("#scheme-growth_study").wait_for()
        widths = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert widths == [390, 390]
        title, bar = page.locator("h1").first, page.locator("nav")
        above = bar.bounding_box()
        assert above["y"] + above["height"] <= title.bounding_box()["y"], "the bar hides the title"


@pytest.mark.slow
@needs_chromium
def test_what_moved_waits_again_in_the_browser(marking: Marking, elsewhere: Elsewhere) -> None:
    with browsing(marking, elsewhere) as page:
        show(page, marking, "bt1912", "lab")
        page.locator("span.glyphicon-eye-open").click()  # shows the name
        assert page.locator("a.name-shown").is_visible()
        page.fill("#test_double", "2.5")
        with page.expect_response(lambda answer: "/api/grade/" in answer.url):
            page.keyboard.press("Tab")
        assert page.locator("#test_double.needs_manual_grade").count() == 0
        marking.loosen_the_check()
        show(page, marking, "bt1912", "lab")
        page.locator("#test_double.needs_manual_grade").wait_for()
        assert page.input_value("#test_double") == "2.5"
        assert page.get_attribute("#test_double", "placeholder") == "3"
        page.locator(".mark-graded:visible").click()
        page.locator("#test_double:not(.needs_manual_grade)").wait_for()
    assert marking.cell("bt1912", "test_double")["needs_manual_grade"] is False


@needs_chromium
def test_markup_that_got_through_neither_runs_nor_is_fetched(
    served: Marking, elsewhere: Elsewhere
) -> None:
    """As if the first barrier had failed."""
    file = served.autograded("bt1912")
    notebook = nbformat.read(file, as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    cells["growth_study"].source = f'<b id="alive">markup</b>{hostile(elsewhere)}'
    script = f'<script src="{elsewhere.address}/evil.js"></script>'
    evil = f'<b id="alive2">x</b>{script}{hostile(elsewhere)}'
    cells["double"].outputs = [v4.new_output("display_data", data={"text/html": evil})]
    before = file.read_bytes()
    nbformat.write(notebook, file)
    try:
        with browsing(served, elsewhere) as page:
            show(page, served, "bt1912", "lab")
            assert page.locator("#alive").count() == 1 and page.locator("#alive2").count() == 1
            page.locator(".MathJax").first.wait_for()
            assert page.locator("#scheme-growth_study").is_visible()
    finally:
        file.write_bytes(before)


@needs_chromium
def test_lists_of_students_and_submissions_run_nothing(
    served: Marking, elsewhere: Elsewhere
) -> None:
    with browsing(served, elsewhere) as page:
        for path in (
            *("manage_assignments", "manage_submissions/mini", "manage_students"),
            *("manage_students/bt1912", "manage_students/bt1912/mini", "gradebook/mini"),
        ):
            page.goto(f"{served.server.address}/formgrader/{path}")
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.pwned") is None, path
