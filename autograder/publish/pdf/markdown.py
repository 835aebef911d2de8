"""Markdown to Typst, many texts by one pandoc process that can read no file."""

from __future__ import annotations

import contextlib
import json
import re
import selectors
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from autograder.publish.pdf.typst_text import raw_blocks, string, visible, wrapped

MAX_CHARS = 32 * 1024
"""Of a cell that is typeset; a longer one stands as it was typed."""
MAX_DEPTH = 60
CELL_S = 10.0
HEAP = "512M"
_PLACE = re.compile("\ue000([0-9]+)\ue001")
_FENCED = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_MATHJAX = re.compile(
    r"\$\$(?P<dollars>(?:(?!\n[ \t]*\n).)+?)\$\$"
    r"|\\\\\((?P<inline>.+?)\\\\\)|\\\\\[(?P<display>.+?)\\\\\]"
    r"|(?P<environment>\\begin\{(?P<name>align|aligned|equation|gather|multline|eqnarray|split)\*?\}"
    r".+?\\end\{(?P=name)\*?\})",
    re.DOTALL,
)


_RENAMED = {
    "dot.circle": "dot.o",
    "times.circle": "times.o",
    "minus.circle": "minus.o",
    "sect": "inter",
}
"""Symbols that pandoc 3.9 writes and Typst 0.15 has under another name."""
_SYMBOL = re.compile(
    r'"(?:\\.|[^"\\])*"|(?<=%\)\[)(?P<enlarged>[a-z][a-z.]+)(?=\])'
    r"|\b(?:(?:dot|times|minus)\.circle|sect)\b"
)
"""What is renamed, strings passed over. `enlarged`: the name of a delimiter after `\\big` and its
like, which pandoc puts where Typst would show the name.
"""


@dataclass
class Typeset:
    """A text in Typst, with places in it. `error`: why there is none."""

    body: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""

    def formulas(self) -> list[int]:
        return [n for n, part in enumerate(self.parts) if part["kind"] == "math"]

    def untypeset(self) -> list[int]:
        """The formulas that pandoc could not read."""
        return [n for n in self.formulas() if not self.parts[n]["typst"]]

    def formula(self, number: int) -> str:
        return str(self.parts[number]["typst"])

    def text(self, picture: Callable[[str, str], str], as_typed: frozenset[int]) -> str:
        """The Typst markup. picture: a picture's source and text alternative -> a call. as_typed:
        the formulas that stand as they were typed.
        """

        def place(match: re.Match[str]) -> str:
            number = int(match[1])
            if number >= len(self.parts):
                return ""
            return _part(self.parts[number], number in as_typed, picture)

        return _PLACE.sub(place, self.body)


def _part(part: dict[str, Any], as_typed: bool, picture: Callable[[str, str], str]) -> str:
    kind = part["kind"]
    if kind == "math":
        if as_typed or not part["typst"]:
            dollars = "$$" if part["display"] else "$"
            return f"#formula_as_typed({string(visible(dollars + part['tex'] + dollars))});"
        return str(part["typst"])
    if kind == "typst":  # markdown.lua's own
        return str(part["typst"])
    if kind == "link":
        return f"#link({string(visible(part['url'])[:2000])})["
    if kind == "code":
        return f"#code_word({string(_breakable(visible(part['text'])))});"
    if kind == "block":
        python = part["language"] in ("python", "py")
        lines = wrapped(visible(part["text"]), 88)
        return "\n".join(raw_blocks(lines, "as_typed", "python" if python else ""))
    return picture(part["source"], part["alt"])


def _renamed(match: re.Match[str]) -> str:
    return f"${match[0]}$" if match["enlarged"] else _RENAMED.get(match[0], match[0])


def _breakable(text: str) -> str:
    """Long words may break anywhere: a zero-width space after each thirty characters."""
    return re.sub(r"(\S{30})(?=\S)", "\\1\u200b", text)


