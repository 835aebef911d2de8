"""A folder that mixes all platforms' files gives one class, whatever the files are called and in
whatever order they come.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.handins.course import make_course
from tests.handins.mixed import grade, make_folder, told


def test_three_shuffles_give_one_class(tmp_path: Path) -> None:
    """`python -m tests.handins.mixed` tries ten."""
    course = make_course(tmp_path / "course")
    classes = []
    for number in range(3):
        kit = make_folder(tmp_path / f"in_{number}", course, random.Random(number))
        classes.append(told(grade(kit, tmp_path / f"out_{number}", random.Random(number))))
    assert classes[0] == classes[1] == classes[2]
    by_id = {row[0]: row for row in classes[0]}
    assert len(by_id) == 9, "eight students, and what waits"
    assert by_id["finn_mixed"][3] == 3.0, "the newer attempt counts"
    assert by_id["Gul_Mixed"][1] == "Gül Mixed", "named by her own folder, not the outer one"
    assert by_id["Ivo_Mixed"][2] == "rejected"
