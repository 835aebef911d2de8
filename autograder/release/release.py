"""Text notebooks into source, release and student kit."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from autograder.atomic_write import write_atomically
from autograder.course.assignment import Question, course_root, load, suites_folder
from autograder.release.foreign import left_over


@dataclass(frozen=True)
class Released:
    """What one release made: paths in the course, the questions, and (with `check`) what in the
    course is not as built.
    """

    slug: str
    source: list[Path]
    release: list[Path]
    kit: Path
    questions: list[Question]
    max_points: float
    different: list[Path] = field(default_factory=list)
    """Committed files that are missing, stale or left over; always empty after a release without
    `check`.
    """

    @property
    def table(self) -> list[tuple[str, str, str, float, bool]]:
        """One row per question: name, notebook, kind, points, bonus."""
        return [
            (question.name, question.notebook, question.kind, question.points, question.bonus)
            for question in self.questions
        ]


def release(
    slug: str, root: Path | None = None, check: bool = False, *, remove_foreign: bool = False
) -> Released:
    """Build `source/<slug>/`, `release/<slug>/` and `dist/<slug>.zip` from the text in
    `assignments/<slug>/`.

    The same text gives the same bytes; notebooks of earlier builds are removed from the first two
    folders. Nothing is written until everything is built and the leak guard has passed. With
    `check` nothing is written at all, and `different` names the files of source/ and release/ that
    are not what the text gives (the kit is never committed, so it is built and guarded but not
    compared). Raises CourseError; UsageError when the folders hold files that no build made,
    without `remove_foreign`.
    """
    from autograder.release import build, foreign, generate, hidden_side, kit, leaks, quoted

    root = (root or course_root()).resolve()
    assignment = load(slug, root)
    sources = build.build(assignment, root / "assignments" / slug)
    hidden_side.check_topics(assignment, root)
    hidden_side.check_suites(assignment, root, sources)
    quoted.check_quotes(sources, {question.name for question in assignment.with_checks()})
    source_files = {
        f"{name}.ipynb": build.notebook_bytes(notebook) for name, notebook in sources.items()
    }
    released = generate.generate(slug, sources)
    release_files = {
        f"{name}.ipynb": build.notebook_bytes(notebook) for name, notebook in released.items()
    }
    release_files["assignment.json"] = generate.description_bytes(assignment, released)
    members = kit.members(assignment, root, release_files)
    leaks.guard(
        slug,
        sources,
        members,
        [root / "autograder", suites_folder(root), Path(__file__).resolve().parents[1]],
    )
    archive = kit.zip_bytes(members)

    source_dir, release_dir, kit_file = (
        root / "source" / slug,
        root / "release" / slug,
        root / "dist" / f"{slug}.zip",
    )
    done = Released(
        slug,
        source=[source_dir / name for name in sorted(source_files)],
        release=[release_dir / name for name in sorted(release_files)],
        kit=kit_file,
        questions=list(assignment.questions.values()),
        max_points=assignment.max_points,
        different=_differences(source_dir, source_files) + _differences(release_dir, release_files)
        if check
        else [],
    )
    if not check:
        foreign.remove_left_over(
            {source_dir: source_files, release_dir: release_files}, remove_foreign=remove_foreign
        )
        _replace(source_dir, source_files)
        _replace(release_dir, release_files)
        _write(kit_file, archive)
    return done


def _differences(folder: Path, files: dict[str, bytes]) -> list[Path]:
    stale = [
        folder / name
        for name, data in sorted(files.items())
        if not (folder / name).is_file() or (folder / name).read_bytes() != data
    ]
    return stale + left_over(folder, files)


def _replace(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        _write(folder / name, data)


def _write(file: Path, data: bytes) -> None:
    """Write atomically, readable by everybody; a file that is right already keeps its time
    stamp.
    """
    if not file.is_file() or file.read_bytes() != data:
        write_atomically(file, data, mode=0o644)
