"""What a student can put into a notebook, rendered by formgrader's own template: nothing of it may
run or load anything.
"""

from __future__ import annotations

import base64
import io
import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import nbgrader.server_extensions.formgrader as formgrader
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode, from_dict, v4, validate

from autograder.align.align import align
from autograder.align.display import clean_markdown, shown_code
from autograder.course.assignment import Assignment, Question

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()

MARKDOWN = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "text <svg/onload=alert(1)> text",
    "<!--><script>alert(1)</script>-->",
    "<?php <script>alert(1)</script> ?>",
    "</div></div><form action=//evil.example><input name=a></form>",
    "<iframe srcdoc='&lt;script>alert(1)&lt;/script>'></iframe>",
    "<style>*{display:none}</style>",
    "<a\nhref='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](< javascript:alert(1)>)",
    "[x](java\tscript:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6a;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&Tab;:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x][r]\n\n[r]: javascript:alert(1) 'title'",
    "[x](https://a.example '\" onmouseover=alert(1) x=\"')",
    '![x" onerror="alert(1)](https://a.example/p.png)',
    "![x](attachment:p.png' onerror='alert(1))",
    "<javascript:alert(1)>",
    "$$\n<script>alert(1)</script>\n$$",
    "$<img src=x onerror=alert(1)>$",
    "\\begin{x}<script>alert(1)</script>\\end{x}",
    '```html"><script>alert(1)</script>\n<script>alert(1)</script>\n```',
    "```mermaid\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    '# "><script>alert(1)</script>',
    "| <script>alert(1)</script> | b |\n|---|---|\n| <b onclick=alert(1)>c</b> | d |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
    "<\u200bscript>alert(1)</script>",
    "<<script>script>alert(1)</script>",
]

OUTPUTS: list[dict[str, Any]] = [
    {"application/javascript": "alert(1)"},
    {
        "text/html": "<script>alert(1)</script><table "
        "onclick=alert(1)><tr><td>cell</td></tr></table>"
    },
    {"text/html": ["<img src=x ", "onerror=alert(1)>"]},
    {"text/html": "<a href='javascript:alert(1)'>x</a><a href='java&#115;cript:alert(1)'>y</a>"},
    {
        "text/html": '<button class="btn full-credit">a</button><span class="score" '
        'id="test_q" style="position:fixed">b</span>'
    },
    {
        "text/html": "<math><mtext><table><mglyph><style><img src=x "
        "onerror=alert(1)></style></table></mtext></math>"
    },
    {"text/markdown": "<script>alert(1)</script> [x](javascript:alert(1))"},
    {"image/svg+xml": "<svg onload=alert(1)><script>alert(1)</script></svg>"},
    {"image/png": f'{PNG}"><script>alert(1)</script>'},
    {"image/png": PNG, "text/html<script>": "x"},
    {"text/latex": "$<script>alert(1)</script>$"},
    {"text/plain": "<script>alert(1)</script>"},
    {"text/vnd.mermaid": "<script>alert(1)</script>"},
    {
        "application/vnd.jupyter.widget-view+json": {
            "model_id": "</script><script>alert(1)</script>"
        }
    },
]


def course() -> NotebookNode:
    answer = v4.new_markdown_cell("YOUR ANSWER HERE", id="essay")
    answer.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": "essay",
        "grade": True,
        "solution": True,
        "locked": False,
        "points": 2,
    }
    return v4.new_notebook(
        cells=[v4.new_markdown_cell("The course's <em>own</em> text", id="lab_1"), answer]
    )


@cache
def exporter() -> HTMLExporter:
    return HTMLExporter(
        template_name="formgrade",
        extra_template_basedirs=[str(Path(formgrader.__file__).parent / "templates")],
    )


ESSAY = Question(title="Essay", notebook="lab", kind="theory", points=2, covers=[], name="essay")


