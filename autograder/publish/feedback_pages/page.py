"""A feedback as one HTML page that opens from disk. No script, no picture, nothing requested.

Jinja escapes all that is put in but the style sheet and the policy, which are ours. Should anything
ever slip through, the page's policy lets no script run and nothing be loaded; the one style sheet
is known by its digest.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.publish.feedback_pages.content import VISIBLE_ONLY, Feedback

if TYPE_CHECKING:
    from jinja2 import Template

HERE = Path(__file__).resolve().parent


def render(page: Feedback) -> str:
    """The page as HTML."""
    template, style, policy = _parts()
    return template.render(page=page, style=style, policy=policy, visible_only=VISIBLE_ONLY)


@cache
def _parts() -> tuple[Template, str, str]:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = (HERE / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    template = environment.from_string((HERE / "page.html").read_text(encoding="utf-8"))
    return template, style, policy
