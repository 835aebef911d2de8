"""Attacks on what the machine has: memory, disk, inodes, threads, open files, logs."""

from __future__ import annotations

from tests.hostile.attack import HONEST, Attack
from tests.hostile.student_code import around, in_call, in_cell

FAMILY = "floods"

ATTACKS = [
    Attack(
        "floods_memory",
        FAMILY,
        "all memory of the machine, by one process",
        in_cell("hoard = []\nwhile True: hoard.append(bytearray(2 ** 25))"),
    ),
    Attack(
        "floods_memory_by_children",
        FAMILY,
        "the same by many processes, each below its limit",
        in_cell("""
            import os, time
            for _ in range(60):
                try:
                    child = os.fork()
                except OSError:
                    break
                if child == 0:
                    hoard = []
                    try:
                        for _ in range(12):
                            hoard.append(os.urandom(2 ** 23) * 2)
                    except MemoryError:
                        pass
                    time.sleep(20)
                    os._exit(0)
        """),
    ),
    Attack(
        "floods_shared_memory",
        FAMILY,
        "memory that belongs to no process: files in /dev/shm",
        in_cell("""
            n_bytes = 0
            for number in range(40):
                try:
                    with open(f"/dev/shm/{MARK}_flood_{number}", "wb") as file:
                        for _ in range(15):
                            n_bytes += file.write(bytes(2 ** 22))
                except OSError:
                    break
            if n_bytes > 600 * 2 ** 20:
                won(f"{n_bytes >> 20} MB of shared memory")
        """),
    ),
    Attack(
        "floods_anonymous_files",
        FAMILY,
        "memory behind descriptors (memfd), which no process has mapped",
        in_cell("""
            import os
            kept, n_bytes = [], 0
            for _ in range(25):
                try:
                    fd = os.memfd_create("flood")
                    kept.append(fd)
                    for _ in range(15):
                        n_bytes += os.write(fd, bytes(2 ** 22))
                except OSError:
                    break
            if n_bytes > 600 * 2 ** 20:
                won(f"{n_bytes >> 20} MB in anonymous files")
        """),
    ),
    Attack(
        "floods_detached_segments",
        FAMILY,
        "memory in System V segments, filled one by one and let go of, so that no limit on a process sees it",
        in_cell("""
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            libc.shmat.restype = ctypes.c_void_p
            n_bytes, size = 0, 100 * 2 ** 20
            for _ in range(8):
                segment = libc.shmget(0, ctypes.c_size_t(size), 0o1600)
                address = libc.shmat(segment, None, 0) if segment >= 0 else None
                if address in (None, 2 ** 64 - 1):
                    break
                ctypes.memset(address, 1, size)
                libc.shmdt(ctypes.c_void_p(address))
                n_bytes += size
            if n_bytes > 600 * 2 ** 20:
                won(f"{n_bytes >> 20} MB in segments")
        """),
    ),
    Attack(
        "floods_the_disk",
        FAMILY,
        "all room on the disk, in every folder that can be written",
        in_cell("""
            import os
            for folder in (".", "/tmp", "/var/tmp", os.path.expanduser("~"), COURSE, "/course", "/grader"):
                for number in range(20):
                    try:
                        with open(f"{folder}/{MARK}_flood_{number}", "wb") as file:
                            for _ in range(15):
                                file.write(bytes(2 ** 22))
                    except OSError:
                        break
        """),
    ),
    Attack(
        "floods_the_inodes",
        FAMILY,
        "all names on the disk: a hundred thousand empty files, and folders a thousand deep",
        in_cell("""
            import os, time
            end = time.monotonic() + 2
            os.makedirs("/tmp/" + MARK + "_names", exist_ok=True)
            try:
                for number in range(100_000):
                    os.close(os.open(f"/tmp/{MARK}_names/{number}", os.O_CREAT | os.O_WRONLY))
                    if time.monotonic() > end:
                        break
            except OSError:
                pass
            try:
                for _ in range(1000):
                    os.mkdir("deeper")
                    os.chdir("deeper")
            except OSError:
                pass
        """),
    ),
    Attack(
        "makes_a_sparse_giant",
        FAMILY,
        "a file of a terabyte that takes no room until somebody copies it",
        in_cell("""
            import os
            for size in (2 ** 40, 2 ** 36):
                try:
                    os.truncate(os.open("/tmp/" + MARK + "_giant", os.O_CREAT | os.O_RDWR), size)
                    won(f"a file of {size} bytes")
                except OSError:
                    pass
        """),
    ),
    Attack(
        "floods_the_output",
        FAMILY,
        "the grader's memory or disk, by what is printed",
        around("""
            import os, sys, time
            end = time.monotonic() + 2
            while time.monotonic() < end:
                for stream in (sys.stdout, sys.stderr):
                    stream.write("flood " * 200_000)
            for fd in (1, 2):
                os.set_blocking(fd, False)
                try:
                    for _ in range(100): os.write(fd, b"flood " * 200_000)
                except OSError:
                    pass
        """),
    ),
    Attack(
        "floods_by_an_error",
        FAMILY,
        "the report, by a message of 100 MB",
        in_call("raise ValueError('flood ' * 17_000_000)"),
        nbgrader=True,
    ),
    Attack(
        "floods_by_warnings",
        FAMILY,
        "logs, by warnings and log records",
        around("""
            import logging, warnings
            warnings.simplefilter("always")
            for number in range(20_000):
                warnings.warn("flood " * 100)
                logging.getLogger().error("flood " * 100)
        """),
    ),
    Attack(
        "uses_up_descriptors",
        FAMILY,
        "a worker, or a grader, that can open nothing any more",
        in_cell("""
            import os, socket
            kept = []
            try:
                while True: kept.append(os.dup(0))
            except OSError:
                pass
        """),
    ),
    Attack(
        "makes_a_thousand_threads",
        FAMILY,
        "the machine's process table, by threads that only sleep",
        in_cell("""
            import threading, time
            try:
                for _ in range(5000): threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
            except (RuntimeError, MemoryError):
                pass
        """),
    ),
    Attack(
        "hoards_in_the_namespace",
        FAMILY,
        "a fork of a notebook that is too large to be forked",
        around("import torch\nhoard = torch.ones(300 * 2 ** 20, dtype=torch.uint8)"),
    ),
    Attack(
        "has_ten_thousand_names",
        FAMILY,
        "the time of whoever lists the namespace",
        around("globals().update({f'name_{number}': [number] for number in range(200_000)})"),
        spoilt=HONEST[:0],
    ),
]
