"""Chromium without a window, driven by Playwright: the machine's own, because Playwright's builds
come from outside the package registries.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VARIABLE = "AUTOGRADER_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    f"no Chromium on this machine: `apt-get install chromium`, or set {VARIABLE} to the path of one"
)


def chromium() -> str:
    """Path of the machine's Chromium; empty: there is none."""
    return os.environ.get(VARIABLE) or next(filter(None, map(shutil.which, NAMES)), "")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser that reaches this machine by its numbers, and nothing by a name."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield browser
        browser.close()
