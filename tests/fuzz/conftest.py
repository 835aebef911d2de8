"""`--fuzz-examples N`: how long to fuzz. Without it a fixed, quick set of examples, the same in
every run.
"""

from __future__ import annotations

import pytest
import strategies


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz-examples",
        type=int,
        default=0,
        metavar="N",
        help="random examples for each property of tests/fuzz (20000: about an hour)",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Unknown where pytest was started above this folder: then the quick set runs.
    strategies.LONG_RUN_EXAMPLES = config.getoption("--fuzz-examples", default=0)
