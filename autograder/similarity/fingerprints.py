"""What a piece of work is compared by: the parts of its code's syntax tree, or its runs of words.

Each part is known by a digest. Names that the code itself sets are numbered within the part in the
order in which they occur, so that a part is the same under other names and wherever it stands.
Nothing is run, and what one piece may cost is bounded.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from dgm.handin.blankness import MAX_PARSED_CHARS, parsed

from autograder.similarity.rewrite import rewrite
from autograder.similarity.tree import Node, tree_of

MAX_PIECE_CHARS = MAX_PARSED_CHARS
"""Of a cell; what is beyond is not compared."""
MIN_NODES = 4
"""Smaller parts, such as `x.sum(1)`, tell nothing."""
MAX_NODES = 4000
"""Of a cell; a longer one is compared line by line."""
MAX_PART_NODES = 400
"""Of a part, but for the cell as a whole: what a part costs grows with its nodes."""
MAX_LINES = 2000
MAX_LINE_TOKENS = 60
MAX_WORDS = 20_000
RUN = 5
"""Words of a run of words."""
WINDOW = 4
"""Of this many runs that follow each other, one is kept (winnowing, Schleimer et al. 2003)."""
OVERLAP = 0.5
"""Runs that are kept share half of their words with the next one."""
ATTEMPTS = 5
"""Lines that are taken out of a cell that does not parse."""
_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"\\?[^\W_]+")
_SENTENCE_END = re.compile(r"\n|(?<=[.!?])[ \t]+(?=\S)")
_COMMENT = re.compile(r"#.*")


@dataclass(frozen=True)
class Part:
    """One part of a piece, known by its digest."""

    digest: int
    n_own: float
    """Nodes (or words) that belong to no smaller part; of runs of words that overlap, half of
    them."""
    inner: tuple[int, ...]
    """The largest parts in it."""
    lines: tuple[int, int]
    """First and last line in the source."""


@dataclass(frozen=True)
class Fingerprint:
    """The parts of one piece; `whole`: the digest of all of it, 0 if it has no part."""

    parts: tuple[Part, ...] = ()
    whole: int = 0
    digests: frozenset[int] = field(default_factory=frozenset)


def of_code(source: str) -> Fingerprint:
    """The parts of a cell of code; its lines, if it cannot be parsed or is too long."""
    return _of_code(source[:MAX_PIECE_CHARS])


@lru_cache(maxsize=4096)
def _of_code(source: str) -> Fingerprint:
    tree = _parsed(source)
    if tree is not None and sum(1 for _ in ast.walk(tree)) <= MAX_NODES:
        try:
            root = tree_of(rewrite(tree))
            if root.size <= MAX_NODES:
                return _fingerprint(_parts(root))
        except (RecursionError, MemoryError):
            pass
    return _fingerprint(list(_line_parts(source)))


def of_text(text: str) -> Fingerprint:
    """The runs of words of a text, winnowed. Case, punctuation and layout do not count."""
    return _of_text(text[:MAX_PIECE_CHARS])


@lru_cache(maxsize=4096)
def _of_text(text: str) -> Fingerprint:
    words: list[tuple[str, int]] = []
    for number, line in enumerate(text_lines(text), start=1):
        words += [(word.casefold(), number) for word in _WORD.findall(line)]
        if len(words) > MAX_WORDS:
            break
    words = words[:MAX_WORDS]
    runs = [
        Part(
            _digest(["words", *(word for word, _ in words[start : start + RUN])]),
            RUN * OVERLAP,
            (),
            (words[start][1], words[start + RUN - 1][1]),
        )
        for start in range(len(words) - RUN + 1)
    ]
    kept = {
        min(range(start, min(start + WINDOW, len(runs))), key=lambda place: runs[place].digest)
        for start in range(max(len(runs) - WINDOW + 1, min(len(runs), 1)))
    }
    whole = _digest(["text", *(word for word, _ in words)]) if runs else 0
    parts = tuple(runs[place] for place in sorted(kept))
    return Fingerprint(parts, whole, frozenset(part.digest for part in parts))


def text_lines(text: str) -> list[str]:
    """The lines of a text as its parts count them: each sentence is one."""
    return _SENTENCE_END.split(text)


def _fingerprint(parts: list[Part]) -> Fingerprint:
    whole = parts[-1].digest if parts else 0
    return Fingerprint(tuple(parts), whole, frozenset(part.digest for part in parts))


def _digest(words: list[str]) -> int:
    data = "\x1f".join(words).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big") | 1


def _parsed(source: str) -> ast.Module | None:
    """The syntax tree, without the lines at which it does not parse; None if there are many."""
    lines = source.split("\n")
    for _ in range(ATTEMPTS):
        text = "\n".join(lines)
        if (tree := parsed(text)) is not None:
            return tree
        bad = _wrong_line(text)
        if not 1 <= bad <= len(lines) or not lines[bad - 1].strip():
            return None
        lines[bad - 1] = ""
    return None


def _wrong_line(text: str) -> int:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return 0


def _parts(root: Node) -> list[Part]:
    """The parts of a tree, inner ones first, the whole last."""
    made: list[Part] = []
    _collect(root, made)
    return made


def _collect(node: Node, made: list[Part]) -> tuple[list[int], int]:
    """Put the parts in `node` into `made`. Returns the digests of the largest ones in it, and the
    number of nodes that none of them has. The tree is at most as deep as Python could read it.
    """
    inner: list[int] = []
    n_own = 1
    for one in node.children:
        digests, n_nodes = _collect(one, made)
        inner += digests
        n_own += n_nodes
    whole = node.label == "cell"
    if node.size < MIN_NODES or (node.size > MAX_PART_NODES and not whole):
        return inner, n_own
    if len(node.children) == 1 and n_own == 1 and not whole and node.label == "block":
        return inner, n_own  # the same as the only statement in it
    digest = _digest(list(_words(node)))
    made.append(Part(digest, n_own, tuple(dict.fromkeys(inner)), _lines(node)))
    return [digest], 0


def _words(root: Node) -> Iterator[str]:
    """The labels of a tree from the root on, with names as numbers."""
    numbers: dict[str, int] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.name:
            yield f"@{numbers.setdefault(node.name, len(numbers))}"
        else:
            yield f"{node.label}({len(node.children)}"
        waiting += reversed(node.children)


def _lines(root: Node) -> tuple[int, int]:
    first, last, waiting = 0, 0, [root]
    while waiting:
        node = waiting.pop()
        if node.lines[0]:
            first = min(first or node.lines[0], node.lines[0])
            last = max(last, node.lines[1])
            continue
        waiting += node.children
    return first, last


def _line_parts(source: str) -> Iterator[Part]:
    """The lines of code that is no program, without blanks and comments."""
    for number, line in enumerate(source.split("\n")[:MAX_LINES], start=1):
        tokens = _TOKEN.findall(_COMMENT.sub("", line))[:MAX_LINE_TOKENS]
        if len(tokens) >= MIN_NODES:
            yield Part(_digest(["line", *tokens]), len(tokens), (), (number, number))
