"""`submission_metadata.yml` of a Gradescope export, however odd it is."""

from __future__ import annotations

import pytest

from autograder.errors import AutograderError
from autograder.intake.gradescope_metadata import MAX_MEMBERS, senders_in

ADA = "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: al1815\n"


def test_a_time_that_has_no_utc_costs_only_the_time() -> None:
    for time in ("0001-01-01 00:00:00 +14:00", "9999-12-31 23:59:59 -14:00", "[1]"):
        told = senders_in(f"{ADA}  :created_at: {time}\n".encode(), "x.yml")
        assert (told["submission_1"].id, told["submission_1"].time) == ("al1815", "")


def test_odd_and_many_members() -> None:
    for members in ("{a: 1}", "3", "[3, [], null]"):
        told = senders_in(f"submission_1:\n  :submitters: {members}\n".encode(), "x.yml")
        assert told["submission_1"].id == ""
    many = ADA + "".join(f"  - :name: S{n}\n" for n in range(500))
    assert len(senders_in(many.encode(), "x.yml")["submission_1"].group) == MAX_MEMBERS


def test_no_object_is_made() -> None:
    with pytest.raises(AutograderError, match=r"x\.yml cannot be read"):
        senders_in(b"!!python/object/apply:os.system ['touch owned']", "x.yml")
