"""Imported once by the fork server, so that each grading slot starts in milliseconds and shares these modules' memory.

Nothing in here may start a thread: a fork has only the thread that made it, and would wait for the others for ever.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.executor.slot import COURSE, ONE_THREAD, SLUGS

os.environ.update(ONE_THREAD)  # before the imports: OpenBLAS starts its threads when numpy is loaded


class _NoCompiler(ModuleType):
    """Stands for `torch._dynamo` where nothing is compiled.

    torch imports it (two seconds, 80 MB) at the first optimizer and the first operation on the meta device, only to tell the compiler
    what to leave alone. Whoever asks it for anything else gets the real one.
    """

    @staticmethod
    def disable(function: Callable[..., Any] | None = None, *_: Any, **__: Any) -> Callable[..., Any]:
        return function or (lambda decorated: decorated)

    @staticmethod
    def graph_break(*_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def _load() -> None:
    """All that grading imports, and the suites of the class."""
    import nbconvert.filters.markdown_mistune
    import nbformat
    import torch

    sys.modules.setdefault("torch._dynamo", _NoCompiler("torch._dynamo"))
    import torch.fx.experimental.symbolic_shapes  # torch does so at the first backward from given gradients

    import autograder.align.align
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


gc.disable()  # looking for garbage among a hundred thousand objects that all stay would take a fifth of the time
_load()
gc.enable()
gc.freeze()  # a collection in a fork would write to every one of these objects, and so copy the shared pages