def shown(cells: list[NotebookNode], metadata: dict[str, Any] | None = None) -> NotebookNode:
    """The notebook that formgrader gets when a student hands in these cells."""
    data = json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata or {}, "cells": cells}
    ).encode()
    return from_dict(
        align(
            data, course(), Assignment(slug="m", title="M", questions={"essay": ESSAY}), "lab"
        ).to_notebook()
    )


def rendered(notebook: NotebookNode) -> BeautifulSoup:
    resources = {
        "index": 0,
        "total": 1,
        "base_url": "",
        "notebook_id": "lab",
        "student": "s1",
        "submission_id": "0",
        "assignment_id": "m",
    }
    return BeautifulSoup(
        exporter().from_notebook_node(notebook, resources=resources)[0], "html.parser"
    )


def assert_harmless(cells: list[NotebookNode], metadata: dict[str, Any] | None = None) -> None:
    notebook = shown(cells, metadata)
    validate(notebook)
    body = rendered(notebook).select_one("#notebook-container")
    assert body is not None
    for heading in body.select(".nbgrader_cell > .panel-heading"):  # formgrader's own buttons
        heading.decompose()
    for tag in body.find_all(True):
        assert tag.name not in {
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "button",
            "svg",
            "math",
            "base",
            "meta",
            "link",
            "style",
        }, tag
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        for name in ("href", "src"):
            value = "".join(str(tag.get(name, "")).split()).lower()
            assert not value.startswith(
                ("javascript:", "vbscript:", "data:text", "data:image/svg")
            ), tag
        assert tag.name != "img" or str(tag.get("src")).startswith("data:image/"), tag


@pytest.mark.parametrize("source", MARKDOWN)
def test_text_cells_cannot_run_anything(source: str) -> None:
    answer = v4.new_markdown_cell(source)
    answer.metadata["nbgrader"] = {"grade_id": "essay", "points": "<script>alert(1)</script>"}
    assert_harmless([answer, v4.new_markdown_cell(source), v4.new_raw_cell(source)])


@pytest.mark.parametrize("data", OUTPUTS, ids=lambda data: next(iter(data)))
def test_outputs_cannot_run_anything(data: dict[str, Any]) -> None:
    metadata = {
        "isolated": True,
        "text/html": {"isolated": True},
        "width": "1 onerror=alert(1)",
        "filenames": {"image/png": "x"},
    }
    output = NotebookNode(output_type="display_data", data=data, metadata=metadata)
    assert_harmless([v4.new_code_cell("plot()", outputs=[output])])


def test_nothing_else_in_a_notebook_can_run_anything() -> None:
    evil = '"><script>alert(1)</script>'
    code = NotebookNode(
        cell_type="code",
        id=evil,
        source=evil,
        execution_count=evil,
        metadata={"tags": [evil], "magics_language": evil, "alt": evil},
        outputs=[
            NotebookNode(output_type="stream", name=evil, text=[evil, "\x1b[31m" + evil]),
            NotebookNode(output_type="error", ename=evil, evalue=evil, traceback=[evil]),
        ],
    )
    picture = v4.new_markdown_cell(
        "![p](attachment:p.png)", attachments={"p.png": {"image/png": PNG + evil, evil: evil}}
    )
    kernel = {
        "language_info": {"name": evil, "pygments_lexer": evil},
        "title": evil,
        "widgets": {evil: evil},
    }
    assert_harmless([code, picture], kernel)


