"""The command line: options, streams, exit statuses."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import Sequence

from dgm.handin.dialogue import Dialogue
from dgm.handin.errors import Cancelled, HandInError, UsageError
from dgm.handin.kit import find_root
from dgm.handin.procedure import Options, hand_in

EPILOG = """
examples:
  {program}
      check the notebooks of this kit and ask for what is missing
  {program} vae
      check release/vae, from the top level of the course
  {program} --name "Ada Lovelace" --id s1815 --collaborators None --honest
      ask only what to do about warnings
  {program} --name "Ada Lovelace" --id s1815 --collaborators "Mary S." --honest --yes --force
      ask nothing and replace an earlier archive
  {program} --output ~/handin
      write the archive into another folder
  {program} --part losses
      hand in one part of an assignment that has parts
  {program} --trial
      try the archive afterwards, in the environment in which you run Jupyter

word limits: a formula counts as one word, and so does inline code; fenced code blocks, pictures and
comments do not count.
exit status: 0 archive written; 1 some files need fixing, or you cancelled; 2 wrong usage.
"""


def run(arguments: Sequence[str], root: str | None, program: str) -> int:
    """Hand in as the command line asks; the exit status.

    root: the folder of the kit or the course, None to look for it. program: as students call it.
    """
    _never_fail_to_print()
    args = _parser(program).parse_args(arguments)
    interactive = not args.yes and sys.stdin is not None and sys.stdin.isatty()
    dialogue = Dialogue(interactive, program)
    try:
        target = hand_in(Path(root) if root else find_root(), _options(args), dialogue)
    except UsageError as error:
        dialogue.say(f"usage: {error}")
        return 2
    except Cancelled as cancelled:
        dialogue.say(f"Cancelled. {cancelled}")
        return 1
    except HandInError as error:
        for line in str(error).splitlines():
            dialogue.say(f"error: {line}")
        return 1
    except KeyboardInterrupt:
        dialogue.say("\nCancelled. Nothing was written.")
        return 130
    print(target)
    return 0


def _never_fail_to_print() -> None:
    """Show what the console's encoding lacks (cp1252 has 251 characters) as escapes."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None when closed with <&-
            stream.reconfigure(errors="replace" if stream is sys.stdin else "backslashreplace")


def _options(args: argparse.Namespace) -> Options:
    return Options(**{field: getattr(args, field) for field in Options._fields})


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Check the notebooks of an assignment and pack them into the archive that you "
        "hand in.",
        epilog=EPILOG.format(program=program),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("slug", nargs="?", help="name the assignment (only at the top level of the course)")
    add("--part", help="hand in one part alone (where the assignment has parts)")
    add("--name", help="give your first and last name")
    add("--id", help="give your student id")
    add("--collaborators", help="name the people you worked with, or None")
    add(
        "--group",
        help="name the student ids of the others, or None (where groups hand in together)",
    )
    add("--honest", action="store_true", help="accept the declaration of the assignment")
    add("--output", default=".", metavar="DIR", help="write the archive to DIR (default: here)")
    add("--force", action="store_true", help="replace an archive of the same name")
    add(
        "--pdf",
        action="store_true",
        help="make a PDF to read as well (where the course's command autograder is installed)",
    )
    add(
        "--trial",
        action="store_true",
        help="unpack the archive into a clean folder, run its visible checks there, and say what "
        "the grader will see",
    )
    add(
        "--yes",
        action="store_true",
        help="ask nothing and go on in spite of warnings (the default without a terminal)",
    )
    return parser
