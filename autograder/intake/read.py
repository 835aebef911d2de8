"""From files that strangers handed in to submissions: found, opened in memory, identified; or
rejected with one sentence.
"""

from __future__ import annotations

import hashlib
import re

import msgspec

from autograder.course.assignment import Assignment, matches
from autograder.errors import RejectedSubmission
from autograder.intake.archive import Budget, IntakeLimits, UntrustedZip
from autograder.intake.hand_in_time import iso, parse_time
from autograder.intake.manifest import MANIFEST, Manifest
from autograder.intake.safetensors_header import problem_of
from autograder.intake.submission import Submission
from autograder.intake.untrusted_text import EMAIL, SAFE_ID, clean, in_words, listing, safe_id, utf8
from autograder.intake.who import contradictions, identify
from autograder.report import HandedIn, Student

_SAFE_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\Z")


def read_submission(
    data: bytes, file: str, assignment: Assignment, limits: IntakeLimits | None = None
) -> Submission:
    """Open a zip (or a zip in a zip; its files at the top or in one folder) and take what belongs
    to the assignment.

    data: the archive; file: its name, for identity and the report. Nothing is written to disk and
    nothing executed. Raises RejectedSubmission with one sentence for the student.
    """
    limits = limits or IntakeLimits()
    expected = [f"{name}.ipynb" for name in assignment.notebooks]
    notes: list[str] = []
    archive, base = _open_level(data, Budget(limits), expected, 0, "The archive")
    # Below `base` paths are as in a flat submission; a notebook's spelling may differ in case, as
    # Windows allows.
    spellings = {name.casefold(): name for name in expected}
    files = {
        spellings.get(path[len(base) :].casefold(), path[len(base) :]): path
        for path in archive.paths
        if path.startswith(base)
    }

    notebooks = {
        name.removesuffix(".ipynb"): archive.read(files[name], limits.notebook_bytes)
        for name in expected
        if name in files
    }
    if missing := [name for name in expected if name not in files]:
        notes.append(
            f"{listing(missing)} is not in the archive; its questions count as not answered."
        )
    artifacts, left_out = _artifacts(archive, files, assignment, limits, notes)

    manifest = _manifest(archive, files, limits, notes)
    if manifest and manifest.slug and manifest.slug != assignment.slug:
        raise RejectedSubmission(
            f"This is a submission for {clean(manifest.slug, 40)}, but {assignment.slug} is "
            "being graded."
        )
    taken = {f"{name}.ipynb": content for name, content in notebooks.items()} | artifacts
    if manifest:
        _compare_digests(manifest, taken, notes)
    student = _student(manifest, file, assignment, limits, notes)
    handed_in = _handed_in(manifest, notes)
    used = {
        files[name]
        for name in files
        if name in taken or name == MANIFEST or matches(name, assignment.artifacts)
    }
    if ignored := [path for path in archive.paths if path not in used]:
        notes.append(f"Ignored what is not part of a submission: {listing(ignored)}.")
    return Submission(
        utf8(file), student, notebooks, artifacts, notes, handed_in, left_out=left_out
    )


def _open_level(
    data: bytes, budget: Budget, expected: list[str], level: int, what: str
) -> tuple[UntrustedZip, str]:
    """The archive that holds the notebooks, and the folder in it where they are ("" or
    "folder/").
    """
    archive = UntrustedZip(data, budget, what)
    wanted = {name.casefold() for name in expected}
    found = [path for path in archive.paths if path.rpartition("/")[2].casefold() in wanted]
    bases = {path.rpartition("/")[0] for path in found if path.count("/") <= 1}
    if "" in bases:
        return archive, ""
    if len(bases) == 1:
        return archive, bases.pop() + "/"
    if bases:
        raise RejectedSubmission(
            f"{what} holds the notebooks in several folders ({listing(sorted(bases))}). Hand "
            "in one folder."
        )
    if found:
        raise RejectedSubmission(
            f"{what} holds {listing(found)} below more than one folder. Zip the notebooks "
            "themselves."
        )
    zips = [path for path in archive.paths if path.lower().endswith(".zip")]
    if zips and level > 0:
        raise RejectedSubmission(
            "Archives are nested more than one level deep. Zip the notebooks themselves."
        )
    if len(zips) > 1:
        raise RejectedSubmission(
            f"{what} holds {len(zips)} archives and no notebook. Hand in one zip with "
            f"{listing(expected)}."
        )
    if zips:
        inner = f"The archive inside the archive ({clean(zips[0], 80)})"
        return _open_level(
            archive.read(zips[0], budget.limits.archive_bytes), budget, expected, level + 1, inner
        )
    others = [path for path in archive.paths if path.lower().endswith(".ipynb")]
    instead = (
        f"the notebooks found are {listing(others)}"
        if others
        else f"no notebook was found, only {listing(archive.paths)}"
    )
    raise RejectedSubmission(
        f"{what} has no notebook of this assignment. Expected: {listing(expected)}; {instead}."
    )


