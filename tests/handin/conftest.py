"""The kit that each test has to itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from student_kit import Kit


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    outbox = tmp_path / "my outbox"
    outbox.mkdir()
    made = Kit(tmp_path / "my kit" / "vae", outbox)
    made.save()
    return made
