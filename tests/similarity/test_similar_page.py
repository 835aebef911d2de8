"""The page side by side: what students wrote is text and nothing else."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from made_class import alone, answer, failing

from autograder.course.assignment import Assignment, Question
from autograder.similarity.common_ground import CommonGround
from autograder.similarity.find import LOOK, Similar
from autograder.similarity.pairs import compare
from autograder.similarity.view import page
from autograder.similarity.works import OWN, Piece

ATTACK = "</div><script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>\u202e\x1b[2J"
ASSIGNMENT = Assignment(
    slug="mini",
    title="Small & <b>large</b>",
    questions={
        "q": Question(title="Q", notebook="lab", kind="code", points=1, covers=[], name="q"),
        "t": Question(title="T", notebook="lab", kind="theory", points=1, covers=[], name="t"),
    },
)


def hostile() -> Similar:
    works = alone(30)
    code = answer("x").replace("return x", f"return {ATTACK!r}, {ATTACK!r}, x")
    words = " ".join(f"word{i} {ATTACK}." for i in range(40))
    for one in works[:2]:
        one.label, one.file = f"Eve {ATTACK}", f"{ATTACK}.zip"
        one.pieces = [
            Piece("q", "code", code),
            Piece("t", "text", words),
            Piece(OWN, "text", words + " own"),
        ]
        one.results["q"] = failing(0.5, "sign")
    for number, one in enumerate(works):
        one.pieces.append(Piece("t", "text", f"{number} " * 20))
        one.pieces.append(Piece(OWN, "code", answer(("own", number))))
    ground = CommonGround(given_lines=frozenset({"def f(x, y):"}))
    compared = compare(works, ["q", "t", OWN], ground)
    return Similar(ASSIGNMENT, compared, ground, compared.pairs[:3], [f"not compared: {ATTACK}"])


def test_nothing_that_a_student_wrote_is_markup() -> None:
    text = page(hostile())
    soup = BeautifulSoup(text, "html.parser")
    assert not soup.find_all(["script", "img", "iframe", "object", "link"])
    assert not [
        tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)
    ]
    assert {a["href"][0] for a in soup.find_all("a")} == {"#"}
    assert "&lt;script&gt;alert(1)" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert (
        policy.startswith("default-src 'none'; style-src 'sha256-") and "script-src" not in policy
    )


def test_it_shows_both_sides_with_what_they_share_marked() -> None:
    soup = BeautifulSoup(page(hostile()), "html.parser")
    assert LOOK in soup.get_text()
    first = soup.find(id="pair-1")
    question = next(one for one in first.find_all("details") if "Q" in one.summary.get_text())
    sides = question.find_all(class_="side")
    assert len(sides) == 2
    for side in sides:
        lines = [line for line in side.find(class_="cell").find_all("div")]
        assert lines[0]["class"] == ["given"] and "def f(x, y):" in lines[0].get_text()
        assert all(line["class"] == ["rare"] for line in lines[1:])
        assert "50% of the points, failed: sign" in side.get_text()
    assert "the same checks failed" in question.summary.get_text()
    assert "the same but for names" in question.summary.get_text()


def test_a_huge_answer_is_cut() -> None:
    works = alone(30)
    long = "\n".join(f"x{i} = f(x, {i}) + g(y, {i})" for i in range(900))
    for one in works[:2]:
        one.pieces = [Piece("q", "code", long), Piece(OWN, "code", "y = 1\n" + "# " + "x" * 30_000)]
    ground = CommonGround()
    compared = compare(works, ["q"], ground)
    text = page(Similar(ASSIGNMENT, compared, ground, compared.pairs[:1]))
    assert "Cut: the rest is in the submission." in text and len(text) < 100_000
