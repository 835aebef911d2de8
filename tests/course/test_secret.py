"""The course's secret: made once, never empty, never replaced."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.course import secret
from autograder.course.secret import course_secret
from autograder.errors import AutograderError


@pytest.fixture(autouse=True)
def _no_secret_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SECRET", raising=False)


def test_it_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = course_secret(tmp_path)
    assert len(first) == 32
    assert course_secret(tmp_path) == first
    assert [file.name for file in tmp_path.iterdir()] == [".autograder-secret"]
    assert stat.S_IMODE((tmp_path / ".autograder-secret").stat().st_mode) == 0o600
    monkeypatch.setenv("AUTOGRADER_SECRET", "given")
    assert course_secret(tmp_path) == "given"


def test_a_start_that_ends_while_it_writes_leaves_no_empty_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(handle: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            course_secret(tmp_path)
    assert not (tmp_path / ".autograder-secret").exists()
    assert len(course_secret(tmp_path)) == 32


def test_several_starts_at_once_read_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(course_secret, [tmp_path] * 64))
    assert len(found) == 1
    assert len(found.pop()) == 32


def test_a_start_that_comes_second_keeps_the_first_ones_secret(tmp_path: Path) -> None:
    file = tmp_path / ".autograder-secret"
    file.write_text("of the first\n")
    secret._make(file)  # as if it had looked before the first one had written
    assert course_secret(tmp_path) == "of the first"


def test_without_hard_links_it_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*names: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    first = course_secret(tmp_path)
    assert len(first) == 32
    secret._make(tmp_path / ".autograder-secret")
    assert course_secret(tmp_path) == first


@pytest.mark.parametrize("content", [b"", b" \n"])
def test_an_empty_file_is_an_error_that_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".autograder-secret").write_bytes(content)
    with pytest.raises(AutograderError, match=r"\.autograder-secret is empty.*delete the file"):
        course_secret(tmp_path)


def test_a_file_that_cannot_be_read_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / ".autograder-secret"
    file.write_bytes("café".encode("latin-1"))
    with pytest.raises(AutograderError, match=r"it is not ASCII text.*set AUTOGRADER_SECRET"):
        course_secret(tmp_path)
    file.unlink()
    file.mkdir()
    with pytest.raises(AutograderError, match=r"cannot be read or made: Is a directory"):
        course_secret(tmp_path)
