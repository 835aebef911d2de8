"""`nbconvert --to webpdf` with the machine's Chromium: `python -m benchmarks.webpdf NOTEBOOKS`.

nbconvert lets Playwright choose its own browser, which is downloaded from outside the package
registries. Its HTML takes MathJax and other scripts from a network; here MathJax comes from this
machine and the others are left out, so that formulas are typeset and nothing waits for a network.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jupyter_server_mathjax
from nbconvert.nbconvertapp import NbConvertApp
from playwright.async_api import BrowserType

from benchmarks.browser import chromium

MATHJAX = Path(jupyter_server_mathjax.__file__).with_name("static") / "MathJax.js"


def main(notebooks: list[str]) -> None:
    launch = BrowserType.launch

    async def with_ours(self: BrowserType, **options: Any) -> Any:
        return await launch(self, executable_path=chromium(), **options)

    BrowserType.launch = with_ours  # type: ignore[method-assign]
    mathjax = f"{MATHJAX.as_uri()}?config=TeX-AMS-MML_HTMLorMML-full,Safe"
    NbConvertApp.launch_instance(
        [
            *("--to", "webpdf", "--disable-chromium-sandbox", "--log-level=ERROR"),
            f"--HTMLExporter.mathjax_url={mathjax}",
            *("--HTMLExporter.require_js_url=", "--HTMLExporter.jquery_url="),
            "--HTMLExporter.mermaid_js_url=",
            *notebooks,
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
