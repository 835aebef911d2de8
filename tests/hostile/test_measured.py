"""Hostile files that a quality question is graded from, past the check at the door."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.assignment import load
from autograder.grading.grade import ungraded_result
from autograder.grading.quality import MEASURE_S, grade_quality
from autograder.sandbox.client import Sandbox
from tests.hostile.artifacts import KEPT, MEASURED, NOT_DRAWN, QUALITY, REFUSED, samples_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(ROOT, memory_mb=2048, cpu_s=300) as running:
        yield running


@pytest.mark.sandbox
@pytest.mark.parametrize("name", [*REFUSED, *KEPT])
def test_hostile_files_get_nothing_even_past_intake(sandbox: Sandbox, name: str) -> None:
    """Each in a worker, as if intake had not looked at its header."""
    question = load("vae", ROOT).questions["vae_samples_quality"]
    result = ungraded_result(question, None)
    grade_quality(sandbox, "vae", question, (REFUSED | KEPT)[name][1], "s", result)
    assert (result.score, result.outcome) == (0.0, "graded")
    assert result.quality is not None and result.quality.value is None
    assert result.quality.message.startswith(f"{QUALITY} ")


@pytest.mark.sandbox
@pytest.mark.parametrize("name", MEASURED)
def test_odd_samples_get_nothing_and_a_sentence(sandbox: Sandbox, name: str) -> None:
    question = load("vae", ROOT).questions["vae_samples_quality"]
    result = ungraded_result(question, None)
    start = time.monotonic()
    grade_quality(sandbox, "vae", question, MEASURED[name][1], "s", result)
    assert (result.score, result.outcome) == (0.0, "graded")
    assert result.quality is not None and result.quality.message
    assert time.monotonic() - start < MEASURE_S / 2


@pytest.mark.sandbox
@pytest.mark.parametrize("kind", NOT_DRAWN)
def test_samples_that_no_model_drew_get_nothing_class_by_class(sandbox: Sandbox, kind: str) -> None:
    """The metric that counts classes looks for copies and repeats, too."""
    question = load("diffusion", ROOT).questions["guided_samples_quality"]
    result = ungraded_result(question, None)
    grade_quality(sandbox, "diffusion", question, samples_file(kind), "s", result)
    assert (result.score, result.outcome) == (0.0, "graded")
