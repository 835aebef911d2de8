"""Pages on a phone: nothing makes the page itself wider than the screen, and words stay whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from graded_class import FULL, GradedClass, write_submission

from autograder.publish.class_report.write import write_class_report
from autograder.publish.feedback_pages.write import write_feedback
from autograder.similarity.find import find_similar
from autograder.similarity.view import write_html
from benchmarks.browser import MISSING, chromium, open_browser

ODD = "def double(number):\n    return sum(half + number / 4 for half in [number / 4] * 4)"
PHONE = {"width": 390, "height": 844}
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
BROKEN = """() => [...document.querySelectorAll("thead th")].filter(cell => {
  const range = document.createRange();
  const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
  range.selectNodeContents(text);
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
  return lines.size > cell.textContent.trim().split(/\\s+/).length;
}).map(cell => cell.textContent)"""
"""Headings of columns with more lines than words."""


@pytest.mark.skipif(not chromium(), reason=MISSING)
def test_feedback_class_report_and_similar_pairs(graded: GradedClass, tmp_path: Path) -> None:
    long = "https://example.org/" + "without-a-break-" * 20
    graded.mark("al1815", "why_even", 1.5, long)
    files = write_feedback("mini", graded.root, graded.out).pages
    write_class_report(graded.out / "results" / "mini", graded.root, tmp_path / "report.html")
    folder = tmp_path / "alike"
    folder.mkdir()
    for number, name in enumerate(("Ada Alike", "Ben Alike", "Cleo Alone", "Dan Alone")):
        answers = {"double": ODD} if number < 2 else {"double": FULL}
        write_submission(graded.course, folder, f"s{number}", name, answers, "2026-01-01T10:00:00Z")
    found = find_similar("mini", graded.root, paths=[folder], min_score=-100.0)
    assert found.pairs
    write_html(found, tmp_path / "similar.html")
    with open_browser() as browser:
        page = browser.new_page(viewport=PHONE)
        for file in (*files, tmp_path / "report.html", tmp_path / "similar.html"):
            page.goto(file.as_uri())
            assert page.evaluate(WIDTHS) == [390, 390], file
            assert page.evaluate(BROKEN) == [], file
