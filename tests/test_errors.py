"""Errors go from one process to another, so every one survives pickling with all its fields."""

from __future__ import annotations

import pickle

import pytest

from autograder import errors
from autograder.errors import AutograderError, StudentError

OURS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, AutograderError)
]


def copy_of(error: Exception) -> Exception:
    return pickle.loads(pickle.dumps(error))


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_an_error_of_ours_keeps_message_and_detail(kind: type[AutograderError]) -> None:
    copy = copy_of(kind("a sentence", detail="for staff"))
    assert type(copy) is kind
    assert isinstance(copy, AutograderError)
    assert (str(copy), copy.message, copy.detail) == ("a sentence", "a sentence", "for staff")


def test_a_students_error_keeps_its_kind_line_and_end() -> None:
    copy = copy_of(StudentError("KeyError", "'x'", line=3, source="d['x']", fatal=True))
    assert isinstance(copy, StudentError)
    assert str(copy) == "KeyError: 'x'"
    assert (copy.kind, copy.message, copy.line, copy.source) == ("KeyError", "'x'", 3, "d['x']")
    assert copy.fatal
