"""Documents typeset and read back: whatever stands in a cell, there is a PDF with it."""

from __future__ import annotations

import io
import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_cells import code, png, question, text

from autograder.publish.pdf.document import Cell, Document, Section
from autograder.publish.pdf.markdown import Pandoc
from autograder.publish.pdf.typeset import Made, typeset
from autograder.publish.pdf.typst_text import wrapped

Make = Callable[..., Made]
Pages = Callable[[bytes], list[str]]

BREAKERS = {
    "a command": r"The set \R of numbers",
    "a lone dollar": "It costs 5$ or so",
    "a path": r"C:\Users\n is a folder",
    "a new command": r"\newcommand{\foo}{bar} and a word",
    "typst": '#read("/etc/passwd") #include "/main.typ" #import "@preview/cetz:0.3.0"',
    "references": "@nobody and <nolabel> and [a link](#nowhere) and text",
    "a bracket": "unbalanced ] [ ) ( } { ` * _ and text",
    "html": "<marquee>live</marquee> text <script>alert(1)</script>",
    "a template": "{{ x }} {% y %} %s {0} text",
    "input": r"\input{/etc/passwd} text",
}

SEEN = (
    "numbers",
    "or so",
    r"C:\Users\n",
    "and a word",
    "#read(",
    "and text",
    "alert(1)",
    "{0}",
    r"\input{/etc/passwd}",
)


def shown(made: Made, pages: Pages) -> str:
    return " ".join(pages(made.pdf))


@pytest.mark.parametrize("name", BREAKERS)
def test_texts_that_break_others_pdfs_are_shown(name: str, made: Make, pages: Pages) -> None:
    result = made(text(BREAKERS[name]))
    seen = shown(result, pages)
    words = [word for word in SEEN if word in BREAKERS[name]]
    assert words and all(word in seen for word in words), seen
    assert "root:" not in seen and result.page_map.typeset == "full"


def test_a_formula_that_cannot_be_typeset_stands_as_typed_and_the_others_are_set(
    made: Make, pages: Pages
) -> None:
    result = made(text(r"Good $\frac{x}{y}$ and bad $\notacommand{x}$ and **bold**."))
    seen = shown(result, pages)
    assert r"$\notacommand{x}$" in seen and r"\frac" not in seen and "**" not in seen
    (one,) = result.page_map.not_typeset
    assert (one.cell, one.page) == ("q", 2) and one.why == "1 formula cannot be read by pandoc"


