"""Whether a stranger's SVG may be drawn: what it consists of, and how much it becomes.

Drawing one is Typst's work (usvg), and it does all that an SVG says: filters of any size, copies of
copies, text of any length. An SVG of a plotting library needs none of it.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from xml.etree import ElementTree

MAX_PIXELS = 4_000_000
"""Of the pictures in it."""
MAX_DEPTH = 50
MAX_TEXT_CHARS = 5_000
"""Of one text: setting a text takes quadratic time."""
MAX_ALL_TEXT_CHARS = 100_000
MAX_SIZE = 4_000_000
"""Characters of attributes and texts, with 20 for each element, once copies are written out."""
ELEMENTS = frozenset(
    (
        *("svg", "g", "defs", "symbol", "use", "a", "title", "desc", "metadata", "style"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *(
            "text",
            "tspan",
            "image",
            "clipPath",
            "pattern",
            "linearGradient",
            "radialGradient",
            "stop",
        ),
    )
)
_SVG = "{http://www.w3.org/2000/svg}"
_DOCTYPE = re.compile(r"<!DOCTYPE\s+svg\b[^\[\]<>]*>")
"""As plotting libraries write it, without entities of its own."""
_CSS_OUTSIDE = re.compile(r"url\s*\(|@import|\\", re.IGNORECASE)
_URL = re.compile(r"url\(\s*[\"']?#([^\"')\s]+)[\"']?\s*\)")
_DATA = re.compile(r"data:image/(png|jpe?g);base64,")


def without_doctype(text: str) -> str:
    """The SVG without the line that names its standard."""
    return _DOCTYPE.sub("", text[:2000], count=1) + text[2000:]


def svg_problem(text: str) -> str:
    """Why an SVG is not drawn, as the end of a sentence; empty: it may be.

    text: without its DOCTYPE (`without_doctype`).
    """
    if re.search(r"<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet", text, re.IGNORECASE):
        return "the SVG refers to other files, or holds a program"
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "replace"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return "it is not an SVG picture, or is damaged"
    return _Check(root).problem()


class _Check:
    """One SVG. Elements of other namespaces are not drawn and only have to be of bounded size."""

    def __init__(self, root: ElementTree.Element) -> None:
        self._root = root
        self._by_id: dict[str, ElementTree.Element] = {}
        self._sizes: dict[ElementTree.Element, int] = {}
        self._n_pixels = 0

    def problem(self) -> str:
        n_chars = 0
        waiting = [(self._root, 0)]
        while waiting:
            element, depth = waiting.pop()
            if problem := self._of_element(element, depth):
                return problem
            if _name(element) in ("text", "tspan"):
                n_chars += sum(map(len, element.itertext()))
            self._by_id.setdefault(element.get("id", ""), element)
            waiting += [(one, depth + 1) for one in element]
        if n_chars > MAX_ALL_TEXT_CHARS:
            return "the SVG has too much text"
        if self._size(self._root, ()) > MAX_SIZE:
            return "the SVG becomes too large when its copies are drawn"
        return ""

    def _of_element(self, element: ElementTree.Element, depth: int) -> str:
        name = _name(element)
        if depth > MAX_DEPTH:
            return "the SVG is nested too deeply"
        if element.tag.startswith(_SVG) and name not in ELEMENTS:
            return f"the SVG has <{name[:40]}>, which is not drawn"
        if name == "text" and len("".join(element.itertext())) > MAX_TEXT_CHARS:
            return "the SVG has a text that is too long"
        texts = [element.text or ""] if name == "style" else []
        texts += [value for key, value in element.items() if key.rpartition("}")[2] == "style"]
        if any(_CSS_OUTSIDE.search(_URL.sub("", one)) for one in texts):
            return "the SVG refers to other files, or holds a program"
        for key, value in element.items():
            attribute = key.rpartition("}")[2].lower()
            if attribute == "href" and (problem := self._of_href(name, value)):
                return problem
            if "url(" in _URL.sub("", value.lower()) or attribute.startswith("on"):
                return "the SVG refers to other files, or holds a program"
        return ""

    def _of_href(self, name: str, value: str) -> str:
        """Why an element may not refer to this."""
        if value.startswith("#") or name == "a":
            return ""
        match = _DATA.match(value) if name == "image" else None
        if match is None:
            return "the SVG refers to other files, or holds a program"
        try:
            raw = base64.b64decode("".join(value[match.end() :].split()), validate=True)
        except (binascii.Error, ValueError):
            return "a picture in the SVG is not base64"
        wide, high = size_of(raw, "png" if match[1] == "png" else "jpg") or (MAX_PIXELS, 2)
        self._n_pixels += wide * high
        return "a picture in the SVG is damaged or large" if self._n_pixels > MAX_PIXELS else ""

    def _size(self, element: ElementTree.Element, inside: tuple[ElementTree.Element, ...]) -> int:
        """Of an element with all that it draws; more than MAX_SIZE where it draws itself."""
        if element in self._sizes:
            return self._sizes[element]
        if element in inside or len(inside) > 4 * MAX_DEPTH:
            return MAX_SIZE + 1
        inside = (*inside, element)
        size = 20 + len(element.text or "") + sum(map(len, element.attrib.values()))
        for one in (*element, *self._drawn_by(element)):
            size += self._size(one, inside)
            if size > MAX_SIZE:
                break
        self._sizes[element] = size
        return size

    def _drawn_by(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        names = [match[1] for value in element.attrib.values() for match in _URL.finditer(value)]
        names += [
            value[1:]
            for key, value in element.items()
            if key.rpartition("}")[2] == "href" and value.startswith("#")
        ]
        return [self._by_id[name] for name in names if name in self._by_id]


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def size_of(raw: bytes, suffix: str) -> tuple[int, int] | None:
    """Width and height by the header of a PNG, JPEG or GIF; None where it has none."""
    if suffix == "png":
        if raw[:8] != b"\x89PNG\r\n\x1a\n" or len(raw) < 24:
            return None
        return struct.unpack(">II", raw[16:24])
    if suffix == "gif":
        return struct.unpack("<HH", raw[6:10]) if raw[:4] == b"GIF8" and len(raw) > 10 else None
    place = 2
    while raw[:2] == b"\xff\xd8" and place + 9 < len(raw) and raw[place] == 0xFF:
        marker = raw[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            high, wide = struct.unpack(">HH", raw[place + 5 : place + 9])
            return wide, high
        place += 2 + struct.unpack(">H", raw[place + 2 : place + 4])[0]
    return None
