"""Imported once by the fork server, so that each grading slot starts in milliseconds and shares
these modules' memory.

Nothing in here may start a thread: a fork has only the thread that made it, and would wait for the
others forever.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from autograder.executor.slot import COURSE, ONE_THREAD, SLUGS
from autograder.worker.speed import importing_everything, spare_compiler

os.environ.update(
    ONE_THREAD
)  # before the imports: OpenBLAS starts its threads when numpy is loaded


def _load() -> None:
    """All that grading imports, and the suites of the class."""
    import nbconvert.filters.markdown_mistune
    import nbformat
    import torch

    spare_compiler()
    # torch does so at the first backward, the second from given gradients
    import torch.distributed.tensor
    import torch.fx.experimental.symbolic_shapes

    import autograder.align.align
    import autograder.checks.judge
    import autograder.sandbox.client  # noqa: F401
    from autograder.checks.suite import collect, use_suites_of
    from autograder.errors import AutograderError

    torch.set_num_threads(1)
    if course := os.environ.get(COURSE):
        use_suites_of(Path(course))
    for slug in os.environ.get(SLUGS, "").split():
        with contextlib.suppress(AutograderError):  # the slot that grades will say so
            collect(slug)
    del nbconvert, nbformat


with importing_everything():
    _load()
