"""How the program talks with a student: on a terminal, or in a notebook cell."""

from __future__ import annotations

import sys

from dgm.handin.errors import Cancelled


class Dialogue:
    """Says and asks on stderr, so that stdout has nothing but the path of the archive.

    interactive: whether anybody can be asked. program: how the student calls it.
    """

    nobody = "nothing can be asked here (no terminal, or --yes)"

    def __init__(self, interactive: bool, program: str) -> None:
        self.interactive = interactive
        self._program = program

    def say(self, text: str = "") -> None:
        print(text, file=sys.stderr)

    def ask(self, prompt: str) -> str:
        """The line that is typed. Raises Cancelled at the end of input."""
        print(prompt, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            self.say()
            raise Cancelled("Nothing was written.")
        return line.strip()

    def confirm(self, question: str) -> bool:
        return self.ask(question + " [y/N] ").lower() in ("y", "yes")

    def option(self, field: str) -> str:
        """How the student gives a value, or turns a switch on."""
        return f"--{field}"

    def example(self) -> str:
        """How the student names an assignment, with {slug} in it."""
        return self._program + " {slug}"


class NotebookDialogue(Dialogue):
    """Prints below the cell and asks nothing: every value is an argument of `collect`."""

    nobody = "collect asks nothing"

    def __init__(self) -> None:
        super().__init__(interactive=False, program="collect")

    def say(self, text: str = "") -> None:
        print(text, flush=True)

    def option(self, field: str) -> str:
        return f"{field}=True" if field in ("honest", "force") else f"{field}="

    def example(self) -> str:
        return 'collect(..., slug="{slug}")'
