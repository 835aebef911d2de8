"""Attacks of the catalogue in Gradescope's container: as root, without user namespaces, in a course
whose secrets are canaries. Nothing leaks, nothing is gained, and what is written is valid and there
in time.

`AUTOGRADER_EVERY_ATTACK=1` runs all of `DEAR`; else the first few do.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from test_gradescope import run

from autograder.publish.gradescope.archive import pack
from tests.hostile.attack import HONEST, Material
from tests.hostile.catalogue import catalogue
from tests.hostile.course import ROOT, PlantedCourse, plant
from tests.hostile.student_code import WON
from tests.hostile.verdict import canaries_in

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

DEAR = (
    *("reads_grader_memory", "forges_a_reply", "floods_memory_by_children", "quality_pickle"),
    *("kills_everyone", "reads_secret_file", "imports_oracles", "takes_the_processor"),
    *("searches_inherited_memory", "hunts_the_expected_value", "floods_the_output"),
    *("leaves_a_daemon", "swallows_alarms", "artifact_large", "quality_many_others"),
    *("notebook_texts_alive", "notebook_text_math_without_end", "name_html", "zip_bomb_nested"),
    *("reads_other_processes", "hoards_in_sockets", "becomes_another_program"),
)
"""The dearest and the most dangerous ones. Not `forks_without_end`: where `nobody` cannot read this
Python, the process limit does not bind (docs/isolation.md), and a thousand processes slow the
machine for a minute. A container's Python can be read.
"""
N_USUAL = 4
LIMIT_S = 240.0
"""Of the whole container: the planted course gives a submission 60 s."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> PlantedCourse:
    return plant(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def archive(planted: PlantedCourse) -> Path:
    return pack("vae", planted.root, planted.root / "dist" / "gradescope" / "vae.zip").file


@pytest.mark.parametrize(
    "name", DEAR if os.environ.get("AUTOGRADER_EVERY_ATTACK") else DEAR[:N_USUAL]
)
def test_nothing_is_gained(
    name: str, planted: PlantedCourse, archive: Path, tmp_path: Path
) -> None:
    (attack,) = (one for one in catalogue() if one.name == name)
    material = Material(ROOT, grading=Path("/autograder/source/course"), name=name)
    start = time.monotonic()
    ran = run(
        tmp_path,
        archive,
        {attack.file_name: attack.build(material)},
        memory=str(3 * 2**30),
        namespaces=False,
    )
    assert time.monotonic() - start < LIMIT_S
    if "cannot be isolated" in ran.stdout:
        pytest.skip("without user namespaces this kernel has no Landlock")
    assert canaries_in(ran.all_text.encode(), planted.canaries) == []
    assert WON not in ran.all_text
    if attack.outcome == "rejected":
        assert ran.results["score"] == 0 and not ran.results.get("tests")
        return
    points = {
        question: one["score"]
        for one in ran.results["tests"]
        for question in material.questions
        if one["name"].endswith(f"({question})") and "score" in one
    }
    assert {question for question, score in points.items() if score} <= set(HONEST)
    assert all(points[question] for question in HONEST if question not in attack.spoilt)
