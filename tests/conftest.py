"""What all tests share: one torch thread, and a skip (in CI a failure) where the machine cannot
isolate student code.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import IsolationError

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def pytest_configure() -> None:
    """Ctrl-C reaches the programs that tests start, though a shell that starts the tests in the
    background (`make test &`) has it ignored.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def root() -> Path:
    """The course's checkout."""
    return ROOT


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("sandbox") is None:
        return
    from autograder.sandbox.isolation import choose

    try:
        choose("auto")
    except IsolationError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must be able to isolate student code: {error.message}")
        pytest.skip(f"no bubblewrap here: {error.message}")
