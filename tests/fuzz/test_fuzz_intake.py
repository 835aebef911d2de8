"""Proves that whatever bytes are handed in as a zip, intake gives a Submission within its limits,
or rejects it with one sentence.

Archives are real submissions with lies in every field of their format; each must end in time, and
takes no more memory than its own size and the limits allow, whatever sizes it claims.
"""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import (
    MIB,
    ROOT,
    Member,
    archives,
    changed,
    damaged,
    dumped,
    fuzz,
    guarded,
    safetensors_files,
    zip_bytes,
)

from autograder.course.assignment import load
from autograder.errors import RejectedSubmission
from autograder.intake.archive import IntakeLimits
from autograder.intake.read import read_submission
from autograder.intake.safetensors_header import problem_of
from autograder.intake.untrusted_text import SAFE_ID
from autograder.intake.who import attempt_number, contradictions, identify

VAE = load("vae", ROOT)
LIMITS = IntakeLimits(
    archive_bytes=MIB,
    members=40,
    unpacked_bytes=2 * MIB,
    ratio_from_bytes=MIB // 2,
    notebook_bytes=MIB // 4,
    artifacts_bytes=MIB // 8,
    manifest_bytes=16 * 1024,
    safetensors_header_bytes=16 * 1024,
)
"""Small, so that a claim of more than they allow shows in the memory that an example takes."""

NOTEBOOKS = {
    f"{name}.ipynb": (ROOT / "release" / "vae" / f"{name}.ipynb").read_bytes()
    for name in VAE.notebooks
}
MODEL_HEADER = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
MODEL = len(MODEL_HEADER).to_bytes(8, "little") + MODEL_HEADER + bytes(8)
TAKEN = NOTEBOOKS | {"artifacts/vae.safetensors": MODEL}
TOLD = {
    "schema": 1,
    "slug": "vae",
    "name": "Some One",
    "id": "s123",
    "collaborators": "None",
    "declaration": True,
    "files": {
        name: {"sha256": hashlib.sha256(content).hexdigest()} for name, content in TAKEN.items()
    },
}
FILES = TAKEN | {"submission.json": json.dumps(TOLD).encode()}


def taken_or_rejected(data: bytes, file: str = "Some_One_vae.zip") -> None:
    """The whole of what intake promises for one archive."""
    try:
        # The directory twice (bytes and objects), the archive inside, what was unpacked and one
        # chunk of it more.
        with guarded(4 * len(data) + 2 * LIMITS.unpacked_bytes + LIMITS.archive_bytes + 2 * MIB):
            submission = read_submission(data, file, VAE, LIMITS)
    except RejectedSubmission as error:
        assert (
            error.message.isprintable() and error.message.endswith(".") and len(error.message) < 700
        )
        return
    assert submission.notebooks and set(submission.notebooks) <= set(VAE.notebooks)
    assert all(len(content) <= LIMITS.notebook_bytes for content in submission.notebooks.values())
    assert sum(map(len, submission.artifacts.values())) <= LIMITS.artifacts_bytes
    for name in submission.artifacts:
        assert (
            name.startswith("artifacts/")
            and name.isascii()
            and ".." not in name.split("/")
            and "\\" not in name
        )
        assert not name.endswith(".safetensors") or problem_of(submission.artifacts[name]) is None
    student = submission.student
    assert SAFE_ID.match(student.id)
    assert student.name.isprintable() and len(student.name) <= LIMITS.name_chars
    assert len(student.collaborators or "") <= LIMITS.collaborators_chars
    assert (
        all(note.isprintable() and len(note) < 700 for note in submission.notes)
        and len(submission.notes) < 60
    )
    submission.file.encode()


def test_the_honest_submission_is_taken_whole() -> None:
    data = zip_bytes([Member(name.encode(), content) for name, content in FILES.items()], {})
    submission = read_submission(data, "Some_One_vae.zip", VAE, LIMITS)
    assert (set(submission.notebooks), set(submission.artifacts)) == (
        set(VAE.notebooks),
        {"artifacts/vae.safetensors"},
    )
    assert submission.notes == []


@fuzz(120)
@given(archives(FILES))
@example(zip_bytes([Member(b"", b"x"), Member(b"lab.ipynb", NOTEBOOKS["lab.ipynb"])], {}))
def test_archives(data: bytes) -> None:
    taken_or_rejected(data)


@fuzz(80)
@given(
    changed(TOLD).map(dumped) | damaged(FILES["submission.json"]),
    st.text(max_size=80) | st.just("Some_One_vae.zip"),
)
@example(dumped(TOLD | {"schema": "@digits:4000@"}), "Some_One_vae.zip")
def test_manifests(manifest: bytes, file: str) -> None:
    notebook = Member(b"lab.ipynb", NOTEBOOKS["theory.ipynb"])
    taken_or_rejected(zip_bytes([notebook, Member(b"submission.json", manifest)], {}), file)


@fuzz(120)
@given(safetensors_files())
def test_safetensors_headers(data: bytes) -> None:
    with guarded(200 * len(data) + MIB):
        problem = problem_of(data, LIMITS.safetensors_header_bytes)
    assert problem is None or (problem.isprintable() and len(problem) < 200)
    if problem is None:
        import safetensors.torch

        tensors = safetensors.torch.load(data)
        header_bytes = int.from_bytes(data[:8], "little")
        assert sum(tensor.nbytes for tensor in tensors.values()) == len(data) - 8 - header_bytes, (
            "what is called sound loads"
        )


@fuzz(100)
@given(st.text(max_size=300), st.text(max_size=120))
@example("-1" * 150, "a" * 120)
@example("X" + " (1)" * 60 + "_vae.zip", "ﷺ" * 120)
@example("Ada_vae" + ".zip" * 60, "")
def test_names_of_files(file: str, name: str) -> None:
    with guarded(MIB):
        student = identify(file, VAE)
        attempt_number(file, VAE)
        assert set(contradictions(file, student.id, name, VAE)) <= {"name"}
    assert (
        SAFE_ID.match(student.id)
        and student.name.isprintable()
        and len(student.name) <= LIMITS.name_chars
    )


def test_the_guard_sees_a_hang_and_an_allocation(monkeypatch: pytest.MonkeyPatch) -> None:
    import strategies

    with pytest.raises(AssertionError, match="allocated"), guarded(MIB):
        bytes(2 * MIB)
    monkeypatch.setattr(strategies, "CPU_S", 0.05)
    with pytest.raises(strategies.Hung), guarded(MIB):
        while True:
            pass
