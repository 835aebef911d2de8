"""What of a stranger's cell may be shown to the person who grades: text in which no markup acts,
and outputs that cannot run.

nbgrader's formgrader renders notebooks without cleaning them, on the origin of the grader's own
Jupyter server: a script in an output or a text cell could read every notebook there, change grades
and open a terminal.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Container
from typing import Any

from dgm.handin.cell_rules import joined

from autograder.align.rasterise import Rasteriser

MAX_OUTPUTS = 100
MAX_ALL_OUTPUTS = 2000
"""Of a cell, and of a notebook: nbformat and nbgrader validate each of them several times, at 0.1
ms a time.
"""
MAX_OUTPUT_CHARS = 64 * 1024
MAX_IMAGE_CHARS = 6 * 1024 * 1024
MAX_TEXT_CHARS = 32 * 1024
MAX_ALL_TEXT_CHARS = 128 * 1024
"""Of a text cell, and of all of a notebook: Markdown takes nbconvert up to 10 microseconds a
character, wherever it is shown.
"""
MAX_STEPS = 2**23
"""Characters of a text cell times the places from which nbconvert searches the rest of it for an
end: ten million take 0.1 s.
"""
MAX_CODE_CHARS = 8 * 1024
MAX_ALL_CODE_CHARS = 48 * 1024
"""Of a cell of code, and of all of a student's, that are shown as they are: nbconvert colours them
in quadratic time.
"""
CUT_CODE = "# [the beginning of "
"""How a cell starts of which `shown_code` shows the beginning alone."""
COLUMNS = 400

_IMAGE_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
# In HTML a tag starts with `<` and one of these; after a space `<` is only a sign, and `0 < t`
# still typesets as mathematics.
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)")
# Markdown drops a backslash before punctuation, so `javascript\:` would come back as a scheme. A
# space has broken it already.
_SCRIPT_SCHEME = re.compile(r"(javascript|vbscript|data)(?! )(?=[\\\s]*:)", re.IGNORECASE)

# A fence names the language of its code: Mermaid's is a program, and many of pygments' hundreds of
# lexers can be made to take forever.
_FENCE = re.compile(
    r"^([ \t>*+\-0-9.)]*(?:```+(?=[^`\n]*$)|~~~+))(?![ \t]*(?:python|py|text)[ \t]*$)[^\n]+$",
    re.MULTILINE,
)
# MathJax sets what these say as CSS, which can name a picture elsewhere, or fetches a part of
# itself.
_TEX_THAT_LOADS = re.compile(r"\\(?=(?:style|bbox|require)(?![A-Za-z]))")
_TITLE = r"""[ \t]+(?:"[^"'()\[\]\n]*"|'[^"'()\[\]\n]*')"""
_IMAGE = re.compile(rf"!\[(?:([^\[\]]*)\](\([^()\s]*(?:{_TITLE})?\))?)?")
_ATTACHED = re.compile(r"\(attachment:([^()\s]+)")
_HTML_IMAGE = re.compile(
    r"<img\b[^<>]*?\bsrc\s*=\s*[\"']?attachment:([A-Za-z0-9_.-]+)[^<>]*>", re.IGNORECASE
)
_ODD_LAYOUT = re.compile(rf"[^\n]{{{COLUMNS + 1}}}|\s{{200}}")
_BEGINNING = re.compile(r"\[|\\\\\(|\\begin\{|\$\$")


def clean_markdown(source: str) -> str:
    """The same text, in which no HTML tag, character entity or `javascript:` link is left for a
    renderer to act on. Once is enough.
    """
    plain = _FENCE.sub(r"\1", source.replace("\r\n", "\n").replace("\r", "\n"))
    plain = _TEX_THAT_LOADS.sub(r"\\ ", _HTML_IMAGE.sub(r"![](attachment:\1)", plain))
    return _SCRIPT_SCHEME.sub(r"\1 ", _ENTITY.sub("& ", _TAG_START.sub("< ", plain)))


def shown_markdown(
    source: str, attachments: dict[str, dict[str, str]], left: int = MAX_ALL_TEXT_CHARS
) -> str:
    """A stranger's text as Markdown that nbconvert renders, soon and without error, and in which
    nothing can run.

    attachments: the pictures that come with it, as `images` gives them. left: characters that the
    notebook may still show. What cannot be rendered is shown as it was typed, in a block of code:
    for one cell that it cannot render, nbconvert refuses the whole notebook.
    """
    cleaned = _without_missing_images(clean_markdown(source), attachments)
    cleaned = _without_pictures_from_elsewhere(cleaned, attachments)
    limit = min(MAX_TEXT_CHARS, left)
    simple = len(cleaned) <= limit and len(cleaned) * len(_BEGINNING.findall(cleaned)) <= MAX_STEPS
    if simple and _can_be_rendered(cleaned, attachments):
        return cleaned
    pieces = _pieces(cleaned[:limit])
    if len(cleaned) > limit:
        pieces.append(f"[cut: {len(cleaned)} characters]")
    return "\n".join(f"    {piece}" for piece in pieces)


def _pieces(text: str) -> list[str]:
    """The lines of a text, long ones in several."""
    return [
        line[start : start + COLUMNS]
        for line in text.splitlines()
        for start in range(0, len(line) or 1, COLUMNS)
    ]


def shown_code(source: str, left: int = MAX_ALL_CODE_CHARS) -> str:
    """A stranger's code as it may be shown: its beginning, as comments, where colouring it would
    take minutes.

    left: characters of code that the notebook may still show.
    """
    limit = min(MAX_CODE_CHARS, left)
    if len(source) <= limit and not _ODD_LAYOUT.search(source):
        return source
    note = (
        f"{CUT_CODE}{len(source)} characters, as comments, because of their number or their layout]"
    )
    return "\n".join([note, *(f"# {piece}" for piece in _pieces(source[: limit // 2]))])


def _without_missing_images(text: str, attachments: Container[str]) -> str:
    """The text without any `attachment:` that is not there, however the colon is escaped."""

    def kept(match: re.Match[str]) -> str:
        return match[0] if match[1] == ":" and match[2] in attachments else f"attachment {match[2]}"

    return re.sub(r"attachment(\\?:)([^\s)]*)", kept, text)


def _without_pictures_from_elsewhere(text: str, attachments: Container[str]) -> str:
    """The text in which only attached pictures are left as pictures. The browser of whoever grades
    would fetch the others, with their cookies: `![](https://...)` tells that they are reading, and
    `![](/logout)` acts.
    """

    def kept(match: re.Match[str]) -> str:
        attached = _ATTACHED.match(match[2] or "")
        if attached and attached[1] in attachments:
            return match[0]
        if match[1] is None:  # it may become one with what follows
            return "! ["
        return f" (picture from elsewhere, not shown:) [{match[1] or 'no title'}]{match[2] or ''}"

    return _IMAGE.sub(kept, text)


def _can_be_rendered(markdown: str, attachments: dict[str, dict[str, str]]) -> bool:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    try:
        MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments)).render(
            markdown
        )
    except Exception:  # whatever it is that a stranger's text does to a parser
        return False
    return True


def shown_outputs(
    outputs: list[Any],
    execution_count: int | None,
    left: int = MAX_ALL_OUTPUTS,
    rasteriser: Rasteriser | None = None,
) -> list[dict[str, Any]]:
    """A cell's outputs as valid nbformat 4 in which nothing can run: text, and PNG or JPEG images,
    cut to size. Figures of other kinds become PNG by the notebook's `rasteriser`; a figure that is
    left out is named.

    left: how many the notebook may still show. At most that many and MAX_OUTPUTS, of which the last
    says how many are left out (and always one for that). What was made here comes back the same
    when it is given again.
    """
    limit = min(MAX_OUTPUTS, left)
    n_kept = len(outputs) if len(outputs) <= limit else max(limit - 1, 0)
    made = [
        output
        for raw in outputs[:n_kept]
        if isinstance(raw, dict)
        and (output := _output(raw, execution_count, rasteriser or Rasteriser()))
    ]
    if n_kept < len(outputs):
        text = f"[{len(outputs) - n_kept} more outputs are not shown]\n"
        made.append({"output_type": "stream", "name": "stdout", "text": text})
    return made


def _output(
    raw: dict[Any, Any], execution_count: int | None, rasteriser: Rasteriser
) -> dict[str, Any] | None:
    kind = raw.get("output_type")
    if kind == "stream":
        return {
            "output_type": "stream",
            "name": "stderr" if raw.get("name") == "stderr" else "stdout",
            "text": _cut(raw.get("text")),
        }
    if kind == "error":
        lines = raw.get("traceback")
        traceback = _cut(
            "\n".join(line for line in lines if isinstance(line, str))
            if isinstance(lines, list)
            else ""
        )
        return {
            "output_type": kind,
            "ename": _cut(raw.get("ename")),
            "evalue": _cut(raw.get("evalue")),
            "traceback": traceback.split("\n"),
        }
    if kind not in ("display_data", "execute_result") or not isinstance(raw.get("data"), dict):
        return None
    data: dict[str, Any] = images(raw["data"], rasteriser)
    if joined(raw["data"].get("text/plain")) is not None:
        data["text/plain"] = _cut(raw["data"]["text/plain"])
    # HTML, SVG, LaTeX, widgets and scripts would be live in the page of the person who grades.
    if not data.keys() & _IMAGE_MAGIC.keys() and (kind_left_out := _figure(raw["data"])):
        said = f"[{kind_left_out} is not shown here: see the submitted notebook]"
        text = data.get("text/plain", "")
        data["text/plain"] = text if said in text else f"{text}\n{said}".lstrip("\n")
    data = data or {"text/plain": "[an output of a kind that is not shown to graders]"}
    extra = {"execution_count": execution_count} if kind == "execute_result" else {}
    return {"output_type": kind, "data": data, "metadata": {}, **extra}


FIGURES = {
    "image/svg+xml": "a figure in SVG",
    "application/pdf": "a figure in PDF",
    "image/gif": "a picture in GIF",
    "image/png": "a picture in PNG",
    "image/jpeg": "a picture in JPEG",
    "application/vnd.plotly.v1+json": "a figure of plotly",
    "application/vnd.bokehjs_exec.v0+json": "a figure of bokeh",
}
"""How what is left out is called, by its kind."""
_FIGURE_IN_HTML = re.compile(r"<(?:svg|img|canvas|video|iframe|script)\b", re.IGNORECASE)


def _figure(data: dict[Any, Any]) -> str:
    """What figure an output has that cannot be shown; empty if it has none."""
    for mime, name in FIGURES.items():
        if mime in data:
            return name
    if any(isinstance(mime, str) and mime.startswith("application/vnd.vega") for mime in data):
        return "a figure of Vega"
    if _FIGURE_IN_HTML.search(joined(data.get("text/html")) or ""):
        return "a figure in HTML"
    return ""


def images(data: dict[Any, Any], rasteriser: Rasteriser | None = None) -> dict[str, str]:
    """The PNG and JPEG of a MIME bundle, proved to be base64 (it goes unescaped into an attribute
    of the page) of such an image. Where there is none, `rasteriser` makes a PNG of SVG, PDF or GIF.
    """
    kept = {}
    for mime, magic in _IMAGE_MAGIC.items():
        encoded = "".join((joined(data.get(mime)) or "").split())
        if not encoded or len(encoded) > MAX_IMAGE_CHARS:
            continue
        try:
            content = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue
        if content.startswith(magic):
            kept[mime] = encoded
    if not kept and rasteriser and (made := rasteriser.png(data)):
        kept["image/png"] = made
    return kept


def _cut(value: Any) -> str:
    text = joined(value) or ""
    if len(text) <= MAX_OUTPUT_CHARS:
        return text
    note = f"\n[cut: {len(text)} characters]\n"
    return text[: MAX_OUTPUT_CHARS - len(note)] + note
