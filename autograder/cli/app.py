"""The command line: results on stdout, progress and messages on stderr; exits.py has the
statuses.
"""

from __future__ import annotations

import functools
import io
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from autograder.cli import (
    audit,
    demo,
    doctor,
    exits,
    export,
    feedback,
    grade,
    gradescope,
    init,
    pdf,
    release,
    report,
    similar,
)

STOPPED = "stopped; run the same command again to go on"

app = typer.Typer(
    name="autograder",
    help="Release, grade and audit graded notebooks on deep generative models.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _stops_in_words(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb, in which Ctrl-C gives a sentence and status 130, as a shell expects."""

    @functools.wraps(verb)
    def run(*args: Any, **given: Any) -> None:
        try:
            verb(*args, **given)
        except KeyboardInterrupt:
            print(f"\nautograder: {STOPPED}", file=sys.stderr)
            raise typer.Exit(exits.STOPPED) from None

    return run


for verb in (
    init.init,
    release.release,
    grade.grade,
    report.report,
    feedback.feedback,
    export.export,
    gradescope.gradescope,
    pdf.pdf,
    similar.similar,
    audit.audit,
    doctor.doctor,
    demo.demo,
):
    app.command(epilog=sys.modules[verb.__module__].EXAMPLES)(_stops_in_words(verb))


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"autograder {version('dgm-course')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Release, grade and audit graded notebooks on deep generative models."""


def main() -> None:
    """Run the command line. Our own errors end with a sentence and status 1 (2: usage), never a
    traceback.
    """
    from autograder.errors import AutograderError, UsageError
    from autograder.intake.untrusted_text import printable

    _never_fail_to_print()
    try:
        app()
    except AutograderError as error:
        detail = f"\n{error.detail}" if error.detail else ""
        print(f"autograder: {printable(error.message + detail)}", file=sys.stderr)
        sys.exit(exits.USAGE if isinstance(error, UsageError) else exits.OUR_FAULT)


def _never_fail_to_print() -> None:
    """Show what the terminal's encoding lacks (LC_ALL=C has ASCII) as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
