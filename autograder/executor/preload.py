"""Imported once by the fork server, so that each grading slot starts in milliseconds and shares these modules' memory.

Nothing in here may start a thread: a fork has only the thread that made it, and would wait for the others for ever.
"""

from __future__ import annotations

import contextlib
import gc
import os

from autograder.executor.slot import ONE_THREAD, SLUGS

os.environ.update(ONE_THREAD)  # before the imports: OpenBLAS starts its threads when numpy is loaded


def _load() -> None:
    """All that grading imports, and the suites of the class."""
    import nbconvert.filters.markdown_mistune
    import nbformat
    import torch
    import torch._dynamo  # torch does so at the first operation on the meta device: two seconds and 100 MB, in every slot

    import autograder.align
    import autograder.sandbox.host  # noqa: F401
    from autograder import runner
    from autograder.errors import AutograderError

    torch.set_num_threads(1)
    for slug in os.environ.get(SLUGS, "").split():
        with contextlib.suppress(AutograderError):  # the slot that grades will say so
            runner.collect(slug)
    del nbconvert, nbformat


gc.disable()  # looking for garbage among a hundred thousand objects that all stay would take a fifth of the time
_load()
gc.enable()
gc.freeze()  # a collection in a fork would write to every one of these objects, and so copy the shared pages
