"""From files that strangers handed in to submissions: found, opened in memory, identified; or
rejected with one sentence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

import msgspec
from dgm.handin.look_alikes import is_notebook, look_alikes

from autograder.course.assignment import MAX_GROUP, Assignment, matches
from autograder.course.parts import notebooks_in, parts_with
from autograder.errors import RejectedSubmission
from autograder.intake.archive import Budget, IntakeLimits, UntrustedZip
from autograder.intake.hand_in_time import iso, parse_time
from autograder.intake.large_outputs import without_large_outputs
from autograder.intake.manifest import MANIFEST, Manifest, decode_manifest
from autograder.intake.safetensors_header import problem_of
from autograder.intake.submission import Submission
from autograder.intake.tar_archive import is_tar, tar_as_zip
from autograder.intake.untrusted_text import EMAIL, SAFE_ID, clean, in_words, listing, safe_id, utf8
from autograder.intake.which_notebook import choose_files
from autograder.intake.who import (
    contradictions,
    identify,
    platform_contradicts,
)
from autograder.report import HandedIn, Member, Sender, Student

MAX_ALSO = 3
"""Look-alikes that are opened if the notebook itself is blank."""
LARGE_BYTES = 8 * 2**20
"""From here on the outputs of a notebook are looked through."""
_SAFE_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\Z")


def read_submission(
    data: bytes,
    file: str,
    assignment: Assignment,
    limits: IntakeLimits | None = None,
    sender: Sender | None = None,
) -> Submission:
    """Open a zip (or a zip in a zip; its files at the top or in one folder) and take what belongs
    to the assignment.

    data: the archive; file: its name, for identity and the report; sender: who uploaded it, by the
    learning platform. Nothing is written to disk and
    nothing executed. Raises RejectedSubmission with one sentence for the student.
    """
    limits = limits or IntakeLimits()
    if is_tar(data):
        data = tar_as_zip(data, limits)
    expected = [f"{name}.ipynb" for name in assignment.notebooks]
    archive, base = _open_level(data, Budget(limits), expected, 0, "The archive")
    notes = list(archive.notes)
    # Below `base` paths are as in a flat submission; a notebook's spelling may differ in case, as
    # Windows allows.
    spellings = {name.casefold(): name for name in expected}
    files = {
        spellings.get(path[len(base) :].casefold(), path[len(base) :]): path
        for path in archive.paths
        if path.startswith(base)
    }
    opened = _Notebooks(archive, files, assignment, limits, notes)
    notebooks = opened.taken
    about_manifest: list[str] = []
    manifest = _manifest(archive, files, limits, about_manifest)
    there = notebooks | opened.unclear
    parts = _parts(manifest, there, assignment)
    if missing := [
        f"{name}.ipynb" for name in notebooks_in(assignment, parts) if name not in there
    ]:
        notes.append(
            f"{listing(missing)} is not in the archive; its questions count as not answered."
        )
    artifacts, left_out = _artifacts(archive, files, assignment, limits, notes)

    notes += about_manifest
    if manifest and manifest.slug and manifest.slug != assignment.slug:
        raise RejectedSubmission(
            f"This is a submission for {clean(manifest.slug, 40)}, but {assignment.slug} is "
            "being graded."
        )
    taken = {f"{name}.ipynb": content for name, content in notebooks.items()} | artifacts
    if manifest:
        _compare_digests(manifest, taken, notes)
    student = _student(manifest, file, assignment, limits, notes, sender)
    handed_in = _handed_in(manifest, notes)
    used = {
        files[name]
        for name in files
        if name in taken or name == MANIFEST or matches(name, assignment.artifacts)
    }
    used |= opened.used
    if ignored := [path for path in archive.paths if path not in used]:
        notes.append(f"Ignored what is not part of a submission: {listing(ignored)}.")
    return Submission(
        utf8(file),
        student,
        notebooks,
        artifacts,
        notes,
        handed_in,
        left_out=left_out,
        unclear=opened.unclear,
        also=opened.also,
        parts=parts,
    )


class _Notebooks:
    """The notebooks of a submission: `taken`, the bytes of each; `also`, of others that may be it;
    `unclear`, why a person has to find out which it is; `used`, paths in the archive.
    """

    def __init__(
        self,
        archive: UntrustedZip,
        files: dict[str, str],
        assignment: Assignment,
        limits: IntakeLimits,
        notes: list[str],
    ) -> None:
        self._archive, self._files, self._limits, self._notes = archive, files, limits, notes
        questions = {
            name: {question.name for question in assignment.in_notebook(name)}
            for name in assignment.notebooks
        }
        chosen = choose_files(files, questions, lambda name: self._read(name) or b"")
        notes += chosen.notes
        self.unclear = dict(chosen.unclear)
        self.taken: dict[str, bytes] = {}
        self.also: dict[str, dict[str, bytes]] = {}
        for notebook, file in chosen.taken.items():
            data = self._read(file)
            if data is None:
                self.unclear[notebook] = (
                    f"{clean(file, 80)} has more than {in_words(limits.notebook_bytes)}, even "
                    "without its largest outputs. Ask for a smaller one"
                )
                continue
            self.taken[notebook] = data
            others = {one: self._read(one) for one in chosen.also.get(notebook, [])[:MAX_ALSO]}
            self.also[notebook] = {one: data for one, data in others.items() if data}
        also = (one for others in chosen.also.values() for one in others)
        self.used = {files[one] for one in (*chosen.taken.values(), *also)}

    def _read(self, file: str) -> bytes | None:
        """A notebook's bytes, without large outputs; None if it is still too large."""
        path = self._files[file]
        if self._archive.size(path) > self._limits.large_notebook_bytes:
            return None
        data = self._archive.read(path, self._limits.large_notebook_bytes)
        if len(data) > LARGE_BYTES:
            data, n_cut = without_large_outputs(data)
            if n_cut:
                self._notes.append(
                    f"{clean(file, 80)}: outputs of more than 1 MB of {n_cut} cells were left out."
                )
        return data if len(data) <= self._limits.notebook_bytes else None


