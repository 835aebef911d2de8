"""A page that opens from disk: the frame of all such pages, and in it a template of jinja, a style
sheet, perhaps a script.

Jinja escapes all that is put in but the style sheet, the script and the policy, which are ours.
Should anything ever slip through, the page's policy lets no other script run and nothing be loaded:
style sheet and script are known by their digests.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy | safe }}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{% block title %}{% endblock %}</title>
<style>{{ style | safe }}</style>
</head>
<body>
{% block body %}{% endblock %}
{% if script %}
<script>{{ script | safe }}</script>
{% endif %}
</body>
</html>
"""


def render_page(
    folder: Path, values: Mapping[str, Any], filters: Mapping[str, Callable[..., Any]] | None = None
) -> str:
    """`folder/page.html`, which extends "frame", with `values`, page.css and page.js.

    filters: more filters of the template, by name. What they return is escaped as well.
    """
    template, texts = _parts(folder, tuple((filters or {}).items()))
    return template.render(**values, **texts)


@cache
def _parts(
    folder: Path, filters: tuple[tuple[str, Callable[..., Any]], ...]
) -> tuple[Template, dict[str, str]]:
    from jinja2 import DictLoader, Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=DictLoader({"frame": FRAME, "page": _read(folder / "page.html")}),
    )
    environment.filters.update(filters)
    style, script = _read(folder / "page.css"), _read(folder / "page.js")
    policy = ["default-src 'none'", f"style-src '{_digest(style)}'"]
    if script:
        policy.append(f"script-src '{_digest(script)}'")
    policy += ["base-uri 'none'", "form-action 'none'"]
    texts = {"style": style, "script": script, "policy": "; ".join(policy)}
    return environment.get_template("page"), texts


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _digest(text: str) -> str:
    """As a Content-Security-Policy names what may be used."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
