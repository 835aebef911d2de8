"""The command line: each verb a thin layer over one importable function. Results on stdout, progress and logs on stderr.

Exit status: 0 ran (whatever the students scored), 1 our fault, 2 usage, 3 some submission is ungraded.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from autograder.class_run.class_results import ClassResults
    from autograder.class_run.run import ClassRun
    from autograder.release.release import Released
    from autograder.report import Report

app = typer.Typer(
    name="autograder",
    help="Release, grade and show graded notebooks on deep generative models.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

EXIT_OUR_FAULT = 1
EXIT_USAGE = 2
EXIT_UNGRADED = 3


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"autograder {version('dgm-course')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Release, grade and show graded notebooks on deep generative models."""


@app.command(epilog="Example:\n\n  autograder init ~/my-course")
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default=False)]) -> None:
    """Make a course: one small assignment with its hidden checks, to change and to add to."""
    from autograder.course.skeleton import make_course

    files = make_course(folder)
    print(f"{folder}: {len(files)} files. Read {folder / 'README.md'}, then: cd {folder}; autograder release; autograder audit")


@app.command(
    epilog="Examples:\n\n  autograder release            # every assignment\n\n  autograder release vae\n\n  autograder release vae --check"
)
def release(
    slug: Annotated[str | None, typer.Argument(help="The assignment; every one when left out.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Build in a temporary folder and say which committed files differ.")] = False,
    remove_foreign: Annotated[
        bool, typer.Option("--remove-foreign", help="Delete files in source/ and release/ that the build did not make.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Build source/, release/ and the student kit dist/<slug>.zip from the assignment's text."""
    from autograder.course.assignment import course_root, slugs
    from autograder.release.release import release as build

    root = course_root()
    released = [build(name, root, check=check, remove_foreign=remove_foreign) for name in ([slug] if slug else slugs(root))]
    if as_json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(released, enc_hook=str), indent=2).decode())
    else:
        for item in released:
            print_release(item, check)
    if any(item.different for item in released):
        raise typer.Exit(EXIT_OUR_FAULT)


@app.command(
    epilog="Examples:\n\n  autograder grade submitted/*.zip\n\n  autograder grade downloads/ --assignment vae --out .\n\n"
    "  autograder grade downloads/ --roster class.csv\n\n"
    "  autograder grade downloads/ --dry-run\n\n  autograder grade downloads/ --scheduler tcp://head:8786\n\n"
    "  autograder grade downloads/ --json > reports.json"
)
def grade(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Zips, or folders of zips.", show_default=False)],
    assignment: Annotated[str | None, typer.Option(help="Which assignment they hand in; else by file name.")] = None,
    out: Annotated[Path, typer.Option(help="Where gradebook.db, autograded/ and results/ are written.")] = Path(),
    isolation: Annotated[str, typer.Option(help="auto, bubblewrap, landlock, or none (only for submissions that you trust).")] = "auto",
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: one more than cores.")] = 0,
    scheduler: Annotated[str, typer.Option(metavar="ADDRESS", help="Grade on the workers of this Dask scheduler instead.")] = "",
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="The class list: columns id, name, email, group, files. It settles who is who, "
            "and lists who handed nothing in. A copy is kept as results/<assignment>/roster.csv and "
            "used until another is given (docs/gradebook.md).",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade all again (after the course's secret was changed, say).")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be graded and why, and do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list of reports as JSON (docs/report-schema.md).")] = False,
) -> None:
    """Grade submissions with the hidden suites, in a sandbox; write reports, gradebook and CSV.

    What an earlier run on the same --out has graded is left as it is, unless the file, its checks or the grader have changed.
    """
    from autograder.class_run.run import plan_class, run_class
    from autograder.course.assignment import course_root
    from autograder.course.secret import course_secret
    from autograder.grading.grade import Options
    from autograder.intake.find import find_submissions, left_out
    from autograder.intake.untrusted_text import shown
    from autograder.report import to_json

    root = course_root()
    files = find_submissions(paths)
    for aside in left_out(paths):
        print(f"not graded, because it is not a zip file: {shown(aside)}", file=sys.stderr)
    if dry_run:
        for planned in plan_class(files, root, out=out, assignment=assignment, force=force):
            print(f"{shown(planned.file)}: {shown(planned.why) or 'unchanged'}")
        return
    options = Options(root=root, isolation=isolation, secret=course_secret(root), jobs=jobs)
    with class_progress(len(files)) as advance:
        run = run_class(
            files, options, out=out, assignment=assignment, progress=advance, force=force,
            scheduler=scheduler, roster=roster,
        )  # fmt: skip
    if as_json:
        print(to_json(run.reports).decode())
    else:
        print_classes(run.classes)
        print(f"Reports and CSV: {out / 'results'}   Gradebook: {out / 'gradebook.db'}")
    print_resumed(run, to_stderr=as_json)
    for sentence in run.failed:
        print(f"autograder: {sentence}", file=sys.stderr)
    if run.failed:
        raise typer.Exit(EXIT_OUR_FAULT)
    if any(report.status == "ungraded" for report in run.reports):
        raise typer.Exit(EXIT_UNGRADED)


@app.command(epilog="Examples:\n\n  autograder report results/vae\n\n  autograder report build/demo/grades.json --json")
def report(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Report files, or folders of them.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the list of reports as JSON (docs/report-schema.md).")] = False,
) -> None:
    """Print the class table of reports that were written before; nothing is graded.

    A results folder has the class as it was settled in `class.json`. Without one, all that is known
    are the reports: no roster, no time that others put on record.
    """
    from autograder.class_run.class_of_reports import classes_below
    from autograder.report import read_all, to_json

    if as_json:
        print(to_json(read_all(paths)).decode())
    else:
        print_classes(classes_below(paths))


@app.command(
    epilog="Examples:\n\n  autograder audit vae\n\n  autograder audit vae --question kl_divergence --mutants\n\n"
    "  autograder audit vae --repeat 20 --json > audit.json"
)
def audit(
    slug: Annotated[str | None, typer.Argument(help="The assignment; every one when left out.")] = None,
    question: Annotated[str | None, typer.Option(help="Only the known answers and mutants of this question.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: one per core.")] = 0,
    repeat: Annotated[int, typer.Option(min=1, help="How often the solution and right answers are graded, with other secrets.")] = 1,
    mutants: Annotated[bool, typer.Option("--mutants/--no-mutants", help="Also grade generated mutants of the model solution.")] = False,
    isolation: Annotated[str, typer.Option(help="auto, bubblewrap, landlock, or none.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print the list of audits as JSON (docs/auditing.md).")] = False,
) -> None:
    """Measure the hidden checks: wrong answers that they catch, right ones that they keep, mutants that they see."""
    from autograder.audit.run import audit as run
    from autograder.course.assignment import course_root, slugs

    root = course_root()
    results = []
    for name in [slug] if slug else slugs(root):
        with class_progress(0, f"auditing {name}") as advance:
            results.append(run(name, question, jobs, repeat, mutants, isolation=isolation, root=root, progress=advance))
    if as_json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(results), indent=2).decode())
    else:
        from rich.console import Console

        from autograder.audit.matrix import print_audit

        for result in results:
            print_audit(result, Console(width=None if sys.stdout.isatty() else 160))
    if not all(result.ok for result in results):
        raise typer.Exit(EXIT_OUR_FAULT)


