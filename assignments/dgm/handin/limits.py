"""Words and sentences of a written answer, counted as a reader would; doubt is for the student."""

from __future__ import annotations

import re

from dgm.handin.kit import CourseCell

DISPLAY_MATHS = re.compile(
    r"\s*(?:(?<!\\)\$\$(?P<dollars>.+?)(?<!\\)\$\$|\\{1,2}\[(?P<brackets>.+?)\\{1,2}\]"
    r"|\\begin\{(?P<env>[a-zA-Z]+\*?)\}(?P<body>.+?)\\end\{(?P=env)\})(?:\s+(?=[a-z,;.]))?",
    re.DOTALL,
)
# As pandoc reads it: no white space inside the dollars and no digit after them, so that "$5 and $6"
# is money.
INLINE_MATHS = re.compile(
    r"(?<![\\$])\$(?![\s$])(?:\\.|[^$\\\n]|\n(?!\s*\n))+?(?<!\s)\$(?!\d)|\\{1,2}\(.+?\\{1,2}\)"
)
SENTENCE_END = re.compile(r"[.!?\u2026]+[\"')\]*_\u201d\u2019]*(?:\s+|$)")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:[A-Z]|[Ff]igs?|[Ee]qs?|[Ss]ecs?|[Tt]ab|[Rr]efs?|[Nn]o|al|vs|cf|approx|resp"
    r"|e\.g|i\.e|etc|Dr|Prof)$"
)


def check_limits(source: str, wanted: CourseCell) -> list[str]:
    """A sentence for each limit (0 is none) that the answer exceeds."""
    start = f"{wanted.id} ({wanted.title})"
    return [f"{start} {told}" for told in exceeded(source, wanted.words, wanted.sentences)]


def exceeded(source: str, words: int, sentences: int) -> list[str]:
    """The rest of a sentence for each limit (0 is none): `has 60 words, the limit is 50.`"""
    text = plain_text(source)
    counts = (
        ("words", count_words(text), words),
        ("sentences", count_sentences(text), sentences),
    )
    return [
        f"has {count} {unit}, the limit is {limit}."
        for unit, count, limit in counts
        if 0 < limit < count
    ]


def without_comments(source: str) -> str:
    """Markdown without HTML comments (the marker is one) and without the release's placeholder."""
    text = re.sub(r"<!--.*?-->", " ", source, flags=re.DOTALL)
    return text.replace("YOUR ANSWER HERE", " ")


def plain_text(source: str) -> str:
    """The text that a reader reads, with one word in place of each formula.

    Headings and paragraphs keep their lines.
    """
    text = re.sub(r"[^\S\n]+", " ", without_comments(source.replace("\r\n", "\n")))
    # Long runs of white space would make the patterns below slow.
    text = re.sub(r"\n\s*\n", "\n\n", text)
    fenced = r"^[ \t]*(```+|~~~+).*?^[ \t]*\1[`~]*[ \t]*$"
    text = re.sub(fenced, "\n", text, flags=re.MULTILINE | re.DOTALL)
    inline = r"(?<!`)(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)"
    text = re.sub(inline, "code", text, flags=re.DOTALL)
    text = DISPLAY_MATHS.sub(_one_word, text)
    text = INLINE_MATHS.sub("formula", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"</?[a-zA-Z][^>]*>", " ", text)


def _one_word(match: re.Match[str]) -> str:
    body = match.group("dollars") or match.group("brackets") or match.group("body") or ""
    return " formula" + (". " if body.rstrip().endswith(".") else " ")


def count_words(text: str) -> int:
    """How many runs without white space have a letter or a digit.

    A dash between words separates them; the numbers of a list do not count.
    """
    text = re.sub(r"^\s*\d+[.)]\s", " ", text, flags=re.MULTILINE)
    tokens = re.split(r"\s+|\u2014|--+", text)
    return sum(any(letter.isalnum() for letter in token) for token in tokens)


def count_sentences(text: str) -> int:
    """How many sentences; a paragraph or list item without a full stop is one, a heading none."""
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)|\n(?=#)|(?<=\n)(?=#)", text)
    return sum(map(_sentences_of_a_paragraph, parts))


def _sentences_of_a_paragraph(part: str) -> int:
    part = re.sub(r"^\s*#+ .*$", "", part, flags=re.MULTILINE)
    part = re.sub(r"^\s*(?:[-*+]|\d+[.)])\s", "", part).strip()
    n_sentences, start = 0, 0
    for end in SENTENCE_END.finditer(part):
        last_word = part[max(0, end.start() - 12) : end.start()]
        rest = part[end.end() : end.end() + 1]
        if not rest.islower() and not (rest and ABBREVIATION.search(last_word)):
            n_sentences += count_words(part[start : end.end()]) > 0
            start = end.end()
    return n_sentences + (count_words(part[start:]) > 0)