def test_what_a_grader_needs_is_still_there() -> None:
    table = NotebookNode(
        output_type="execute_result",
        data={"text/html": "<table></table>", "text/plain": "loss  0.25"},
        execution_count=1,
        metadata={},
    )
    image = NotebookNode(
        output_type="display_data",
        data={"image/png": PNG + "\n", "text/plain": "<Figure>"},
        metadata={},
    )
    answer = v4.new_markdown_cell(
        "**Bold** claim: $0 < t<T$, see [paper](https://arxiv.org/abs/1312.6114) "
        "![p](attachment:p.png)"
    )
    answer["attachments"] = {"p.png": {"image/png": PNG}}
    answer.metadata["nbgrader"] = {"grade_id": "essay"}
    cells = [course().cells[0], v4.new_code_cell("a < b", outputs=[table, image]), answer]
    body = rendered(shown(cells))
    assert "loss  0.25" in body.text
    assert not body.select("td")
    assert len(body.select(f'img[src="data:image/png;base64,{PNG}"]')) == 2
    assert body.select_one("strong").text == "Bold"  # type: ignore[union-attr]
    assert body.select_one('a[href="https://arxiv.org/abs/1312.6114"]') is not None
    assert [em.text for em in body.select("em")] == ["own"]
    assert body.select_one("input.score#essay") is not None
    assert "$0 < t< T$" in body.text


def test_only_the_first_cell_with_an_id_is_the_graded_one() -> None:
    copies = []
    for text in ("first", "second"):
        cell = v4.new_markdown_cell(text)
        cell.metadata["nbgrader"] = {"grade_id": "essay"}
        copies.append(cell)
    notebook = shown(copies)
    marks = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    assert marks.count("essay") == 1
    assert notebook.cells[marks.index("essay")].metadata.nbgrader.points == 2


def test_plain_text_is_not_changed() -> None:
    for text in (
        "a < b & c > d",
        "$x_0 \\le 1$",
        "AT&T",
        "Note: 3 < 4",
        "\\begin{matrix} a & b \\\\ c & d \\end{matrix}",
    ):
        assert clean_markdown(text) == text


@pytest.mark.parametrize(
    "source",
    [
        "see ![my drawing](attachment:lost.png)",
        "![a](<attachment:lost.png>)",
        "![a][r]\n\n[r]: attachment:lost.png",
    ],
)
def test_a_lost_attachment_does_not_lose_the_page(source: str) -> None:
    answer = v4.new_markdown_cell(source + "\n\nand the **rest** of the answer")
    body = rendered(shown([answer]))
    assert "lost.png" in str(body)
    assert "of the answer" in body.text