def _open_level(
    data: bytes, budget: Budget, expected: list[str], level: int, what: str
) -> tuple[UntrustedZip, str]:
    """The archive that holds the notebooks, and the folder in it where they are ("" or
    "folder/").
    """
    archive = UntrustedZip(data, budget, what)
    wanted = {name.casefold() for name in expected}
    found = [path for path in archive.paths if path.rpartition("/")[2].casefold() in wanted]
    found = found or [path for path in archive.paths if _may_be(path, expected)]
    bases = {path.rpartition("/")[0] for path in found}
    if "" in bases:
        return archive, ""
    if len(bases) == 1:
        return archive, bases.pop() + "/"
    if bases:
        raise RejectedSubmission(
            f"{what} holds the notebooks in several folders ({listing(sorted(bases))}). Hand "
            "in one folder.",
            waits=True,
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
    others = [path for path in archive.paths if is_notebook(path)]
    if bases := {path.rpartition("/")[0] for path in others}:
        base = bases.pop()
        if not bases:
            return archive, f"{base}/" if base else ""
    instead = (
        f"the notebooks found are {listing(others)}"
        if others
        else f"no notebook was found, only {listing(archive.paths)}"
    )
    raise RejectedSubmission(
        f"{what} has no notebook of this assignment. Expected: {listing(expected)}; {instead}."
    )


def _may_be(path: str, expected: list[str]) -> bool:
    """Is it a notebook under another name?"""
    name = path.rpartition("/")[2]
    return any(look_alikes(one.removesuffix(".ipynb"), [name]) for one in expected)


def _parts(
    manifest: Manifest | None, notebooks: Collection[str], assignment: Assignment
) -> list[str]:
    """The parts that are handed in: the one that the manifest names, and each one of which there is
    a notebook. If there is none at all, it is a hand-in of everything.
    """
    there = parts_with(assignment, notebooks)
    named = manifest.part if manifest else None
    found = [name for name in assignment.parts if name in there or name == named]
    return found or list(assignment.parts)


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
        manifest = decode_manifest(archive.read(files[MANIFEST], limits.manifest_bytes))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, RejectedSubmission):
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
    sender: Sender | None,
) -> Student:
    file = sender.file if sender else file
    by_file = identify(file, assignment, sender)
    if manifest is None:
        return by_file
    name = clean(manifest.name, limits.name_chars)
    claimed = manifest.id.strip()
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
    if sender and platform_contradicts(sender, student.id, name):
        student.contradictions = [*student.contradictions, "platform"]
        notes.append(f"{sender.platform} and {MANIFEST} name different students.")
    student.group = _group(manifest, limits, notes)
    if student.declared is not True:
        notes.append("The honesty declaration was not signed.")
    return student


def _group(manifest: Manifest, limits: IntakeLimits, notes: list[str]) -> list[Member]:
    """The other members of the group that the manifest names."""
    found = []
    for one in manifest.group[:MAX_GROUP]:
        try:
            member = msgspec.convert(one, _GroupMember)
        except msgspec.ValidationError:
            notes.append(f"A member of the group in {MANIFEST} cannot be read.")
            continue
        found.append(
            Member(
                id=clean(str(member.id), limits.name_chars),
                name=clean(member.name, limits.name_chars),
            )
        )
    return [one for one in found if one.id or one.name]


class _GroupMember(msgspec.Struct):
    id: str | int = ""
    name: str = ""


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