@app.command(epilog="Examples:\n\n  autograder doctor\n\n  autograder doctor --json")
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the list of facts as JSON.")] = False) -> None:
    """Say what this machine gives for grading, what is missing, and how to get it. Status 1 when grading would refuse."""
    from autograder.course.assignment import course_root
    from autograder.doctor import can_grade, examine

    facts = examine(course_root())
    if as_json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
    else:
        from rich.console import Console

        from autograder.doctor import table

        Console(width=None if sys.stdout.isatty() else 160).print(table(facts))
    if not can_grade(facts):
        raise typer.Exit(EXIT_OUR_FAULT)


@app.command(epilog="Example:\n\n  autograder demo --out build/demo")
def demo(
    out: Annotated[Path, typer.Option(help="Where the demo's class and results are written.")] = Path("build/demo"),
    isolation: Annotated[str, typer.Option(help="auto, bubblewrap, landlock, or none.")] = "auto",
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0: one more than cores.")] = 0,
) -> None:
    """Make a small class of submissions, good, bad and hostile, grade it, and print the table."""
    from autograder.class_run.class_of_reports import classes_of
    from autograder.demo import run

    with class_progress(0) as advance:
        reports = run(out, isolation=isolation, jobs=jobs, progress=advance)
    print_classes(classes_of(reports))
    print(f"Reports: {out / 'grades.json'}   CSV: {out / 'results'}   Gradebook: {out / 'gradebook.db'}")