def test_what_pandoc_writes_and_typst_refuses_costs_its_formula_only(
    made: Make, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.publish.pdf import markdown

    monkeypatch.setattr(markdown, "_SYMBOL", re.compile("(?!)"))  # pandoc's names as they come
    result = made(text(r"Here $a \odot b$ fails, $\alpha^2$ does not; *slanted*."))
    seen = shown(result, pages)
    assert r"$a \odot b$" in seen and r"\alpha" not in seen and "*slanted*" not in seen
    assert len(result.page_map.not_typeset) == 1


def test_every_symbol_that_typst_renamed_is_set(made: Make) -> None:
    result = made(text(r"$a \odot b \otimes c \ominus d \cap e \sqcap f \bigcap g \bigotimes h$"))
    assert result.page_map.not_typeset == []


def test_enlarged_delimiters_are_set_and_not_named(made: Make, pages: Pages) -> None:
    names = [
        r"\lVert",
        r"\rVert",
        r"\|",
        r"\Vert",
        r"\langle",
        r"\rangle",
        r"\lfloor",
        r"\rceil",
        r"\vert",
        r"(",
        r"]",
        r"\{",
    ]
    sizes = (r"\big", r"\Bigl", r"\bigg", r"\Biggr")
    result = made(text(" ".join(f"${size}{name} x$" for size in sizes for name in names)))
    seen = shown(result, pages)
    assert result.page_map.not_typeset == []
    assert not re.search(r"parallel|[a-z]+\.[a-z]", seen.partition("The only section")[2])
    assert all(seen.count(letter) >= len(sizes) for letter in "⟨⟩⌊⌉{]")
    assert seen.count("∥") + seen.count("‖") == 4 * len(sizes)


def test_a_bad_piece_is_found_by_bisection_where_no_message_names_it(
    made: Make, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.publish.pdf import typeset

    monkeypatch.setattr(typeset._Work, "_named", lambda self, error: [])
    broken = [{"output_type": "display_data", "data": {"image/png": png(9, 9, damaged=True)}}]
    cells = [code(f"x_{n} = {n}", broken if n == 5 else []) for n in range(9)]
    result = made(*cells)
    seen = shown(result, pages)
    assert all(f"x_{n} = {n}" in seen for n in range(9)) and "it is damaged" in seen
    assert [one.what for one in result.page_map.not_typeset] == ["picture"]


def test_mathematics_as_mathjax_reads_it(made: Make, pages: Pages) -> None:
    source = (
        "$$\nf = a\n- b\n$$\n\n\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\n\n"
        "\\\\(z^2\\\\) end"
    )
    result = made(text(source), text("# Heading with $x^2$\n\ntext"))
    seen = shown(result, pages)
    assert "$" not in seen and "begin" not in seen and "end" in seen
    assert result.page_map.not_typeset == []


def test_long_lines_stay_on_the_page(made: Make, pages: Pages) -> None:
    pypdf = pytest.importorskip("pypdf")
    printed = [{"output_type": "stream", "name": "stdout", "text": "w" * 400 + "\n" + "王" * 200}]
    result = made(text("x" * 300), code("s = '" + "y" * 300 + "'", printed))
    (page,) = pypdf.PdfReader(io.BytesIO(result.pdf)).pages[1:]
    places: list[float] = []

    def visit(_text: str, _cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if _text.strip():
            places.append(tm[4] + len(_text.strip()) * size * 0.3)

    page.extract_text(visitor_text=visit)
    assert places and max(places) < float(page.mediabox.width)
    assert pages(result.pdf)[1].count("y") >= 300 and pages(result.pdf)[1].count("w") >= 400


def test_every_script_and_emoji_has_its_letters(made: Make, pages: Pages) -> None:
    source = "日本語 한국어 中文 Ελληνικά Привет ✓ 🎉"
    result = made(text(source), student_name="王小明", student_id="s1")
    seen = pages(result.pdf)
    for word in source.split():
        assert word in seen[1], word
    assert "王小明" in seen[0] and "s1" in seen[1]


def test_right_to_left_names_and_hidden_overrides(made: Make, pages: Pages) -> None:
    result = made(text("a \u202e b"), student_name="שרה כהן")
    seen = pages(result.pdf)
    assert "U+202E" in seen[1]
    assert {"ש", "ר", "ה"} <= set(seen[0])


def test_pictures_tables_tracebacks_and_progress_bars(made: Make, pages: Pages) -> None:
    pypdf = pytest.importorskip("pypdf")
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='80' height='40'>"
    svg += "<text y='20'>drawn</text></svg>"
    table = "<table><tr><th>loss</th><th>step</th></tr><tr><td>0.5</td><td>1</td></tr></table>"
    outputs = [
        {
            "output_type": "display_data",
            "data": {"image/png": png(30, 20), "text/plain": "<Figure>"},
        },
        {"output_type": "display_data", "data": {"image/svg+xml": svg}},
        {"output_type": "execute_result", "data": {"text/html": table, "text/plain": "df"}},
        {"output_type": "stream", "name": "stderr", "text": "1%\r50%\r100%\n"},
        {"output_type": "error", "traceback": ["\x1b[0;31mValueError\x1b[0m: bad", "line 2"]},
        {"output_type": "display_data", "data": {"application/x": {}}},
    ]
    result = made(code("x", outputs))
    seen = pages(result.pdf)[1]
    for word in ("drawn", "loss", "0.5", "100%", "ValueError: bad", "of a kind that is not shown"):
        assert word in seen, word
    assert (
        "<Figure>" not in seen and "df" not in seen and "50%" not in seen and "[0;31m" not in seen
    )
    assert len(pypdf.PdfReader(io.BytesIO(result.pdf)).pages[1].images) == 1


def test_attached_pictures_and_those_that_are_not_there(made: Make, pages: Pages) -> None:
    source = "![a](attachment:a.png) ![b](attachment:b.png) ![c](c.png) ![d](/etc/passwd)"
    result = made(text(source, attachments={"a.png": {"image/png": png(9, 9)}}))
    seen = shown(result, pages)
    assert "a.png" not in seen
    for name in (
        "attachment:b.png: it is not attached",
        "c.png: it is not in",
        "/etc/passwd: it is",
    ):
        assert name in seen, seen


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"image/png": png(50_000, 50_000, damaged=True)}, "50000 x 50000 pixels"),
        ({"image/png": png(9, 9, damaged=True)}, "it is damaged"),
        ({"image/png": "not base64!"}, "it is not base64"),
        ({"image/jpeg": png(9, 9)}, "it is not a JPG picture"),
        (
            {"image/svg+xml": "<svg><image href='file:///etc/passwd'/></svg>"},
            "refers to other files",
        ),
        ({"image/svg+xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><svg/>"}, "refers to other files"),
    ],
)
def test_a_picture_that_is_not_shown_says_why(
    data: dict[str, str], why: str, made: Make, pages: Pages
) -> None:
    result = made(code("before = 1", [{"output_type": "display_data", "data": data}]))
    seen = shown(result, pages)
    assert why in seen and "before = 1" in seen
    assert [one.what for one in result.page_map.not_typeset] == ["picture"]


