"""Attacks on time and on the process itself: code that never ends, and processes that end, crash or
turn into something else.
"""

from __future__ import annotations

from tests.hostile.attack import Attack
from tests.hostile.student_code import around, in_call, in_cell

FAMILY = "endings"

ATTACKS = [
    Attack(
        "loops_in_python",
        FAMILY,
        "a grader that waits forever",
        in_call("while True: pass"),
        nbgrader=True,
    ),
    Attack(
        "loops_in_c",
        FAMILY,
        "a loop that no signal interrupts: one power of two huge numbers",
        in_cell("(10 ** 9) ** (10 ** 9)"),
    ),
    Attack(
        "backtracks_for_ever",
        FAMILY,
        "the same in the engine of regular expressions",
        in_cell("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"),
    ),
    Attack(
        "sorts_without_end",
        FAMILY,
        "the same in a sort of an endless iterator, which takes memory as well",
        in_cell("import itertools\nsorted(itertools.repeat(0))"),
    ),
    Attack(
        "swallows_alarms",
        FAMILY,
        "a loop that catches and ignores every signal that it may",
        in_cell("""
            import signal
            for number in range(1, 65):
                try:
                    signal.signal(number, lambda *args: None)
                except (OSError, ValueError):
                    pass
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass
        """),
        nbgrader=True,
    ),
    Attack(
        "deadlocks",
        FAMILY,
        "a wait for a lock that is held forever",
        in_cell("import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"),
    ),
    Attack(
        "ends_the_process",
        FAMILY,
        "a grader that ends with its worker, or calls the rest passed",
        in_call("import os\nos._exit(0)"),
        nbgrader=True,
    ),
    Attack(
        "leaves_by_sys_exit",
        FAMILY,
        "the same by SystemExit, with status 0",
        in_call("import sys\nsys.exit(0)"),
        nbgrader=True,
    ),
    Attack(
        "interrupts",
        FAMILY,
        "a KeyboardInterrupt, which stops a careless grader as if staff had",
        in_call("raise KeyboardInterrupt"),
        nbgrader=True,
    ),
    Attack(
        "crashes_in_c",
        FAMILY,
        "a segmentation fault",
        in_call("import ctypes\nctypes.string_at(0)"),
        nbgrader=True,
    ),
    Attack(
        "aborts",
        FAMILY,
        "a core dump, of everything that the process knew",
        in_cell("import os\nos.abort()"),
    ),
    Attack(
        "overflows_the_stack",
        FAMILY,
        "recursion without a limit, into the end of the C stack",
        in_call("""
            import sys
            sys.setrecursionlimit(2 ** 30)
            def deeper(value): return repr(deeper([value]))
            class Deep:
                def __repr__(self): return repr(self)
            deeper(Deep())
        """),
    ),
    Attack(
        "recurses",
        FAMILY,
        "an error that takes long to describe: a chain of a thousand causes",
        in_call("""
            error = None
            for number in range(1000):
                new = ValueError(number)
                new.__cause__ = new.__context__ = error
                error = new
            def again(): again()
            try:
                again()
            except RecursionError as last:
                raise last from error
        """),
    ),
    Attack(
        "becomes_another_program",
        FAMILY,
        "the worker's place and pipe, for a program that says nothing",
        in_call("""
            import os
            for fd in range(3, 256):
                try:
                    os.set_inheritable(fd, True)
                except OSError:
                    pass
            os.execv("/bin/sleep", ["sleep", "3600"])
        """),
    ),
    Attack(
        "becomes_a_fresh_python",
        FAMILY,
        "an interpreter without the worker's limits, reading the pipe as its program",
        in_call("""
            import os, sys
            os.execv(sys.executable, [sys.executable, "-S", "-c", "import time; time.sleep(3600)"])
        """),
    ),
    Attack(
        "sleeps_in_every_cell",
        FAMILY,
        "the time of the whole submission, in small portions below every limit",
        around(
            "import time\ntime.sleep(2)",
            "import time\ntime.sleep(2)\ndef bernoulli_nll(x, logits):\n    time.sleep(0.7)\n",
        ),
    ),
]
