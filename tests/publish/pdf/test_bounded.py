"""What a stranger's text or picture may cost, piece by piece."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from pdf_cells import png, text

from autograder.align.svg import MAX_TEXT_CHARS, svg_problem, without_doctype
from autograder.intake.untrusted_text import MAX_MARKS, clean, few_marks
from autograder.publish.pdf import fragments
from autograder.publish.pdf.html_table import rows_of
from autograder.publish.pdf.typeset import Made

Make = Callable[..., Made]
NAMES = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"


def svg(body: str) -> str:
    return f"<svg {NAMES}>{body}</svg>"


def test_marks_on_a_letter_are_few_and_those_of_all_scripts_stay() -> None:
    assert few_marks("Z" + "\u0301" * 999) == "Z" + "\u0301" * MAX_MARKS
    assert len(clean("Z" + "\u0335\u0489" * 40, 80)) <= 1 + MAX_MARKS
    for said in ("क्षत्रिय", "שָׁלוֹם", "ﷺ مُحَمَّد", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "Việt ệ", "ཧཱུྃ"):
        assert few_marks(said) == said


@pytest.mark.parametrize("word", ["가", "a", "क्", "a\u2060"])
def test_a_long_word_is_typeset_before_pandoc_is_given_up(word: str, made: Make) -> None:
    result = made(text(word * (30_000 // len(word))))
    assert result.page_map.not_typeset == []


def test_a_document_is_typeset_up_to_its_number_of_characters(
    made: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = fragments.FragmentMaker
    *others, _, seconds = maker.__init__.__defaults__  # type: ignore[misc]
    monkeypatch.setattr(maker.__init__, "__defaults__", (*others, 100, seconds))
    result = made(text("*a* " * 20), text("*b* " * 20, name="r"), text("*c*", name="s"))
    assert [one.cell for one in result.page_map.not_typeset] == ["r"]


def test_a_document_is_typeset_up_to_its_time(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = fragments.FragmentMaker
    defaults = (*maker.__init__.__defaults__[:-1], 0.0)  # type: ignore[index]
    monkeypatch.setattr(maker.__init__, "__defaults__", defaults)
    result = made(text("*a* "))
    assert "took too long" in result.page_map.not_typeset[0].why


def test_a_table_of_pandas() -> None:
    html = (
        '<div><style scoped> .a { x: "<td>" } </style><table border="1"><!-- <td>no</td> --><thead>'
        '<tr style="x"><th></th><th colspan="2">lo&lt;s&amp;s</th></tr></thead><tbody><tr>'
        "<th>0</th><td>1.5<br/>x</td><td>a < b</td></tr></tbody></table></div>"
    )
    assert rows_of(html) == [["", "lo<s&s", ""], ["0", "1.5 x", "a < b"]]
    assert rows_of("<table><tr>" + "<td>a" * 20 + "</table>") == []


@pytest.mark.parametrize("body", ["<!--", "<a '", "<![CDATA[", "</", "&a", "<script><"])
def test_html_without_ends_is_read_in_linear_time(body: str) -> None:
    start = time.process_time()
    rows_of("<table><tr><td>" + body * (380_000 // len(body)))
    assert time.process_time() - start < 2


def test_what_matplotlib_draws_is_shown() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("svg")
    import io

    import matplotlib.pyplot as plt

    figure, (one, other) = plt.subplots(2)
    one.hist(range(9), hatch="//")
    other.imshow([[1, 2], [3, 4]])
    made = io.StringIO()
    figure.savefig(made, format="svg")
    plt.close(figure)
    assert "<!DOCTYPE" in made.getvalue()
    assert svg_problem(without_doctype(made.getvalue())) == ""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<image href='/etc/passwd'/>", "other files"),
        ("<image href='&#47;etc/passwd'/>", "other files"),
        ("<image xmlns:z='http://www.w3.org/1999/xlink' z:href='x.png'/>", "other files"),
        ("<use href='x.svg#a'/>", "other files"),
        ("<rect fill='url(/etc/passwd#x)'/>", "other files"),
        ("<rect style='fill:u\\72l(x)'/>", "other files"),
        ("<style>@import 'x'</style>", "other files"),
        ("<rect onclick='x'/>", "a program"),
        ("<script/>", "<script>"),
        ("<filter/>", "<filter>"),
        ("<g id='a'><use href='#a'/></g>", "too large"),
        (f"<text>{'a' * (MAX_TEXT_CHARS + 1)}</text>", "too long"),
        ("<g>" * 60 + "</g>" * 60, "too deeply"),
        ("<g>", "damaged"),
        (f"<image href='data:image/png;base64,{png(9, 9)[:20]}'/>", "damaged"),
        ("<image href='data:image/png;base64,!'/>", "not base64"),
    ],
)
def test_an_svg_that_is_not_drawn_says_why(body: str, why: str) -> None:
    assert why in svg_problem(svg(body))


def test_copies_of_copies_are_counted() -> None:
    use = "<use href='#a{}'/>"
    copies = "".join(f"<g id='a{n + 1}'>{use.format(n) * 10}</g>" for n in range(6))
    assert "too large" in svg_problem(svg(f"<rect id='a0'/>{copies}<use href='#a6'/>"))
    assert svg_problem(svg(f"<rect id='a0'/>{copies}".partition("<g id='a5'>")[0])) == ""


def test_a_dtd_is_never_read() -> None:
    entities = "<!DOCTYPE svg [<!ENTITY a 'b'>]>"
    assert "other files" in svg_problem(without_doctype(entities + svg("&a;")))