def test_a_million_lines_are_cut(made: Make, pages: Pages) -> None:
    printed = [{"output_type": "stream", "name": "stdout", "text": "line\n" * 1_000_000}]
    result = made(code("x", printed))
    assert result.page_map.pages <= 6
    assert "are left out" in shown(result, pages)


def test_deep_nesting_stands_as_it_was_typed(made: Make, pages: Pages) -> None:
    result = made(text(">" * 500 + " deep"), text("$" + "{" * 200 + "x" + "}" * 200 + "$"))
    assert [one.why for one in result.page_map.not_typeset] == ["it is nested too deeply"] * 2
    assert "deep" in shown(result, pages)


def test_careful_shows_what_was_typed(made: Make, pages: Pages) -> None:
    result = made(text("**bold** $x^2$"), code("f(x)"), careful=True)
    seen = shown(result, pages)
    assert "**bold** $x^2$" in seen and "f(x)" in seen and result.page_map.typeset == "plain"


# Pages


def of(name: str, cells: list[Cell], pages: int = 0, blank: bool = False) -> Section:
    return Section(name, f"About {name}", 1, cells, question(name, pages=pages), blank)


def ranges(result: Made) -> dict[str, tuple[int, int]]:
    return {one.name: (one.first, one.last) for one in result.page_map.questions}


def test_each_question_starts_a_page_and_bookmarks_lead_there(made: Make, pages: Pages) -> None:
    pypdf = pytest.importorskip("pypdf")
    result = made(of("one", [text("First.")]), of("two", [text("x\n\n" * 120)]), of("three", []))
    last = result.page_map.pages
    assert last > 5
    assert ranges(result) == {"one": (2, 2), "two": (3, last - 1), "three": (last, last)}
    reader = pypdf.PdfReader(io.BytesIO(result.pdf))
    marks = [
        (str(one.title), reader.get_destination_page_number(one) + 1) for one in reader.outline
    ]
    assert marks == [
        ("About one (2 points)", 2),
        ("About two (2 points)", 3),
        ("About three (2 points)", last),
    ]
    assert f"page 2 of {last}" in pages(result.pdf)[1] and len(reader.pages) == last


def test_a_fixed_number_of_pages(made: Make, pages: Pages) -> None:
    long = text("\n\n".join(f"Paragraph {n} of a long answer." for n in range(90)))
    longest = [text("\n\n".join(f"Part {k}, line {n}." for n in range(40))) for k in range(8)]
    result = made(
        of("short", [text("Yes.")], 3),
        of("none", [text("", blank=True)], 2, blank=True),
        of("shrunk", [long], 2),
        of("cut", longest, 1),
        of("last", [text("End.")], 1),
    )
    assert ranges(result) == {
        "short": (2, 4),
        "none": (5, 6),
        "shrunk": (7, 8),
        "cut": (9, 9),
        "last": (10, 10),
    }
    told = {one.name: one for one in result.page_map.questions}
    assert told["shrunk"].shrunk < 1 and told["cut"].continued_at == 11
    seen = pages(result.pdf)
    assert "This page is blank" in seen[2] and "No answer was handed in" in seen[4]
    assert "Paragraph 89" in seen[7] and "shown in full on page 11" in seen[8]
    assert "Part 7, line 39" in " ".join(seen[10:])


# Class


def for_a_class(pandoc: Pandoc, folder: Path, name: str, courses: Path) -> Made:
    """A student's document in a folder, after others of the class."""
    cells = [
        text("What is $x$?", kind="course"),
        code("given()", kind="course"),
        text(f"It is {name}'s."),
    ]
    document = Document(
        *("Mini", "mini"),
        student_id=name[:1],
        student_name=f"{name} Last",
        sections=[Section("only", "The only one", 1, cells)],
    )
    folder.mkdir()
    return typeset(document, folder, pandoc, courses=courses)


def test_what_the_next_student_has_as_well_is_written_once(
    pandoc: Pandoc, tmp_path: Path, pages: Pages
) -> None:
    """Typst keeps layouts by content and style, so nothing of a student may be a style."""
    pypdf = pytest.importorskip("pypdf")
    courses = tmp_path / "course"
    courses.mkdir()
    for_a_class(pandoc, tmp_path / "first", "Ada", courses)
    kept = {file: file.stat().st_mtime_ns for file in courses.iterdir()}
    made = for_a_class(pandoc, tmp_path / "second", "Ben", courses)
    assert len(kept) == 2
    assert kept == {file: file.stat().st_mtime_ns for file in courses.iterdir()}
    assert not any("Ada" in file.read_text() for file in courses.iterdir())
    (theirs,) = (tmp_path / "second" / "student").iterdir()
    assert "Ben" in theirs.read_text()
    lines = (tmp_path / "second" / "main.typ").read_text().rstrip().splitlines()
    styles = [line for line in lines[:-1] if line.startswith(("#set", "#show")) and "Ben" in line]
    assert styles == [] and lines[-1].startswith("#set document(title:")
    seen = " ".join(pages(made.pdf))
    assert "What is 𝑥?" in seen and "given()" in seen and "Ben's" in seen and "Ada" not in seen
    assert "Ben Last · B" in pages(made.pdf)[-1]
    assert pypdf.PdfReader(io.BytesIO(made.pdf)).metadata.title == "Mini · Ben Last · B"


