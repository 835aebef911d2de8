"""A feedback as one HTML page that opens from disk. No script, no picture, nothing requested."""

from __future__ import annotations

from pathlib import Path

from autograder.publish.feedback_pages.content import VISIBLE_ONLY, Feedback
from autograder.publish.html_page import render_page

HERE = Path(__file__).resolve().parent


def render(page: Feedback) -> str:
    """The page as HTML."""
    return render_page(HERE, {"page": page, "visible_only": VISIBLE_ONLY})
