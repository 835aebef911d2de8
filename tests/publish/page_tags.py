"""The tags of a page that is shown to people, and that nothing in it can run or be loaded."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Collection
from html.parser import HTMLParser


class Tags(HTMLParser):
    """Every tag with its attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)

    def handle_data(self, data: str) -> None:
        self.text += data

    def assert_inert(self, ours: Collection[str]) -> None:
        """Nothing but our tags, nothing from elsewhere, no handler, no style but the one."""
        for tag, attributes in self.tags:
            assert tag in ours, tag
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            assert not {"src", "srcset", "data", "action", "background"} & set(attributes)
            assert (attributes.get("href") or "#").startswith("#")
        counts = Counter(tag for tag, _ in self.tags)
        assert counts["style"] == 1 and counts["script"] == int("script" in ours)


def digest_of(page: str, tag: str) -> str:
    """As a policy names what is in the page's one `style` or `script`."""
    (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy_of(page: str) -> str:
    policies = [
        attributes["content"]
        for tag, attributes in Tags(page).tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1 and policies[0]
    return policies[0]
