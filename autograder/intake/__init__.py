"""From files that strangers handed in to submissions: found, opened in memory, identified; or rejected with one sentence."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import msgspec

from autograder.assignment import Assignment
from autograder.errors import AutograderError, CourseError, RejectedSubmission, UsageError
from autograder.intake.archive import Budget, IntakeLimits, UntrustedZip
from autograder.intake.safetensors_header import problem_of
from autograder.intake.text import SAFE_ID, clean, in_words, listing, safe_id, shown, utf8
from autograder.report import Student
from autograder.submission import Submission

__all__ = ["IntakeLimits", "find_submissions", "identify", "left_out", "read_file", "read_submission"]

MANIFEST = "submission.json"
_SAFE_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\Z")


class FileEntry(msgspec.Struct):
    sha256: str = ""


class Manifest(msgspec.Struct):
    """The part of `submission.json` (written by collect_submission.sh) that the grader reads."""

    schema: int
    slug: str = ""
    name: str = ""
    id: str = ""
    collaborators: str | None = None
    declaration: bool | None = None
    files: dict[str, FileEntry] = {}


def find_submissions(paths: Sequence[Path]) -> list[Path]:
    """The files named, and the zips that lie in the folders named (not in their subfolders); sorted, each once.

    Raises UsageError when a path does not exist or a folder has no zip.
    """
    found: set[Path] = set()
    for path in map(Path, paths):
        if path.is_dir():
            zips = [file for file in _listed(path) if _is_submission(file)]
            if not zips:
                others = listing([file.name for file in left_out([path])])
                raise UsageError(f"there is no zip file in {shown(path)}" + (f" (it has {others})" if others else ""))
            found.update(zips)
        elif path.is_file():
            found.add(path)
        else:
            raise UsageError(f"there is no file or folder {shown(path)}")
    once = {file.resolve(): file for file in sorted(found, reverse=True)}
    return sorted(once.values())


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{shown(folder)} cannot be read: {error.strerror}") from error


def left_out(paths: Sequence[Path]) -> list[Path]:
    """What find_submissions leaves aside in the folders named: a RAR or an unpacked folder that somebody should know of."""
    folders = [path for path in map(Path, paths) if path.is_dir()]
    return sorted(file for folder in folders for file in folder.iterdir() if not _is_submission(file) and not file.name.startswith("."))


def _is_submission(file: Path) -> bool:
    return file.suffix.lower() == ".zip" and not file.name.startswith(".") and file.is_file()


def read_file(path: Path, limits: IntakeLimits | None = None) -> bytes:
    """The bytes of an archive. Raises RejectedSubmission when it is over the limit, AutograderError when it cannot be read."""
    limits = limits or IntakeLimits()
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.archive_bytes + 1)
            if len(data) > limits.archive_bytes:
                raise RejectedSubmission(f"The archive is larger than the limit of {in_words(limits.archive_bytes)}: leave data sets out.")
    except OSError as error:
        raise AutograderError(f"{shown(path)} cannot be read: {error.strerror}", detail=repr(error)) from error
    return data


def read_submission(data: bytes, file: str, assignment: Assignment, limits: IntakeLimits | None = None) -> Submission:
    """Open a zip (or a zip in a zip; its files at the top or in one folder) and take what belongs to the assignment.

    data: the archive; file: its name, for identity and the report. Nothing is written to disk and nothing executed.
    Raises RejectedSubmission with one sentence for the student.
    """
    limits = limits or IntakeLimits()
    expected = [f"{name}.ipynb" for name in assignment.notebooks]
    notes: list[str] = []
    archive, base = _open_level(data, Budget(limits), expected, 0, "The archive")
    # Below `base` paths are as in a flat submission; a notebook's spelling may differ in case, as Windows allows.
    spellings = {name.casefold(): name for name in expected}
    files = {spellings.get(path[len(base) :].casefold(), path[len(base) :]): path for path in archive.paths if path.startswith(base)}

    notebooks = {name.removesuffix(".ipynb"): archive.read(files[name], limits.notebook_bytes) for name in expected if name in files}
    if missing := [name for name in expected if name not in files]:
        notes.append(f"{listing(missing)} is not in the archive; its questions count as not answered.")
    artifacts = _artifacts(archive, files, assignment, limits, notes)

    manifest = _manifest(archive, files, limits, notes)
    if manifest and manifest.slug and manifest.slug != assignment.slug:
        raise RejectedSubmission(f"This is a submission for {clean(manifest.slug, 40)}, but {assignment.slug} is being graded.")
    taken = {f"{name}.ipynb": content for name, content in notebooks.items()} | artifacts
    if manifest:
        _compare_digests(manifest, taken, notes)
    student = _student(manifest, file, assignment, limits, notes)
    used = {files[name] for name in files if name in taken or name == MANIFEST or _is_artifact(name, assignment)}
    if ignored := [path for path in archive.paths if path not in used]:
        notes.append(f"Ignored what is not part of a submission: {listing(ignored)}.")
    return Submission(utf8(file), student, notebooks, artifacts, notes)


def _open_level(data: bytes, budget: Budget, expected: list[str], level: int, what: str) -> tuple[UntrustedZip, str]:
    """The archive that holds the notebooks, and the folder in it where they are ("" or "folder/")."""
    archive = UntrustedZip(data, budget, what)
    wanted = {name.casefold() for name in expected}
    found = [path for path in archive.paths if path.rpartition("/")[2].casefold() in wanted]
    bases = {path.rpartition("/")[0] for path in found if path.count("/") <= 1}
    if "" in bases:
        return archive, ""
    if len(bases) == 1:
        return archive, bases.pop() + "/"
    if bases:
        raise RejectedSubmission(f"{what} holds the notebooks in several folders ({listing(sorted(bases))}): hand in one.")
    if found:
        raise RejectedSubmission(f"{what} holds {listing(found)} inside of more than one folder: zip the notebooks themselves.")
    zips = [path for path in archive.paths if path.lower().endswith(".zip")]
    if zips and level > 0:
        raise RejectedSubmission("Archives lie inside archives more than one level deep: zip the notebooks themselves.")
    if len(zips) > 1:
        raise RejectedSubmission(f"{what} holds {len(zips)} archives and no notebook: hand in one zip with {listing(expected)}.")
    if zips:
        inner = f"The archive inside the archive ({clean(zips[0], 80)})"
        return _open_level(archive.read(zips[0], budget.limits.archive_bytes), budget, expected, level + 1, inner)
    others = [path for path in archive.paths if path.lower().endswith(".ipynb")]
    instead = f"the notebooks found are {listing(others)}" if others else f"no notebook was found, only {listing(archive.paths)}"
    raise RejectedSubmission(f"{what} has no notebook of this assignment: expected {listing(expected)}; {instead}.")


def _is_artifact(path: str, assignment: Assignment) -> bool:
    """Does `path` match one of the assignment's patterns, folder by folder (so that `*` never crosses a slash)?"""
    parts = path.split("/")
    patterns = [pattern.split("/") for pattern in assignment.artifacts]
    return any(len(parts) == len(pattern) and all(map(fnmatchcase, parts, pattern)) for pattern in patterns)


