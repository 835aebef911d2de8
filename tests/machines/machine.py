"""The table: how a machine is made odd, and what a run on it must end with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Machine:
    """A line of shell in which `{bwrap}` makes a view of this machine, `{out}` is the results'
    folder and `{grade}` the command, and what must come of it. `{first}` and `{second}` grade the
    hand-ins of one part each, in the class whose assignment has `parts`.
    """

    name: str
    line: str
    comes: Literal["graded", "refused", "stopped"]
    """All graded as on any machine (status 0); refused before anything is done (2); stopped with a
    sentence (1), after which the same command on a machine in order completes.
    """
    sentence: str = ""
    """What standard error says."""
    out: str = "out"
    parts: bool = False


WITHOUT_NAMESPACES = (
    "{python} -c 'import os, sys; from autograder.worker.confine import drop_capabilities, "
    "seccomp; drop_capabilities(); seccomp(); os.execvp(sys.argv[1], sys.argv[1:])' "
    "{grade} --isolation auto"
)

MACHINES = [
    Machine("an ordinary one", "{grade} --isolation auto", "graded"),
    Machine("a container that refuses user namespaces", WITHOUT_NAMESPACES, "graded"),
    Machine("Landlock alone", "{grade} --isolation landlock", "graded"),
    Machine(
        "/dev/shm is read-only",
        "{bwrap} --ro-bind /dev/shm /dev/shm {grade} --isolation auto",
        "graded",
    ),
    Machine("no /dev/shm", "{bwrap} --tmpfs /dev --dev /dev --dir /dev/pts {grade}", "graded"),
    Machine("two slots and no /dev/shm", "{bwrap} --dev /dev {grade} --jobs 2", "graded"),
    Machine(
        "a temporary folder that is full",
        "mkdir -p {root}/tmp; TMPDIR={root}/tmp {bwrap} --size 100000 --tmpfs {root}/tmp {grade}",
        "graded",
    ),
    Machine("forty open files", "ulimit -n 40; {grade}", "graded"),
    Machine("umask 777", "umask 777; {grade}", "graded"),
    Machine("no HOME", "env -u HOME {grade}", "graded"),
    Machine(
        "ASCII alone", "env LC_ALL=C LANG=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 {grade}", "graded"
    ),
    Machine("signs of an address in --out", "{grade}", "graded", out="a?mode=memory&b=%41 #c"),
    Machine("a clock that jumps", "PYTHONPATH={jumps}:$PYTHONPATH {grade}", "graded"),
    Machine("nobody reads standard output", "{grade} | true", "graded"),
    Machine("standard error is closed", "{grade} 2>&-", "graded"),
    Machine("standard output is closed", "{grade} >&-", "refused", "standard output is closed"),
    Machine(
        "--out is read-only",
        "mkdir -p {out}; {bwrap} --ro-bind {out} {out} {grade}",
        "refused",
        "cannot be written to: Read-only file system. Choose another --out",
    ),
    Machine("--out is a file", "touch {out}; {grade}", "refused", "cannot be written to"),
    Machine(
        "standard output is full",
        "{grade} >/dev/full",
        "stopped",
        "standard output cannot be written to: No space left on device",
    ),
    Machine(
        "the disk is full",
        "mkdir -p {out}; {bwrap} --size 200000 --tmpfs {out} {grade}",
        "stopped",
        "Make room",
    ),
    Machine(
        "the disk is full before the gradebook is",
        "mkdir -p {out}; {bwrap} --size 300000 --tmpfs {out} {grade}",
        "stopped",
        "database or disk is full",
    ),
    Machine(
        "little address space",
        "ulimit -v 1500000; {grade}",
        "stopped",
        "there is too little memory to go on",
    ),
    Machine(
        "two graders on one --out",
        "({grade} >/dev/null 2>{root}/other; echo $? >{root}/status) & {grade}; status=$?; wait; "
        "cat {root}/other >&2; test $status -eq 0 || test $(cat {root}/status) -eq 0",
        "graded",
        "another run is writing",
    ),
    Machine(
        "parts: first one, then the other", "{first} && {second} && {grade}", "graded", parts=True
    ),
    Machine(
        "parts: two graders at once, one for each",
        "({first} >/dev/null 2>{root}/other; echo $? >{root}/status) & {second}; status=$?; wait; "
        "cat {root}/other >&2; test $status -eq 0 || test $(cat {root}/status) -eq 0 && {grade}",
        "graded",
        "another run is writing",
        parts=True,
    ),
    Machine(
        "parts: --out is read-only for the second",
        "{first} && {bwrap} --ro-bind {out} {out} {second}; test $? -eq 2 && {grade}",
        "graded",
        "cannot be written to: Read-only file system. Choose another --out",
        parts=True,
    ),
    Machine(
        "parts: a clock that jumps over the second's due date",
        "AROUND=2026-02-08T12:00:00+00:00 PYTHONPATH={jumps}:$PYTHONPATH {grade}",
        "graded",
        parts=True,
    ),
]
"""`{grade}` without an isolation runs without: the oddity is elsewhere, and the run is short."""

JUMPS = '''
"""Python begins with this: every third question for the time is answered a day off, all of them
around the time AROUND, where it is set. `datetime.now` asks the kernel and not `time`: the modules
of the grader that ask it get one that jumps, too.
"""
import builtins, datetime, itertools, os, sys, time

_real, _asked, _import = time.time, itertools.count(1), builtins.__import__
_around = os.environ.get("AROUND")
_off = datetime.datetime.fromisoformat(_around).timestamp() - _real() if _around else 0
ASKING = ("grading.grade", "class_run.changes", "class_run.results_folder")


def jumping():
    number = next(_asked)
    return _real() + _off + (86_400 * (-1) ** (number // 3) if number % 3 == 0 else 0)


class Jumping(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(jumping(), tz)


def importing(*given, **named):
    made = _import(*given, **named)
    for name in ASKING:
        module = sys.modules.get(f"autograder.{name}")
        if getattr(module, "datetime", None) is datetime.datetime:
            module.datetime = Jumping
    return made


time.time, builtins.__import__ = jumping, importing
'''
