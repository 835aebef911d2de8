"""Linux's means to confine a process, through libc: namespaces, mounts, Landlock, seccomp,
capabilities.

Each function changes the calling process for good and raises OSError where the kernel refuses. It
runs in the sandbox, before student code does, and imports nothing of the grader. Sources: man pages
unshare(2), user_namespaces(7), landlock(7), seccomp(2), capabilities(7).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import stat
import struct
from collections.abc import Iterable

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
ANY_NAMESPACE = 0x7E02_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_REC, MS_PRIVATE = (
    1,
    2,
    4,
    8,
    32,
    0x4000,
    0x4_0000,
)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int = 0, third: int = 0) -> None:
    _check(
        _libc.prctl(
            option,
            ctypes.c_ulong(value),
            ctypes.c_ulong(third),
            ctypes.c_ulong(0),
            ctypes.c_ulong(0),
        ),
        f"prctl {option}",
    )


# Namespaces


def unshare(flags: int) -> None:
    """New namespaces; in a new user namespace this process keeps its user and group ids, and holds
    all capabilities there.
    """
    uid, gid = os.geteuid(), os.getegid()
    _check(_libc.unshare(flags), "unshare")
    if flags & CLONE_NEWUSER:
        for file, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{file}", "w", encoding="ascii") as stream:
                stream.write(text)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    _check(
        _libc.mount(
            source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()
        ),
        f"mount {target}",
    )


def become(uid: int, gid: int) -> None:
    """Another user for good (needs CAP_SETUID and CAP_SETGID)."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def drop_capabilities() -> None:
    """No capability now, and none to be had by any program that is run."""
    with contextlib.suppress(OSError):
        prctl(PR_CAP_AMBIENT, 4)  # PR_CAP_AMBIENT_CLEAR_ALL
    for number in range(64):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except (
            OSError
        ):  # EINVAL: past the last one; EPERM: no CAP_SETPCAP, so there was nothing to drop
            break
    header = struct.pack("=Ii", 0x2008_0522, 0)
    _check(_libc.capset(header, bytes(24)), "capset")
    prctl(PR_SET_NO_NEW_PRIVS, 1)


# Landlock

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
_FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15
_READ = EXECUTE | READ_FILE | READ_DIR
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
SCOPES_SIGNALS = 6
"""The first ABI that keeps signals, and abstract sockets, inside."""


