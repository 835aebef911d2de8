"""The command line: results on stdout, progress and messages on stderr; exits.py has the
statuses.
"""

from __future__ import annotations

import errno
import functools
import io
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any, NoReturn

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

    os.umask(os.umask(0o077) & 0o077)  # what we write we can read
    _check_streams()
    _never_fail_to_print()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except AutograderError as error:
        detail = f"\n{error.detail}" if error.detail else ""
        status = exits.USAGE if isinstance(error, UsageError) else exits.OUR_FAULT
        _end_with(error.message + detail, status)
    except OSError as error:
        if not (sentence := _what_failed(error)):
            raise
        _end_with(sentence)
    except (ImportError, MemoryError) as error:
        if isinstance(error, ImportError) and not _is_memory(error):
            raise
        _end_with(
            f"there is too little memory to go on ({error or 'out of memory'}). Is it limited "
            "(`ulimit -v`, a container, a batch job)? Some 2 GB a slot are needed: --jobs 1 takes "
            "the least"
        )


def _end_with(sentence: str, status: int = exits.OUR_FAULT) -> NoReturn:
    from autograder.intake.untrusted_text import printable

    print(f"autograder: {printable(sentence)}", file=sys.stderr)
    sys.exit(status)


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def _what_failed(error: OSError) -> str:
    """In a sentence, when it is standard output or the disk."""
    if not _can_print():
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (what Python flushes at its end)
        return (
            f"standard output cannot be written to: {error.strerror}. What was done is done: run "
            "the command again for what it prints"
        )
    if error.errno in FULL:
        file = f"{error.filename} cannot be written" if error.filename else "a file was not written"
        return f"{file}: {error.strerror}. Make room; the same command then goes on from there"
    return ""


def _is_memory(error: ImportError) -> bool:
    """Whether a library could not be mapped into memory."""
    return any(words in str(error) for words in ("failed to map segment", "annot allocate memory"))


def _check_streams() -> None:
    """Stop before anything is done where standard output is closed: its number would go to the
    first file that is opened. What goes to a closed standard error is lost.
    """
    if sys.stderr is None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        _end_with("standard output is closed: send it to a file or to /dev/null", exits.USAGE)


def _can_print() -> bool:
    """Whether standard output takes another line: asked only when some output has failed."""
    try:
        return os.write(sys.stdout.fileno(), b"\n") == 1
    except OSError:
        return False


def _never_fail_to_print() -> None:
    """Show what the terminal's encoding lacks (LC_ALL=C has ASCII) as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
