"""Feedback as a PDF: what the page says and no more, and no text in it is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from graded_class import ATTACK, GradedClass
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.errors import AutograderError
from autograder.grading.grade import Options
from autograder.publish.feedback_pages.content import Feedback, QuestionFeedback
from autograder.publish.feedback_pages.write import write_feedback
from autograder.publish.pdf import supervise
from autograder.publish.pdf.feedback import feedback_file, typeset_feedback

HOSTILE = (
    '] #panic("x") #read("/etc/passwd") \\',
    '#import "@preview/x:1.0.0": *\n#eval("1 + 1") $ x^2 $ // /* <label> @ref',
    '"); #pagebreak() #("',
    "a" * 300,
    "עברית 漢字 🙂 ﷽ \u202e\u2066 \x00\x1b[31m e\u0301" + "\u0301" * 200,
    "= Heading\n- list\n`raw` *bold* _it_ https://evil.example \\u{41}",
    "\ue000\ue001\ufeff\u2028\ud800",
)


def page_of(text: str, other: str = "other") -> Feedback:
    """Feedback that says `text` wherever somebody's text can be."""
    question = QuestionFeedback(
        "kl", text, "1 of 2", lost=1, by_hand=True, failed=True, lines=[text, other], comment=text
    )
    facts, sums = [("File", text), (other, text)], [(text, other)]
    notebooks = {"lab": [question], "theory": [question]}
    return Feedback(text, "mini", "s1", text, facts, "1 of 2", sums, [text], [text], notebooks)


def words(text: str) -> str:
    """Without spaces, line ends and the places where a word may be broken."""
    return re.sub(r"[\s\u200b]+", "", text)


def text_of(data: bytes) -> str:
    return words("".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_typeset_as_they_were_typed(tmp_path: Path, text: str) -> None:
    made = typeset_feedback(page_of(text), tmp_path)
    said = text_of(made.pdf)
    assert "kl" in said and "Points" in said
    if text.isascii():
        assert said.count(words(text.strip())) >= 7
    assert not PdfReader(BytesIO(made.pdf)).attachments
    links = [
        annotation.get_object()
        for page in PdfReader(BytesIO(made.pdf)).pages
        for annotation in page.get("/Annots") or []
    ]
    assert {link.get("/Dest") for link in links} == {"question-0", "question-1"}


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


@given(
    st.text(max_size=60),
    st.text(alphabet='"\\#[](){}$*_`@<>/=-+~;,.\n\r\t\u2028 evalread', min_size=1, max_size=60),
)
def test_whatever_a_text_is_it_stays_within_its_string(one: str, other: str) -> None:
    skeleton = _STRING.sub('""', feedback_file(page_of("x", "y")))
    assert _STRING.sub('""', feedback_file(page_of(f"x{one}", f"y{other}"))) == skeleton


def pdfs(graded: GradedClass, **options: object) -> dict[str, str]:
    done = write_feedback("mini", graded.root, graded.out, pdf=True, jobs=1, **options)  # type: ignore[arg-type]
    assert done.failed == [] and len(done.pdfs) == len(done.pages)
    assert all(oct(file.stat().st_mode & 0o777) == "0o644" for file in done.pdfs)
    return {file.parents[1].name: text_of(file.read_bytes()) for file in done.pdfs}


def test_a_pdf_says_what_the_page_says_and_nothing_hidden(graded: GradedClass) -> None:
    graded.mark("al1815", "why_even", 1.5, f"Good.\nBut {ATTACK}")
    graded.mark("bt1912", "double", 2.5, "Nearly.")
    made = pdfs(graded)
    assert set(made) == {"al1815", "bt1912", "cb01", "er02", "Dan_Broken"}
    ada, ben, eva = made["al1815"], made["bt1912"], made["er02"]
    for said in (
        *("A small assignment", "Ada Full", "al1815", "4.8 of 9 points", "Late by", "1 d 2 h"),
        *("Lost because it was late (20%)", "1.5 of 2, by hand", "waits for a mark, at most 4"),
        *("words, the limit is 40.", "Good.But <script>alert(1)</script><img src=//evil.example"),
    ):
        assert words(said) in ada, said
    for said in (
        *("2.5 of 3, by hand", "Not yet", "is right for negative numbers", "Nearly."),
        *("The checks gave 2 points.", "Look at this first"),
    ):
        assert words(said) in ben, said
    assert words("is right for positive numbers") not in ben
    assert "raiseValueError(" in eva
    assert words("damaged or cut off") in made["Dan_Broken"]
    for text in made.values():
        for hidden in ("expected", "test_negative", "oracle", "same(", "Two divides $2n$"):
            assert words(hidden) not in text


def test_before_the_due_date_a_pdf_has_no_points(graded: GradedClass) -> None:
    options = Options(root=graded.root, isolation="none")
    (ben,) = pdfs(graded, visible=options, students=["bt1912"]).values()
    assert (
        words("Twice a number double • visible checks pass") in ben
        and words("There are no points yet") in ben
    )
    assert words("of 3") not in ben and words("is right for") not in ben


def test_the_command_writes_pdfs_and_takes_old_ones_away(graded: GradedClass) -> None:
    command = ["feedback", "mini", "--out", str(graded.out), "--student", "al1815"]
    done = CliRunner().invoke(app, [*command, "--pdf", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert "1 pages and 1 PDFs in" in done.stdout
    file = graded.out / "feedback" / "al1815" / "mini" / "feedback.pdf"
    assert file.read_bytes().startswith(b"%PDF")
    assert CliRunner().invoke(app, command).exit_code == 0
    assert not file.exists(), "it may say other points than the page"


def test_a_pdf_that_cannot_be_made_ends_with_status_1_and_the_pages_are_there(
    graded: GradedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(tasks: list[supervise.Task], **_: object) -> Iterator[object]:
        yield from ((task, AutograderError(f"{task.label}: no PDF")) for task in tasks)

    monkeypatch.setattr(supervise, "make_pdfs", none)
    done = CliRunner().invoke(app, ["feedback", "mini", "--out", str(graded.out), "--pdf"])
    assert done.exit_code == 1
    assert "al1815: no PDF" in done.stderr and "5 pages and 0 PDFs" in done.stdout
    assert len(list((graded.out / "feedback").rglob("feedback.html"))) == 5
