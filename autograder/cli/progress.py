"""The progress bar of long commands, on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.report import Report


class ClassProgress:
    """A bar over the class with the time that is left. Call it with each finished report. A context
    manager.
    """

    def __init__(self, n_files: int, label: str = "grading") -> None:
        from rich import progress
        from rich.console import Console

        columns = (
            progress.SpinnerColumn(),
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("left:"),
            progress.TimeRemainingColumn(),
        )
        self._bar = progress.Progress(*columns, console=Console(stderr=True))
        self._task = self._bar.add_task(label, total=n_files or None)

    def __enter__(self) -> ClassProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def expect(self, n_files: int) -> None:
        self._bar.update(self._task, total=n_files)

    def __call__(self, report: Report | None = None) -> None:
        self._bar.advance(self._task)