def landlock_abi() -> int:
    """Version of the kernel's Landlock; 0 where there is none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, 1)))


def landlock(read: Iterable[str], write: Iterable[str]) -> int:
    """From now on only `read` can be read and `write` written, no TCP, no signal or abstract socket
    to the outside. Returns the ABI.

    Needs no_new_privs. Paths that don't exist are left out.
    """
    abi = landlock_abi()
    if not abi:
        raise OSError("this kernel has no Landlock")
    handled = (1 << _FS_BITS.get(abi, 16)) - 1
    attributes = struct.pack(
        "=QQQ", handled, 3 if abi >= 4 else 0, 3 if abi >= SCOPES_SIGNALS else 0
    )
    size = 24 if abi >= SCOPES_SIGNALS else 16 if abi >= 4 else 8
    ruleset = _check(_libc.syscall(_CREATE_RULESET, attributes, size, 0), "landlock_create_ruleset")
    try:
        for paths, rights in (
            (read, _READ),
            (write, handled & ~(1 << 6 | 1 << 11)),
        ):  # no device files
            for path in paths:
                _allow(ruleset, path, rights & handled)
        _check(_libc.syscall(_RESTRICT_SELF, ruleset, 0), "landlock_restrict_self")
    finally:
        os.close(ruleset)
    return abi


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= _FILE_RIGHTS
        _check(
            _libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, fd), 0),
            f"landlock_add_rule {path}",
        )
    finally:
        os.close(fd)


# seccomp: numbers on (x86_64, aarch64); -1 where there is no such call

_ARCHITECTURES = {"x86_64": (0, 0xC000_003E), "aarch64": (1, 0xC000_00B7)}
_REFUSED = """
ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, kcmp 312 272,
pidfd_getfd 438 438, mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51,
mount_setattr 442 442, open_tree 428 428, move_mount 429 429, fsopen 430 430, fsconfig 431 431,
fsmount 432 432, fspick 433 433, unshare 272 97, setns 308 268, open_by_handle_at 304 265,
quotactl 179 60, keyctl 250 219, add_key 248 217, request_key 249 218, bpf 321 280,
perf_event_open 298 241, userfaultfd 323 282, io_uring_setup 425 425, io_uring_enter 426 426,
io_uring_register 427 427, kexec_load 246 104, kexec_file_load 320 294, init_module 175 105,
finit_module 313 273, delete_module 176 106, reboot 169 142, swapon 167 224, swapoff 168 225,
syslog 103 116, sethostname 170 161, setdomainname 171 162, acct 163 89, settimeofday 164 170,
clock_settime 227 112, adjtimex 159 171, clock_adjtime 305 266, personality 135 92, ioperm 173 -1,
iopl 172 -1, modify_ldt 154 -1, process_madvise 440 440, memfd_secret 447 447,
memfd_create 319 279, shmget 29 194, shmat 30 196, msgget 68 186, semget 64 190
"""
_CLONE, _CLONE3, _SOCKET, _SOCKETPAIR = (56, 220), (435, 435), (41, 198), (53, 199)
_SETSOCKOPT, _SO_SNDBUF = (54, 208), 7
_SIGNALS = (
    (62, 129),
    (234, 131),
    (129, 138),
    (297, 240),
)  # kill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo
_REFUSED_ALONE = "tkill 200 130, pidfd_send_signal 424 424, connect 42 203, socket 41 198"
_ALLOW, _REFUSE, _NOT_THERE = 0x7FFF_0000, 0x0005_0000 | 1, 0x0005_0000 | 38  # EPERM, ENOSYS
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = (
    0,
    4,
    (16, 24, 32),
)  # offsets in struct seccomp_data; both architectures are little-endian


def seccomp(alone: bool = False) -> None:
    """Refuse the system calls that student code has no use for: tracing, mounting, namespaces,
    keys, bpf, sockets but AF_UNIX, memory that belongs to no process, and so on.

    alone: no namespaces stand around this process, so that nothing but its own signals and socket
    pairs is left to it: neither a pid namespace keeps other processes from it, nor a mount
    namespace the sockets of daemons. Needs no_new_privs.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(f"no list of system calls for {machine}")
    column, architecture = _ARCHITECTURES[machine]
    steps: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        _give(0x8000_0000),
    ]
    steps += [
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, 0x4000_0000),
        _give(_REFUSE),
    ]  # the x32 calls
    for number in [
        int(line.split()[1 + column])
        for line in (_REFUSED + ("," + _REFUSED_ALONE if alone else "")).split(",")
    ]:
        if number >= 0:
            steps += [(_EQUAL, 0, 1, number), _give(_REFUSE)]
    steps += [
        (_EQUAL, 0, 1, _CLONE3[column]),
        _give(_NOT_THERE),
    ]  # libc then takes clone, whose flags can be seen
    tests = [
        (_CLONE, 0, (_ANY_BIT, 0, 1, ANY_NAMESPACE)),
        (_SOCKET, 0, (_EQUAL, 1, 0, 1)),  # AF_UNIX is 1
        (_SETSOCKOPT, 2, (_EQUAL, 0, 1, _SO_SNDBUF)),  # else each holds megabytes of the kernel's
    ]
    if alone:
        tests += [(_SOCKETPAIR, 1, (_ANY_BIT, 0, 1, 2))]  # SOCK_DGRAM is 2: it could send to a path
        tests += [(numbers, 0, (_EQUAL, 1, 0, os.getpid())) for numbers in _SIGNALS]
    for numbers, argument, test in tests:
        steps += [
            (_EQUAL, 0, 4, numbers[column]),
            (_LOAD, 0, 0, _ARGUMENTS[argument]),
            test,
            _give(_REFUSE),
            _give(_ALLOW),
        ]
    steps.append(_give(_ALLOW))
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    instructions = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(
        struct.pack("@HP", len(steps), ctypes.addressof(instructions))
    )
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(header))


def _give(action: int) -> tuple[int, int, int, int]:
    return _RETURN, 0, 0, action