@pytest.mark.parametrize(
    "piece", ["\\\\[", "\\\\( a ", "\\begin{a}\n", "$$\n", "[a](", "| a ", "1. a\n", "> "]
)
@pytest.mark.parametrize("n_chars", [400, 6_000, 2_000_000])
def test_no_text_keeps_the_renderer_busy_for_long(piece: str, n_chars: int) -> None:
    """nbconvert would take hours over a few megabytes of some of these: here, and again for whoever
    opens the page.
    """
    text = "The start. " + piece * (n_chars // len(piece))
    answer = v4.new_markdown_cell(text)
    answer.metadata["nbgrader"] = {"grade_id": "essay"}
    started = time.process_time()
    page = rendered(shown([answer] + [v4.new_markdown_cell(text)] * (250_000 // len(text))))
    assert time.process_time() - started < 15
    assert "The start." in page.text


@pytest.mark.parametrize("piece", ["(", "a.", "?", "\t\n", "  ", "...", "@a ", "=!", "((\n"])
@pytest.mark.parametrize("n_cells", [1, 20])
def test_no_code_keeps_the_page_busy_for_long(piece: str, n_cells: int) -> None:
    """The lexer that formgrader colours code with takes minutes over some of these."""
    code = "start = 1\n" + piece * (200_000 // n_cells // len(piece))
    started = time.process_time()
    page = rendered(shown([v4.new_code_cell(code)] * n_cells))
    assert time.process_time() - started < 15
    assert page.text.count("start = 1") + page.text.count("# [the beginning of") >= n_cells


def test_ordinary_code_is_shown_as_it_is() -> None:
    code = "def f(x):\n    return x" + "\n\n\n    # a remark\n" * 200
    assert len(code) > 3000
    assert shown([v4.new_code_cell(code)]).cells[0].source == code
    assert shown_code("x = " + "1 + " * 200).splitlines()[1] == "# x = " + "1 + " * 99
    assert all(
        line.startswith("# ")
        for line in shown_code("a\r\x0b\x0c\u2028b" + "c" * 20_000).splitlines()
    )


def test_a_long_answer_is_rendered() -> None:
    text = "A **bold** claim about $x_0$, and so on.\n\n$$\n\\int p(x) dx = 1\n$$\n\n"
    page = rendered(shown([v4.new_markdown_cell(text * 70)]))
    assert len(page.select("strong")) == 70 and not page.select("#notebook-container pre")


def test_what_is_too_much_is_cut() -> None:
    def own(cells: list[NotebookNode]) -> list[str]:
        return [cell.source for cell in shown(cells).cells if cell.id.startswith("own")]

    (one,) = own([v4.new_markdown_cell("word " * 20_000)])
    assert len(one) < 40_000 and one.endswith("[cut: 100000 characters]")
    many = own([v4.new_markdown_cell("word " * 6_000)] * 40)
    assert sum(map(len, many)) < 150_000 and many[-1] == "    [cut: 30000 characters]"


def test_pictures_written_into_the_text_are_shown() -> None:
    text = (
        f"See ![a](data:image/png;base64,{PNG}) and ![b](data:image/jpeg;base64,{PNG}) and **more**"
    )
    answer = v4.new_markdown_cell(text, attachments={"written-1": {"image/png": PNG}})
    page = rendered(shown([answer]))
    assert len(page.select(f'img[src="data:image/png;base64,{PNG}"]')) == 1
    assert "a picture that cannot be shown" in page.text and page.select_one("strong") is not None


def test_of_the_languages_of_a_fence_only_the_plain_ones_are_kept() -> None:
    assert clean_markdown("```python\nx = 1\n```") == "```python\nx = 1\n```"
    for fence in (
        "```mermaid",
        "~~~ sql",
        "> ```perl6 x",
        "1. ~~~~`html`",
        "- - ```abap",
        "a\r```mermaid",
    ):
        cleaned = clean_markdown(f"{fence}\nx\n")
        assert not any(name in cleaned for name in ("mermaid", "sql", "perl6", "html", "abap")), (
            cleaned
        )
    assert clean_markdown("a ```b``` c") == "a ```b``` c"


FETCHED = [
    "![x](https://a.example/p.png)",
    "![](/logout)",
    "![](</user/tree/delete?x=1>)",
    "![x][r]\n\n[r]: https://a.example/p.png",
    "![r]\n\n[r]: https://a.example/p.png",
    "![x [y] z](https://a.example/p.png)",
    "!![x](https://a.example/p.png)",
    "!\u0000[x](https://a.example/p.png)",
    "![![x](https://a.example/p.png)](attachment:p.png)",
    "![x](attachment:p.png 'a') ![y](https://a.example/p.png 'b')",
    "[![x](https://a.example/p.png)](https://a.example)",
    "<img src='https://a.example/p.png'>",
    "![x](//a.example/p.png 'title')",
    "![x](\nhttps://a.example/p.png\n)",
    "$$\\style{background:url(https://a.example/p.png)}{x}$$ $\\bbox[background:url(/p.png)]{x}$",
]


@pytest.mark.parametrize("source", FETCHED)
def test_no_picture_is_fetched_from_elsewhere(source: str) -> None:
    answer = v4.new_markdown_cell(source + "\n\nand **more**")
    answer.metadata["nbgrader"] = {"grade_id": "essay"}
    answer["attachments"] = {"p.png": {"image/png": PNG}}
    body = rendered(shown([answer])).select_one("#notebook-container")
    assert body is not None and body.select_one("strong") is not None
    for tag in body.find_all("img"):
        assert str(tag.get("src")).startswith("data:image/png;base64,"), tag
    assert "\\style" not in body.text and "\\bbox" not in body.text


def test_the_link_to_a_picture_from_elsewhere_is_kept() -> None:
    answer = v4.new_markdown_cell("![my drawing](https://a.example/p.png)")
    body = rendered(shown([answer]))
    assert "picture from elsewhere, not shown" in body.text and "my drawing" in body.text
    assert body.select_one('a[href="https://a.example/p.png"]') is not None


def test_an_attached_picture_in_an_img_tag_is_shown() -> None:
    answer = v4.new_markdown_cell(
        '<img src="attachment:p.png" width="300"/> <IMG width=3 src=\'attachment:p.png\'>'
    )
    answer["attachments"] = {"p.png": {"image/png": PNG}}
    assert len(rendered(shown([answer])).select(f'img[src="data:image/png;base64,{PNG}"]')) == 2


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">'
    '<rect width="60" height="30" fill="red"/></svg>'
)


def gif() -> str:
    from PIL import Image

    made = io.BytesIO()
    frames = [Image.new("RGB", (8, 4), color) for color in ("red", "blue")]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    return base64.b64encode(made.getvalue()).decode()


def pdf() -> str:
    import typst

    page = b"#set page(width: 60pt, height: 30pt, fill: red)\n."
    return base64.b64encode(typst.compile({"main": page}, format="pdf")).decode()


@pytest.mark.parametrize("kind", ["image/svg+xml", "application/pdf", "image/gif"])
def test_figures_of_other_kinds_become_png(kind: str) -> None:
    from PIL import Image

    data = {"image/svg+xml": SVG, "application/pdf": pdf(), "image/gif": gif()}[kind]
    output = v4.new_output("display_data", {kind: data, "text/plain": "<Figure>"})
    (cell,) = [
        each
        for each in shown([v4.new_code_cell("x", outputs=[output])]).cells
        if each.id == "own-1"
    ]
    (made,) = cell.outputs
    assert (
        set(made.data) == {"image/png", "text/plain"} and "not shown" not in made.data["text/plain"]
    )
    with Image.open(io.BytesIO(base64.b64decode(made.data["image/png"]))) as picture:
        red, green, blue = picture.convert("RGB").getpixel((3, 2))
    assert red > 200 and green < 100 and blue < 100


LEFT_OUT = {
    "a figure in SVG": {"image/svg+xml": "<svg><image href='/etc/passwd'/>"},
    "a figure in PDF": {"application/pdf": "JVBERi0xLjQ="},
    "a picture in GIF": {"image/gif": base64.b64encode(b"GIF89a no").decode()},
    "a picture in PNG": {"image/png": "no base64!"},
    "a figure of plotly": {
        "application/vnd.plotly.v1+json": {"data": []},
        "text/html": "<script>1</script>",
    },
    "a figure in HTML": {
        "text/html": "<div><canvas></canvas></div>",
        "text/plain": "<HTML object>",
    },
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_figure_that_is_left_out_is_named(name: str) -> None:
    output = NotebookNode(output_type="display_data", data=LEFT_OUT[name], metadata={})
    body = rendered(shown([v4.new_code_cell("plot()", outputs=[output])]))
    assert f"[{name} is not shown here: see the submitted notebook]" in body.text


def test_a_table_is_not_a_figure() -> None:
    data = {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "   a\n0  1"}
    output = v4.new_output("execute_result", data)
    assert "not shown" not in rendered(shown([v4.new_code_cell("df", outputs=[output])])).text


def test_a_bomb_of_an_svg_ends_soon() -> None:
    uses = "".join(
        f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 12)
    )
    bomb = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="a0"/>{uses}</svg>'
    output = v4.new_output("display_data", {"image/svg+xml": bomb})
    started = time.monotonic()
    page = rendered(shown([v4.new_code_cell("x", outputs=[output])]))
    assert "a figure in SVG is not shown here" in page.text
    assert time.monotonic() - started < 60
