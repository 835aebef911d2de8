"""`autograder feedback`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli import exits

EXAMPLES = """Examples:

  autograder feedback                          (every assignment that was graded into this folder)

  autograder feedback vae

  autograder feedback vae --student al1815 --student bt1912

  autograder feedback vae --pdf                (feedback.pdf next to feedback.html)

  autograder feedback vae --visible-only       (before the due date: no points, no hidden checks)

  autograder feedback vae && nbgrader release_feedback vae"""


def feedback(
    slug: Annotated[
        str | None, typer.Argument(help="The assignment. Default: every one that was graded.")
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            help="The folder that `autograder grade --out` wrote to; feedback/ is written there."
        ),
    ] = Path(),
    student: Annotated[
        list[str] | None,
        typer.Option(help="Only this student, by id. Give it again for more.", metavar="ID"),
    ] = None,
    visible_only: Annotated[
        bool,
        typer.Option(
            "--visible-only",
            help="Run the visible checks of the notebooks in the sandbox, and tell only what they "
            "say: no points, no comments, nothing of the hidden checks.",
        ),
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write feedback.pdf as well.")] = False,
    jobs: Annotated[
        int, typer.Option(min=0, help="With --pdf: number of processes; 0: one per core.")
    ] = 0,
    isolation: Annotated[
        str, typer.Option(help="With --visible-only: auto, bubblewrap, landlock, or none.")
    ] = "auto",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the list of pages (and PDFs) as JSON.")
    ] = False,
) -> None:
    """Write a page for each student: points, failed checks, comments, what to look at first.

    The pages go to feedback/<student>/<assignment>/, where `nbgrader release_feedback` finds them.
    They open from disk and load nothing (docs/feedback.md).
    """
    from autograder.cli.graded import graded_slugs
    from autograder.cli.progress import ClassProgress
    from autograder.cli.show import print_json
    from autograder.course.assignment import course_root
    from autograder.grading.grade import Options
    from autograder.intake.untrusted_text import printable
    from autograder.publish.feedback_pages.write import Written, write_feedback

    root = course_root()
    options = Options(root=root, isolation=isolation) if visible_only else None
    made = Written()
    for name in graded_slugs(slug, out):
        with ClassProgress(0, f"feedback on {name}") as advance:
            done = write_feedback(
                name,
                root,
                out,
                students=student or None,
                visible=options,
                pdf=pdf,
                jobs=jobs,
                progress=advance,
                expect=advance.expect,
            )
        made.pages += done.pages
        made.pdfs += done.pdfs
        made.failed += done.failed
        for note in done.notes:
            print(printable(note), file=sys.stderr)
    if as_json:
        print_json([str(file) for file in (*made.pages, *made.pdfs)])
    else:
        said = f"{len(made.pages)} pages" + (f" and {len(made.pdfs)} PDFs" if pdf else "")
        print(f"{said} in {printable(str(out / 'feedback'))}")
    for sentence in made.failed:
        print(printable(f"autograder: {sentence}"), file=sys.stderr)
    if made.failed:
        raise typer.Exit(exits.OUR_FAULT)
