"""Quality questions as they are graded: from the artifact alone, without any student code."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import nbformat
import pytest
import torch
from dgm.data import load_digits
from dgm.quality.metrics import MAX_BYTES
from safetensors.torch import save

from autograder.course.assignment import Question, load
from autograder.demo_artifacts import stand_in
from autograder.errors import WorkerError
from autograder.grading import quality as module
from autograder.grading.grade import Options, grade_one, ungraded_result
from autograder.grading.quality import arguments, fill_in, grade_quality, seed_of
from autograder.kernel import quality_score
from autograder.publish.told import told
from autograder.report import QuestionResult, Report
from autograder.sandbox.client import Sandbox

ROOT = Path(__file__).resolve().parents[2]
NAME = "vae_samples_quality"
QUESTION = load("vae", ROOT).questions[NAME]
assert QUESTION.quality is not None
ARTIFACT = QUESTION.quality.artifact


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(ROOT, memory_mb=2048, cpu_s=300) as running:
        yield running


def submission(artifacts: Mapping[str, bytes], notebooks: bool = True) -> bytes:
    """The blank release with artifacts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in sorted((ROOT / "release" / "vae").glob("*.ipynb")):
            if notebooks or file.stem == "theory":
                archive.write(file, file.name)
        for name, data in artifacts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def graded(artifacts: Mapping[str, bytes], **fields: Any) -> tuple[Report, QuestionResult, str]:
    data = submission(artifacts, **fields)
    options = Options(root=ROOT, secret="s")
    found = grade_one(data, "Ada_Full_vae.zip", "vae", options)
    (result,) = [each for each in found.report.questions if each.name == NAME]
    return found.report, result, found.notebooks.get("lab", "")


def digits(samples: torch.Tensor) -> bytes:
    return save({"samples": (127.5 * (samples + 1)).round().clamp(0, 255).to(torch.uint8)})


def measured(sandbox: Sandbox, data: bytes, question: Question = QUESTION) -> QuestionResult:
    result = ungraded_result(question, None)
    grade_quality(sandbox, "vae", question, data, "s", result)
    return result


@pytest.fixture(scope="module")
def good() -> bytes:
    return stand_in(QUESTION.quality)  # type: ignore[arg-type]


@pytest.mark.sandbox
def test_a_good_artifact_earns_its_points_and_is_shown_where_people_look(good: bytes) -> None:
    report, result, lab = graded({ARTIFACT: good})
    assert (result.score, result.outcome, result.found) == (QUESTION.points, "graded", "artifact")
    assert report.status == "graded"
    assert report.totals.auto == QUESTION.points, "the notebook is blank"
    assert result.quality is not None and result.quality.met == "full"
    assert told(result) == [result.quality.message]
    assert "full marks" in result.quality.message
    (cell,) = [
        one for one in nbformat.reads(lab, as_version=4).cells if one.get("id") == f"test_{NAME}"
    ]
    assert cell.outputs[0].text == f"{NAME}: {result.quality.message}\n"


@pytest.mark.sandbox
def test_it_earns_the_same_without_its_notebook(good: bytes) -> None:
    report, result, _ = graded({ARTIFACT: good}, notebooks=False)
    assert result.score == QUESTION.points
    assert report.totals.auto == QUESTION.points


@pytest.mark.parametrize(
    ("artifacts", "said"),
    [
        ({}, f"{ARTIFACT} is missing."),
        ({"artifacts/other.safetensors": b""}, f"{ARTIFACT} is missing."),
        ({ARTIFACT: b"\x80\x04"}, f"{ARTIFACT} was left out: it is too short"),
        ({ARTIFACT: b"\x80\x04pickle" + bytes(99)}, "it is not a safetensors file"),
    ],
)
@pytest.mark.sandbox
def test_what_cannot_be_measured_earns_nothing_and_is_explained(
    artifacts: dict[str, bytes], said: str
) -> None:
    report, result, lab = graded(artifacts)
    assert (result.score, result.outcome, result.found) == (0.0, "graded", "missing")
    assert report.status == "graded"
    assert result.quality is not None and said in result.quality.message
    assert result.quality.value is None
    assert said in lab