def _artifacts(
    archive: UntrustedZip, files: dict[str, str], assignment: Assignment, limits: IntakeLimits, notes: list[str]
) -> dict[str, bytes]:
    """What the student's training made. A bad one is left out with a note: only the checks that need it miss it."""
    kept: dict[str, bytes] = {}
    left = limits.artifacts_bytes
    for name in sorted(path for path in files if _is_artifact(path, assignment)):
        shown = clean(name, 80)
        if not all(map(_SAFE_PART.match, name.split("/"))):
            notes.append(f"{shown} was left out: its name must be made of letters, digits, '.', '_' and '-'.")
            continue
        if archive.size(files[name]) > left:
            notes.append(f"{shown} was left out: the artifacts are larger than {in_words(limits.artifacts_bytes)} together.")
            continue
        try:
            content = archive.read(files[name], left)
        except RejectedSubmission as error:
            notes.append(f"{shown} was left out: {error.message}")
            continue
        if name.endswith(".safetensors") and (problem := problem_of(content, limits.safetensors_header_bytes)):
            notes.append(f"{shown} was left out: it {problem}.")
            continue
        left -= len(content)
        kept[name] = content
    return kept


def _manifest(archive: UntrustedZip, files: dict[str, str], limits: IntakeLimits, notes: list[str]) -> Manifest | None:
    if MANIFEST not in files:
        notes.append(f"There is no {MANIFEST} (collect_submission.sh writes it): the student is known by the file name alone.")
        return None
    try:
        manifest = msgspec.json.decode(archive.read(files[MANIFEST], limits.manifest_bytes), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, RejectedSubmission):
        notes.append(f"{MANIFEST} cannot be read: the student is known by the file name alone.")
        return None
    if manifest.schema != 1:
        notes.append(
            f"{MANIFEST} has schema {clean(str(manifest.schema), 20)}, this grader reads 1: the student is known by the file name alone."
        )
        return None
    return manifest


