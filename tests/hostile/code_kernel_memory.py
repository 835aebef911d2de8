"""Attacks on memory that belongs to no process: what the kernel keeps for sockets, pipes, page
tables and timers is in no sum over a tree of processes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from tests.hostile.attack import HONEST, TARGET, Attack, Material
from tests.hostile.student_code import prelude

FAMILY = "kernel memory"
MOST_MB = 600
"""As much as a submission may have with all its scratch, and no more."""

_CHILDREN = """\
import ctypes, fcntl, mmap, os, select, socket, struct, time
libc = ctypes.CDLL(None, use_errno=True)
board, kept = mmap.mmap(-1, 8 * 64), []
def note(number, n_bytes):
    struct.pack_into("q", board, 8 * number, n_bytes)
def noted():
    return sum(struct.unpack_from("64q", board)) >> 20
def hoard(number):
{body}
for number in range({children}):
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        try:
            hoard(number)
            time.sleep(3)
        finally:
            os._exit(0)
def {target}(*args, **kwargs):
    if not _stopped:
        time.sleep(1)
    _stopped.append(f"{{noted()}} MB")
    if noted() > {most}:
        won(f"{{noted()}} MB of the kernel's memory")
    shout()
"""


def _by_children(body: str, children: int = 20) -> Callable[[Material], bytes]:
    code = _CHILDREN.format(
        body=textwrap.indent(textwrap.dedent(body).strip("\n"), "    "),
        children=children,
        most=MOST_MB,
        target=TARGET,
    )

    def build(material: Material) -> bytes:
        return material.code(prelude(material) + code)

    return build


ATTACKS = [
    Attack(
        "hoards_in_sockets",
        FAMILY,
        spoilt=HONEST,
        gain="the machine's memory, by messages that nobody takes from socket pairs",
        build=_by_children("""
            n_bytes = 0
            while True:
                try:
                    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                except OSError:
                    return
                kept.append(pair)
                for end in pair:
                    try:
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 ** 24)
                    except OSError:
                        pass
                    end.setblocking(False)
                    try:
                        while True:
                            n_bytes += end.send(bytes(2 ** 16))
                            note(number, n_bytes)
                    except OSError:
                        pass
        """),
    ),
    Attack(
        "hoards_in_pipes",
        FAMILY,
        spoilt=HONEST,
        gain="the same by pipes, each made as large as the kernel lets it be",
        build=_by_children("""
            n_bytes = 0
            while True:
                try:
                    out, into = os.pipe()
                except OSError:
                    return
                kept.append((out, into))
                for size in (2 ** 24, 2 ** 20, 2 ** 18):
                    try:
                        fcntl.fcntl(into, 1031, size)
                        break
                    except OSError:
                        pass
                os.set_blocking(into, False)
                try:
                    while True:
                        n_bytes += os.write(into, bytes(2 ** 16))
                        note(number, n_bytes)
                except OSError:
                    pass
        """),
    ),
    Attack(
        "hoards_in_flight",
        FAMILY,
        spoilt=HONEST,
        gain="the same by descriptors that were sent and not received: sockets full of sockets, which "
        "count as open for nobody",
        build=_by_children(
            """
            import array
            n_bytes, deadline = 0, time.monotonic() + 1.5
            into, out = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            into.setblocking(False)
            kept.extend((into, out))
            while time.monotonic() < deadline:
                try:
                    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                except OSError:
                    return
                for end in (left, right):
                    end.setblocking(False)
                    try:
                        while True:
                            n_bytes += end.send(bytes(2 ** 16))
                            note(number, n_bytes)
                    except OSError:
                        pass
                try:
                    kept[-2].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                                              array.array("i", [left.fileno(), right.fileno()]))])
                    left.close(), right.close()
                except OSError:
                    kept.extend((left, right))
        """,
        ),
    ),
    Attack(
        "hoards_page_tables",
        FAMILY,
        spoilt=HONEST,
        gain="the same by page tables: one page touched in every two megabytes of a mapping of zeros",
        build=_by_children("""
            size = 2 ** 30
            libc.mmap.restype = ctypes.c_void_p
            libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
            n_bytes = 0
            while True:
                place = libc.mmap(None, size, 1, 0x4022, -1, 0)
                if place in (None, 2 ** 64 - 1):
                    size //= 2
                    if size < 2 ** 22:
                        return
                    continue
                for offset in range(0, size, 2 ** 21):
                    ctypes.c_char.from_address(place + offset).value
                    n_bytes += 4096
                note(number, n_bytes)
        """),
    ),
    Attack(
        "hoards_timers_and_polls",
        FAMILY,
        spoilt=HONEST,
        gain="the same by timers, signals that wait, watches of files and sets of descriptors to poll",
        build=_by_children(
            """
            import signal
            n = 0
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            made = ctypes.c_void_p()
            while libc.timer_create(1, None, ctypes.byref(made)) == 0 and n < 10 ** 5:
                n += 1
            for _ in range(10 ** 5):
                if libc.sigqueue(os.getpid(), 40, None) != 0:
                    break
                n += 1
            watcher = libc.inotify_init()
            for folder, _, files in os.walk("/usr/lib"):
                for name in files:
                    if libc.inotify_add_watch(watcher, os.path.join(folder, name).encode(), 2) >= 0:
                        n += 1
                if n > 10 ** 5:
                    break
            note(number, n * 512)
        """,
        ),
    ),
]
