"""Words and sentences, counted as a reader would."""

from __future__ import annotations

import time

import pytest
from dgm.handin.limits import count_sentences, count_words, plain_text


@pytest.mark.parametrize(
    ("text", "n_words"),
    [
        ("", 0),
        ("YOUR ANSWER HERE", 0),
        ("<!-- question: q -->\n<!-- a\nlong comment -->", 0),
        ("one two-three don't four", 4),
        ("- one\n* two\n+ three\n1. four\n2) five", 5),
        ("in 2020 they had 3.5 nats", 6),
        ("one\u2014two \u2013 three -- four", 4),
        ("the $x$-axis and $a + b$, $c$.", 5),
        ("so\n\n$$\na = b \\$ c\n+ d\n$$\n\nand", 3),
        ("\\[ a + b \\] and \\( c d \\)", 3),
        ("\\begin{align*} a &= b \\\\ c &= d \\end{align*} end", 2),
        ("it costs $5 and $6 today", 6),
        ("a \\$ b", 2),
        ("one $a\n\nb$ two", 4),
        ("use `torch.sum(x, 1)` ``a ` b`` here", 4),
        ("before\n\n```python\nx = 1  # a b c\n```\n\nafter", 2),
        ("~~~\na drawing --> b\n~~~", 0),
        ("![the alt text](attachment:x.png) see [this paper](https://a.b/c d)", 3),
        ("<b>bold</b> text<br/> a < b", 4),
        ("# A heading\n\n**bold** *word*", 4),
        ("| a | b |\n|---|---|\n| 1 | 2 |", 4),
        ("\u00c5sa l\u00e4ser \u03bc", 3),
    ],
)
def test_words_as_a_reader_counts_them(text: str, n_words: int) -> None:
    assert count_words(plain_text(text)) == n_words


@pytest.mark.parametrize(
    ("text", "n_sentences"),
    [
        ("", 0),
        ("No full stop", 1),
        ("One. Two! Three? Four", 4),
        ('He said "no." Then (yes.) Done...', 3),
        ("Ho et al. (2020) show it in Fig. 2 and Eq. 4, i.e. there. See D. P. Kingma.", 2),
        ("One paragraph\n\nanother", 2),
        ("one line\nbroken in two", 1),
        ("We find:\n- a\n- b.\n1. c", 4),
        ("# Heading\nOne.\n\n## Another\n\nTwo.", 2),
        ("The bound is\n\n$$a = b$$\n\nwhere b is small. Yes.", 2),
        ("The bound is $$a = b.$$\n\nThen it holds.", 2),
        ("It is 3.5 nats, see torch.sum.", 1),
        ("...", 0),
        ("`a. B. C.` is code.", 1),
    ],
)
def test_sentences_with_doubt_counted_for_the_student(text: str, n_sentences: int) -> None:
    assert count_sentences(plain_text(text)) == n_sentences


def test_counting_long_hostile_text_takes_no_time() -> None:
    start = time.process_time()
    for text in (
        "$a" * 5000,
        "`" * 5000,
        "\\begin{a}" * 2000,
        "<!--" * 3000,
        "[" * 5000,
        "\n" * 10000,
        " \n" * 5000,
        " " * 10000,
        ". " * 5000,
    ):
        count_sentences(plain_text(text))
    assert time.process_time() - start < 10