def _compare_digests(manifest: Manifest, taken: dict[str, bytes], notes: list[str]) -> None:
    given = {name: entry.sha256.lower() for name, entry in manifest.files.items()}
    changed = sorted(name for name, content in taken.items() if name in given and hashlib.sha256(content).hexdigest() != given[name])
    if changed:
        notes.append(f"Changed after {MANIFEST} was written: {listing(changed)}.")
    if added := sorted(set(taken) - set(given)):
        notes.append(f"Not listed in {MANIFEST}: {listing(added)}.")
    if absent := sorted(set(given) - set(taken)):
        notes.append(f"Listed in {MANIFEST} but not taken: {listing(absent)}.")


def _student(manifest: Manifest | None, file: str, assignment: Assignment, limits: IntakeLimits, notes: list[str]) -> Student:
    by_file = identify(file, assignment)
    if manifest is None:
        return by_file
    name = clean(manifest.name, limits.name_chars)
    student = Student(id=manifest.id, name=name or by_file.name, declared=manifest.declaration)
    if manifest.collaborators is not None:
        student.collaborators = clean(manifest.collaborators, limits.collaborators_chars)
    if not SAFE_ID.match(manifest.id):
        student.id = by_file.id
        notes.append(
            f"The id in {MANIFEST} ({clean(manifest.id, 40) or 'empty'}) cannot be used: {by_file.id} was taken from the file name."
        )
    # Somebody who writes another's id or name into the manifest must not go unseen.
    if differing := contradictions(file, student.id, name, assignment):
        notes.append(f"The file name and {MANIFEST} name different students ({', '.join(differing)}).")
    if student.declared is not True:
        notes.append("The honesty declaration was not signed.")
    return student


def identify(file: str, assignment: Assignment) -> Student:
    """Who handed in `file`, by its name alone: by the assignment's naming template, else by the stem. Never raises for a student's name."""
    fields = _fields(file, assignment)
    name = fields.get("name") or " ".join(fields[part] for part in ("first", "last") if part in fields)
    identity = fields.get("id") or name or _stem(file)
    return Student(id=safe_id(identity), name=clean(name.replace("_", " "), IntakeLimits.name_chars))


def contradictions(file: str, student_id: str, name: str, assignment: Assignment) -> list[str]:
    """The fields of the naming template (`name`, `id`...) in which a file's name tells of another student than `student_id` and `name`."""
    first, _, rest = name.partition(" ")
    told = {"id": student_id, "name": name, "first": first, "last": rest.rpartition(" ")[2]}
    return [field for field, value in _fields(file, assignment).items() if field in told and not _same(value, told[field])]


def _fields(file: str, assignment: Assignment) -> dict[str, str]:
    """The fields of the naming template as `file` fills them; empty when it does not fit."""
    template = assignment.archive_name.removesuffix(".zip")
    pattern = ""
    seen: set[str] = set()
    for literal, field, _, _ in string.Formatter().parse(template):
        pattern += re.escape(literal)
        if field is None:
            continue
        if field not in ("name", "first", "last", "id", "slug") or field in seen:
            raise CourseError(f"archive_name {assignment.archive_name!r}: {{{field}}} is unknown or stands there twice")
        seen.add(field)
        pattern += re.escape(assignment.slug) if field == "slug" else f"(?P<{field}>.+?)"
    match = re.fullmatch(pattern, _stem(file), re.IGNORECASE | re.DOTALL)
    return match.groupdict() if match else {}


def _stem(file: str) -> str:
    """The name without folder, `.zip`, and the ` (1)` that browsers add; cut, so that matching stays cheap."""
    stem = re.sub(r"\.zip\Z", "", PurePosixPath(file).name, flags=re.IGNORECASE)[:255]
    return re.sub(r" ?\(\d{1,4}\)\Z", "", stem)


def _same(in_file_name: str, told: str) -> bool:
    """Compared by plain letters and digits: collect_submission.sh drops the rest, cuts long names; an LMS adds text before."""
    left, right = (unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold() for text in (in_file_name, told))
    left, right = (re.sub(r"[^a-z0-9]", "", text) for text in (left, right))
    return left.endswith(right) or (len(right) > 40 and right[:40] in left)