def as_mathjax_reads(source: str) -> str:
    """The text with all that MathJax takes for mathematics between dollars: what stands in
    `\\\\(` or `\\\\[`, and bare environments.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\ue000{len(kept) - 1}\ue001"

    def dollars(match: re.Match[str]) -> str:
        if inline := match["inline"]:
            return f"${_one_line(inline)}$"
        return f"$${_one_line(match['dollars'] or match['display'] or match['environment'])}$$"

    text = _MATHJAX.sub(dollars, _FENCED.sub(keep, source))
    return _PLACE.sub(lambda match: kept[int(match[1])], text)


def _one_line(formula: str) -> str:
    """A formula without line ends, whose next line would be a list where it begins with a minus."""
    return " ".join(re.sub(r"(?<!\\)%.*", "", line).strip() for line in formula.split("\n")).strip()


def _depth(source: str) -> int:
    """How deep quotes, lists and braces may nest at most."""
    quotes = max((line[:400].count(">") for line in source.split("\n")), default=0)
    indent = max((len(line) - len(line.lstrip()) for line in source.split("\n")), default=0) // 2
    depth = deepest = 0
    for char in source:
        depth += char in "{[("
        depth -= char in "}])" and depth > 0
        deepest = max(deepest, depth)
    return max(quotes, min(indent, 400), deepest)


def _too_much(source: str) -> str:
    """Why a text is not given to pandoc; empty: it is."""
    if len(source) > MAX_CHARS:
        return f"it has {len(source)} characters; {MAX_CHARS} are typeset"
    return "it is nested too deeply" if _depth(source) > MAX_DEPTH else ""


def _made(answer: dict[str, Any]) -> Typeset:
    if "body" not in answer:
        return Typeset(error=f"pandoc could not read it ({str(answer.get('error'))[:200]})")
    parts = answer.get("parts") or []
    for part in parts:
        if part["kind"] == "math":
            part["typst"] = _SYMBOL.sub(_renamed, part["typst"])
    return Typeset(answer["body"], parts)


class Pandoc:
    """A pandoc that converts text after text. A context manager. A text that it cannot read, or not
    in CELL_S seconds, gives an error, and the next one a new process.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[str, Typeset] = {}
        self._prepared: dict[str, Typeset] = {}

    def __enter__(self) -> Pandoc:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):  # what it did not read any more
                        stream.close()
            self._process.wait()
            self._process = None

    def prepare(self, *groups: Iterable[str]) -> None:
        """Read the texts of a document, each group in one request, which is faster; `typeset` then
        has them. Where a text breaks its request, `typeset` reads those of its group one by one.
        """
        self._prepared = {}
        for sources in groups:
            new = (one for one in dict.fromkeys(sources) if one not in self._known)
            wanted = [one for one in new if not _too_much(one)]
            with contextlib.suppress(OSError, ValueError, TimeoutError):
                made = self._asked(wanted) if len(wanted) > 1 else []
                for source, one in zip(wanted, made, strict=True):
                    if not one.error:
                        self._prepared[source] = one

    def typeset(self, source: str, *, keep: bool = False) -> Typeset:
        """One text. keep: it is the course's, and comes again with the next student."""
        if source in self._known:
            return self._known[source]
        made = self._prepared.get(source) or self._typeset(source)
        if keep:
            self._known[source] = made
        return made

    def _typeset(self, source: str) -> Typeset:
        if why := _too_much(source):
            return Typeset(error=why)
        try:
            (made,) = self._asked([source])
        except (OSError, ValueError, TimeoutError) as error:
            slow = isinstance(error, TimeoutError)
            return Typeset(
                error=f"pandoc took more than {CELL_S:g} s" if slow else "pandoc could not read it"
            )
        return made

    def _asked(self, sources: Sequence[str]) -> list[Typeset]:
        """The texts as pandoc reads them. Raises OSError or ValueError when it ended, TimeoutError
        when it is too slow; the next request starts another.
        """
        request = json.dumps([as_mathjax_reads(visible(source)) for source in sources]) + "\n"
        try:
            answers = json.loads(self._ask(request.encode()))
            if len(answers) != len(sources):
                raise ValueError("pandoc could not write the texts")
        except (OSError, ValueError, TimeoutError):
            self.close()
            raise
        return [_made(answer) for answer in answers]

    def _ask(self, line: bytes) -> bytes:
        """Raises OSError or ValueError when pandoc ended, TimeoutError when it is too slow."""
        if self._process is None:
            self._process = subprocess.Popen(
                [pandoc_path(), "+RTS", f"-M{HEAP}", "-RTS", "lua", str(_SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={
                    "LC_ALL": "C.UTF-8",
                    "HOME": "/nonexistent",
                    "TMPDIR": tempfile.gettempdir(),
                },
                cwd="/",
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(line)
        process.stdin.flush()
        return _read_line(process.stdout, time.monotonic() + CELL_S)


_SCRIPT = Path(__file__).with_name("markdown.lua")


@cache
def pandoc_path() -> str:
    """The pandoc of the wheel pypandoc_binary."""
    import pypandoc

    return str(Path(pypandoc.__file__).parent / "files" / "pandoc")


def _read_line(stream: IO[bytes], deadline: float) -> bytes:
    """A line of a process's output that is read by nobody else."""
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while not data.endswith(b"\n"):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            part = stream.read1(2**20)  # type: ignore[attr-defined]
            if not part:
                raise ValueError("pandoc ended")
            data += part
            if len(data) > 64 * 2**20:
                raise ValueError("pandoc wrote too much")
    return bytes(data)
