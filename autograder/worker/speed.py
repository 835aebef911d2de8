"""Speed tricks: what is done differently for speed alone, in one place, each with what it gains and
a switch.

Results are the same without them. `AUTOGRADER_SLOW=garbage,heap` in the environment turns those two
off, `AUTOGRADER_SLOW=all` every one; `benchmarks/tricks.py` measures what each of them gains
(docs/measurements.md has the figures). Used on both sides of the sandbox, so it imports nothing of
the grader.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

SWITCH = "AUTOGRADER_SLOW"
TRICKS = {
    "grammar": "no grammar of IRIs for jsonschema: nbformat's import builds one for two "
    "seconds and never uses it",
    "garbage": "no look for garbage while everything is imported, and none in forks at what "
    "was there before",
    "compiler": "no torch._dynamo in graders: torch imports it at the first optimizer, only to "
    "tell it what to leave alone",
    "heap": "the heap in huge pages, so that a fork copies a smaller page table",
    "allocator": "large blocks go back to the system at once: memory, not time",
    "alembic": "nbgrader's schema version is read, where nbgrader starts a process for it",
}
"""By name: what is done."""


def is_on(trick: str) -> bool:
    """Whether a trick may be used. Raises KeyError for one that there is not."""
    assert TRICKS[trick]
    off = os.environ.get(SWITCH, "").split(",")
    return not {trick, "all"}.intersection(off)


def spare_grammar() -> None:
    """Make jsonschema believe that `rfc3987_syntax` is not installed. Call it before nbformat is
    imported.
    """
    if is_on("grammar"):
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: "not installed"


@contextlib.contextmanager
def importing_everything() -> Iterator[None]:
    """No garbage collection while hundreds of modules are imported; what they made is left out of
    every later one.

    In a fork a collection would write to each of these objects, and so copy the pages that it
    shares.
    """
    if not is_on("garbage"):
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


class _NoCompiler(ModuleType):
    """Stands for `torch._dynamo` where nothing is compiled. Whoever asks it for anything else gets
    the real one.
    """

    @staticmethod
    def disable(
        function: Callable[..., Any] | None = None, *_: Any, **__: Any
    ) -> Callable[..., Any]:
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


def spare_compiler() -> None:
    """Keep torch's compiler (2 s, 80 MB) out of this process until something of it is used."""
    if is_on("compiler"):
        sys.modules.setdefault("torch._dynamo", _NoCompiler("torch._dynamo"))


MADV_COLLAPSE = 25
HUGE = 2**21


def gather_heap() -> None:
    """Put the heap of this process into huge pages, as far as the kernel (6.1 or newer) does it.

    A fork then copies a table of hundreds of entries, where it would copy one of a hundred
    thousand.
    """
    if not is_on("heap"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    with contextlib.suppress(OSError, ValueError):
        for start, size in _used_mappings():
            libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), MADV_COLLAPSE)


def _used_mappings() -> Iterator[tuple[int, int]]:
    """Start and size, in whole huge pages, of private mappings that are used all over: stacks and
    reserves stay as they are.
    """
    mapping = (0, 0)
    with open("/proc/self/smaps", encoding="ascii", errors="replace") as stream:
        lines = list(stream)
    for line in lines:
        key, _, rest = line.partition(" ")
        if not key.endswith(":"):  # `55d0-55e0 rw-p 00000000 00:00 0   [heap]`: a mapping begins
            fields = rest.split()
            start, end = (int(part, 16) for part in key.split("-"))
            ours = fields[0] == "rw-p" and fields[4:] in ([], ["[heap]"])
            mapping = (-(-start // HUGE) * HUGE, end // HUGE * HUGE) if ours else (0, 0)
        elif key == "Rss:" and mapping[1] > mapping[0]:
            size = mapping[1] - mapping[0]
            if int(rest.split()[0]) * 1024 > 0.9 * size:
                yield mapping[0], size


M_MMAP_THRESHOLD = -3
LARGE_BYTES = 4 * 2**20


def return_large_blocks() -> None:
    """Give blocks of 4 MiB and more back to the system when they are freed; glibc would keep as
    much as the largest archives took.
    """
    if is_on("allocator"):
        with contextlib.suppress(AttributeError, OSError):  # another libc
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
