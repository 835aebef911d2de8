"""What a browser may load and run on the marking page.

A student's text is shown without markup and pictures from elsewhere (align/display.py). Should
anything slip through, this policy keeps it from running, from asking another machine, and from
asking this one: a picture is shown only if the page itself contains it, so `![](/logout)` is not
fetched either.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache

_INLINE = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_HANDLER = re.compile(r"""\son[a-z]+="([^"]*)\"""")


def content_policy(scripts: Iterable[str]) -> str:
    """A Content-Security-Policy for the page below its header: these inline scripts and those of
    nbgrader's template run, and what they load.
    """
    hashes = dict.fromkeys(map(_hash, [*scripts, *nbgrader_scripts()]))
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'strict-dynamic' 'unsafe-hashes' {' '.join(hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


@cache
def nbgrader_scripts() -> tuple[str, ...]:
    """The inline scripts and handlers in the body of nbgrader's page, which are the same on every
    page (those of its header are before the policy).
    """
    from pathlib import Path

    from nbgrader.server_extensions.formgrader.handlers import template_path

    return tuple(
        script
        for file in sorted(Path(template_path, "formgrade").glob("*.j2"))
        for script in _inline(file.read_text(encoding="utf-8"))
        if script.strip() and "{{" not in script
    )


def _inline(template: str) -> Iterator[str]:
    for pattern in (_INLINE, _HANDLER):
        yield from pattern.findall(template)


def _hash(script: str) -> str:
    """As browsers compute it, after they made each line end a newline."""
    text = script.replace("\r\n", "\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