def test_half_a_text_of_the_courses_does_not_stay(
    pandoc: Pandoc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses = tmp_path / "course"
    courses.mkdir()
    write = Path.write_text

    def full_disk(file: Path, data: str, *rest: str, **more: str) -> int:
        if file.parent.name == "course":
            write(file, data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        return write(file, data, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full_disk)
        with pytest.raises(OSError, match="No space"):
            for_a_class(pandoc, tmp_path / "first", "Ada", courses)
    assert list(courses.iterdir()) == []
    assert for_a_class(pandoc, tmp_path / "second", "Ben", courses).page_map.not_typeset == []


def test_texts_read_at_once_are_read_as_one_by_one() -> None:
    texts = [
        *BREAKERS.values(),
        "# Head\n\ntext[^1]\n\n[^1]: a note with $y$",
        "| a | b |\n| -- | -- |\n| $x$ | c |",
        "$$\\foo{$$ and $\\frac{1}{2}$, $ 5 and $ 6",
        "    code of a kind\n\n> - a quote $z$",
        "---\ntitle: t\n---\n\nan answer",
        "[x]: https://example.org\n\n[x] and `a`{=typst}",
        ">" * 500 + " deep",
        "",
    ]
    with Pandoc() as one_by_one, Pandoc() as at_once:
        at_once.prepare(texts)
        assert len(at_once._prepared) == len(texts) - 1
        assert [at_once.typeset(one) for one in texts] == [one_by_one.typeset(one) for one in texts]
        at_once.prepare([])
        assert at_once._prepared == {}, "a document's texts do not stay for the next"


def test_no_text_can_pass_for_the_end_of_one_or_for_a_place_in_it() -> None:
    """pandoc makes letters of entities, and our own are among them."""
    forged = ["two &#xE000;|&#xE001; more", "four &#xE000;0&#xE001; $z$", "&#xE001;" * 70]
    texts = ["one $x$", forged[0], "three $y$ *b*", *forged[1:], "the last $w$"]
    with Pandoc() as one_by_one, Pandoc() as at_once:
        at_once.prepare(texts)
        made = [at_once.typeset(one) for one in texts]
        assert made == [one_by_one.typeset(one) for one in texts]
    assert [one.body for one in made if "\ue000|" in one.body] == []
    assert made[1].body == "two | more" and made[3].body == "four 0 \ue0000\ue001"
    assert made[4].body == ""


@pytest.mark.parametrize("problem", [ValueError("pandoc ended"), TimeoutError()])
def test_a_text_that_breaks_the_request_costs_itself(
    problem: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Pandoc._ask

    def breaks(self: Pandoc, line: bytes) -> bytes:
        if b"bad" in line:
            raise problem
        return ask(self, line)

    monkeypatch.setattr(Pandoc, "_ask", breaks)
    with Pandoc() as pandoc:
        pandoc.prepare(["good $x$", "bad", "better"])
        made = [pandoc.typeset(one) for one in ("good $x$", "bad", "better")]
    assert [bool(one.error) for one in made] == [False, True, False]


def test_what_looks_like_metadata_is_shown(made: Make, pages: Pages) -> None:
    seen = shown(made(text("---\ntitle: My heading\n---\n\nThe answer.")), pages)
    assert "My heading" in seen and "The answer" in seen


def test_pieces_of_long_lines_are_no_wider_than_the_page() -> None:
    def width(line: str) -> int:
        return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)

    draw = random.Random(0)
    for letters in ("ab ", "漢字", "a 漢", "word and 言葉 "):
        line = "".join(draw.choice(letters) for _ in range(400))
        pieces = wrapped(line, 20)
        assert max(map(width, pieces)) <= 20
        assert "".join(piece.removeprefix("↪ ") for piece in pieces) == line


def test_equal_pieces_that_cannot_be_typeset_are_all_replaced(
    made: Make, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.publish.pdf import markdown

    monkeypatch.setattr(markdown, "_SYMBOL", re.compile("(?!)"))
    twice = [text(r"Twice $c \odot d$ fails.", name=f"b{n}") for n in range(2)]
    result = made(text("A"), *twice)
    assert [one.cell for one in result.page_map.not_typeset] == ["b0", "b1"]
    assert shown(result, pages).count(r"$c \odot d$") == 2
