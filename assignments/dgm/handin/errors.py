"""Why nothing is handed in. No imports: this module loads before the import path is cleaned."""

from __future__ import annotations


class HandInError(Exception):
    """The files cannot be handed in as they are; each line names a file, the fault and the fix."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the sentences, one to a line."""
        return [f"HandInError: {line}" for line in str(self).splitlines()]


class UsageError(HandInError):
    """An option is missing, is wrong, or does not fit this folder."""


class Cancelled(HandInError):
    """The student chose not to go on; the sentence says what was left as it was."""
