"""`autograder release`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli import exits

EXAMPLES = (
    "Examples:\n\n  autograder release            # every assignment\n\n  autograder "
    "release vae\n\n  autograder release vae --check"
)


def release(
    slug: Annotated[str | None, typer.Argument(help="The assignment. Default: every one.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; list files that are out of date.")
    ] = False,
    remove_foreign: Annotated[
        bool,
        typer.Option(
            "--remove-foreign",
            help="Delete files in source/ and release/ that the build did not make.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Build source/, release/ and the student kit dist/<slug>.zip from the assignment's text."""
    from autograder.cli.show import print_json, print_release
    from autograder.course.assignment import course_root, slugs
    from autograder.release.release import release as build

    root = course_root()
    names = [slug] if slug else slugs(root)
    released = [build(name, root, check=check, remove_foreign=remove_foreign) for name in names]
    if as_json:
        print_json(released)
    else:
        for item in released:
            print_release(item, check)
    if any(item.different for item in released):
        raise typer.Exit(exits.OUR_FAULT)
