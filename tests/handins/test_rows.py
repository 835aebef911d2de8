"""Every row of what really comes in has the right outcome."""

from __future__ import annotations

import pytest

from tests.handins.course import make_course
from tests.handins.row import ROWS
from tests.handins.run import Verdict, grade_rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    folder = tmp_path_factory.mktemp("handins")
    made = grade_rows(folder / "in", make_course(folder / "course"))
    return {one.row.name: one for one in made}


@pytest.mark.parametrize("name", list(ROWS))
def test_row(verdicts: dict[str, Verdict], name: str) -> None:
    assert not verdicts[name].problem, f"{verdicts[name].came}: {verdicts[name].problem}"