def _artifacts(
    archive: UntrustedZip,
    files: dict[str, str],
    assignment: Assignment,
    limits: IntakeLimits,
    notes: list[str],
) -> tuple[dict[str, bytes], dict[str, str]]:
    """What the student's training made, and why what is not taken was left out. A bad one costs
    only itself.
    """
    kept: dict[str, bytes] = {}
    left_out: dict[str, str] = {}
    left = limits.artifacts_bytes
    for name in sorted(path for path in files if matches(path, assignment.artifacts)):
        content = b""
        reason = _why_not_read(archive.size(files[name]), name, left, limits)
        if not reason:
            try:
                content = archive.read(files[name], left)
            except RejectedSubmission as error:
                reason = error.message
        if not reason and name.endswith(".safetensors"):
            problem = problem_of(content, limits.safetensors_header_bytes)
            reason = f"it {problem}." if problem else ""
        if reason:
            left_out[name] = reason
            notes.append(f"{clean(name, 80)} was left out: {reason}")
        else:
            left -= len(content)
            kept[name] = content
    return kept, left_out


def _why_not_read(n_bytes: int, name: str, left: int, limits: IntakeLimits) -> str:
    if not all(map(_SAFE_PART.match, name.split("/"))):
        return "its name must be made of letters, digits, '.', '_' and '-'."
    if n_bytes > left:
        return f"the artifacts are larger than {in_words(limits.artifacts_bytes)} together."
    return ""


def _manifest(
    archive: UntrustedZip, files: dict[str, str], limits: IntakeLimits, notes: list[str]
) -> Manifest | None:
    if MANIFEST not in files:
        notes.append(
            f"There is no {MANIFEST} (collect_submission.sh writes it). The student is known "
            "only by the file name."
        )
        return None
    try:
        manifest = msgspec.json.decode(
            archive.read(files[MANIFEST], limits.manifest_bytes), type=Manifest
        )
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, RejectedSubmission):
        notes.append(f"{MANIFEST} cannot be read. The student is known only by the file name.")
        return None
    if manifest.schema != 1:
        notes.append(
            f"{MANIFEST} has schema {clean(str(manifest.schema), 20)}, this grader reads 1. The "
            "student is known only by the file name."
        )
        return None
    return manifest


def _compare_digests(manifest: Manifest, taken: dict[str, bytes], notes: list[str]) -> None:
    given = {name: entry.sha256.lower() for name, entry in manifest.files.items()}
    changed = sorted(
        name
        for name, content in taken.items()
        if name in given and hashlib.sha256(content).hexdigest() != given[name]
    )
    if changed:
        notes.append(f"Changed after {MANIFEST} was written: {listing(changed)}.")
    if added := sorted(set(taken) - set(given)):
        notes.append(f"Not listed in {MANIFEST}: {listing(added)}.")
    if absent := sorted(set(given) - set(taken)):
        notes.append(f"Listed in {MANIFEST} but not used: {listing(absent)}.")


def _student(
    manifest: Manifest | None,
    file: str,
    assignment: Assignment,
    limits: IntakeLimits,
    notes: list[str],
) -> Student:
    by_file = identify(file, assignment)
    if manifest is None:
        return by_file
    name = clean(manifest.name, limits.name_chars)
    claimed = manifest.id.strip(" \t\u00a0")
    student = Student(
        id=safe_id(claimed.casefold()) if EMAIL.match(claimed) else claimed,
        name=name or by_file.name,
        declared=manifest.declaration,
        claimed_id=clean(claimed, limits.name_chars),
    )
    if manifest.collaborators is not None:
        student.collaborators = clean(manifest.collaborators, limits.collaborators_chars)
    if not SAFE_ID.match(student.id):
        student.id = by_file.id
        notes.append(
            f"The id in {MANIFEST} ({clean(manifest.id, 40) or 'empty'}) cannot be used: "
            f"{by_file.id} was taken from the file name."
        )
    # Somebody who writes another's id or name into the manifest must not go unseen.
    if differing := contradictions(file, student.id, name, assignment):
        student.contradictions = differing
        notes.append(
            f"The file name and {MANIFEST} name different students ({', '.join(differing)})."
        )
    if student.declared is not True:
        notes.append("The honesty declaration was not signed.")
    return student


def _handed_in(manifest: Manifest | None, notes: list[str]) -> HandedIn | None:
    """When the archive was made, by the clock of the student's computer."""
    if manifest is None or manifest.created in (None, ""):
        return None
    told = manifest.created if isinstance(manifest.created, str) else "no text"
    time = parse_time(told)
    if time is None:
        notes.append(
            f"The time in {MANIFEST} ({clean(told, 40)}) cannot be read. "
            "The time of handing in is unknown."
        )
        return None
    return HandedIn(time=iso(time), source="manifest")