class class_progress:
    """A bar over the class with the time that is left, on stderr; gives the function to call with each finished report."""

    def __init__(self, n_files: int, label: str = "grading") -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
        )
        self._bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))
        self._task = self._bar.add_task(label, total=n_files or None)

    def __enter__(self) -> class_progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def expect(self, n_files: int) -> None:
        self._bar.update(self._task, total=n_files)

    def __call__(self, report: Report | None = None) -> None:
        self._bar.advance(self._task)


def print_release(item: Released, check: bool) -> None:
    """The table of questions and points, and where the files are (or, with `check`, which committed files differ)."""
    from rich.console import Console
    from rich.table import Table

    from autograder.intake.untrusted_text import shown

    table = Table("question", "notebook", "kind", "points", title=f"{item.slug}: {item.max_points:g} points", title_justify="left")
    for name, notebook, kind, points, bonus in item.table:
        table.add_row(name, notebook, kind, f"{points:g}{' (bonus)' if bonus else ''}")
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    if not check:
        size_mib = item.kit.stat().st_size / 2**20
        print(f"{item.slug}: {len(item.release)} files in {item.release[0].parent}, kit {item.kit} ({size_mib:.1f} MiB)")
    for file in item.different:
        print(f"{item.slug}: {shown(file)} is not what the text gives: run `autograder release {item.slug}` and commit it", file=sys.stderr)


def print_classes(classes: list[ClassResults]) -> None:
    """A table for each class; below it which file counts, what waits, who handed nothing in."""
    from rich.console import Console

    from autograder.publish.console import class_notes, class_table

    console = Console(width=None if sys.stdout.isatty() else 140)
    for results in classes:
        if results.students or not results.waiting:
            console.print(class_table(results))
        for line in class_notes(results):
            console.print(line)


def print_resumed(run: ClassRun, *, to_stderr: bool) -> None:
    """How many submissions were not graded again, and whose score moved; on stderr where stdout is for programs."""
    from rich.console import Console

    from autograder.publish.console import changes_table

    if not run.n_skipped and not run.changes:
        return
    stream = sys.stderr if to_stderr else sys.stdout
    graded = len(run.reports) - run.n_skipped
    print(f"Graded: {graded}   Unchanged since an earlier run, not graded again: {run.n_skipped}", file=stream)
    if run.changes:
        Console(file=stream, width=None if stream.isatty() else 140).print(changes_table(run.changes))
        print("The same, and all earlier changes: changes.jsonl in the results folder of the assignment (docs/gradebook.md)", file=stream)


def main() -> None:
    """Run the command line; errors of ours end with a sentence and status 1 (2: usage), never a traceback."""
    from autograder.errors import AutograderError, UsageError
    from autograder.intake.untrusted_text import printable

    try:
        app()
    except AutograderError as error:
        detail = f"\n{error.detail}" if error.detail else ""
        print(f"autograder: {printable(error.message + detail)}", file=sys.stderr)
        sys.exit(EXIT_USAGE if isinstance(error, UsageError) else EXIT_OUR_FAULT)


if __name__ == "__main__":
    main()