def test_an_artifact_over_the_size_limit_is_never_measured() -> None:
    artifacts = module.Artifacts({"a": bytes(MAX_BYTES + 1), "b": bytes(3)}, {})
    assert artifacts.find("a") == (None, "a is larger than 32 MiB. No points.")
    assert artifacts.find("b") == (bytes(3), "")


@pytest.mark.sandbox
@pytest.mark.parametrize("kind", ["copies", "noisy", "moved", "constant", "black", "noise"])
def test_samples_that_no_model_made_get_nothing(sandbox: Sandbox, kind: str) -> None:
    torch.manual_seed(0)
    real = load_digits("test")[0]
    samples = {
        "copies": real,
        "noisy": (real + 0.2 * torch.randn(real.shape)).clamp(-1, 1),
        "moved": torch.roll(real, (1, 1), (2, 3)),
        "constant": real[3:4].expand(1000, 1, 28, 28),
        "black": torch.full((1000, 1, 28, 28), -1.0),
        "noise": 2 * torch.rand(1000, 1, 28, 28) - 1,
    }[kind]
    result = measured(sandbox, digits(samples))
    assert result.score == 0.0
    assert result.quality is not None and "o points" in result.quality.message


@pytest.mark.sandbox
def test_measuring_is_stopped_in_time_and_waits_for_staff(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, good: bytes
) -> None:
    monkeypatch.setattr(module, "MEASURE_S", 0.001)
    start = time.monotonic()
    with pytest.raises(WorkerError, match="could not be measured"):
        measured(sandbox, good)
    assert time.monotonic() - start < 10


@pytest.mark.sandbox
def test_a_fault_of_ours_leaves_the_question_to_staff_and_the_rest_graded(
    monkeypatch: pytest.MonkeyPatch, good: bytes
) -> None:
    monkeypatch.setattr(module, "MEASURE_S", 0.001)
    report, result, _ = graded({ARTIFACT: good})
    assert (result.score, result.outcome, result.quality) == (None, "ungraded", None)
    assert report.status == "ungraded"
    assert [each.name for each in report.questions if each.outcome == "ungraded"] == [NAME]
    assert any("could not be measured" in note for note in report.staff_notes)


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        {"value": 1.0, "met": "double", "sentence": "", "details": {}},
        {"value": "1", "met": "full", "sentence": "", "details": {}},
        {"value": 1.0, "met": "full", "details": {}},
        {"value": 1.0, "met": "full", "sentence": "", "details": {"a": "b"}},
    ],
)
def test_a_reply_that_is_none_is_not_believed(reply: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        fill_in(QUESTION, ungraded_result(QUESTION, None), reply)


def test_half_marks_are_half_of_the_points() -> None:
    result = ungraded_result(QUESTION, None)
    fill_in(
        QUESTION, result, {"value": 1.0, "met": "half", "sentence": "so so\n\x1b", "details": {}}
    )
    assert result.score == QUESTION.points / 2
    assert result.quality is not None and result.quality.message.isprintable()


def test_the_seed_depends_on_secret_and_question_alone() -> None:
    assert seed_of("vae", NAME, "s") == seed_of("vae", NAME, "s")
    others = [("gan", NAME, "s"), ("vae", "other", "s"), ("vae", NAME, "t")]
    assert len({seed_of("vae", NAME, "s"), *(seed_of(*one) for one in others)}) == 4
    assert "seed" in arguments("vae", QUESTION, "s")


def test_plain_nbgrader_gives_the_same_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good: bytes
) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(ROOT))
    monkeypatch.setenv("AUTOGRADER_SECRET", "s")
    monkeypatch.chdir(tmp_path)
    assert quality_score("vae", NAME) == 0.0, "no file"
    (tmp_path / ARTIFACT).parent.mkdir()
    for data, score in (
        (good, QUESTION.points),
        ((2**63).to_bytes(8, "little") + b"{}", 0.0),
        (bytes(MAX_BYTES + 1), 0.0),
    ):
        (tmp_path / ARTIFACT).write_bytes(data)
        assert quality_score("vae", NAME) == score
    os.remove(tmp_path / ARTIFACT)
