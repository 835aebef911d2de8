"""Attacks that read: hidden checks, oracles, sources, other submissions, secrets, other
processes.
"""

from __future__ import annotations

from tests.hostile.attack import Attack
from tests.hostile.student_code import in_call, spying

FAMILY = "spying"

WALK = """\
    import os, time
    def walk(top, seconds=1.5, names=(".py", ".ipynb", ".toml", ".json", ".zip", ".db", "-secret", ".txt", ".log")):
        end = time.monotonic() + seconds
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if name not in ("proc", "sys", "usr", "site-packages", ".venv", ".git")]
            for file in files:
                if file.endswith(names):
                    look_in(os.path.join(folder, file))
            if time.monotonic() > end:
                return
"""

ATTACKS = [
    Attack(
        "reads_suites",
        FAMILY,
        "the hidden checks, where the course is known to lie, and on the whole disk",
        spying(WALK + "    walk(COURSE + '/autograder/suites')\n    walk('/')\n"),
        nbgrader=True,
    ),
    Attack(
        "imports_oracles",
        FAMILY,
        "the oracles: imported, asked for their source, used as the answer",
        spying("""
            import importlib, inspect, sys
            sys.path[:0] = [COURSE, "/course", "/grader", "/work/main"]
            oracles = "autograder.suites.vae.bernoulli_nll.oracle"
            for name in (oracles, "autograder.checks.judge", "autograder.suites", "autograder.class_run.run", "autograder.kernel"):
                sys.modules.pop(name, None)
                try:
                    module = importlib.import_module(name)
                    look(inspect.getsource(module))
                    look(repr(vars(module)))
                    if name == oracles:
                        oracle = module.bernoulli_nll
                        won("an oracle")
                except Exception:
                    pass
        """),
        nbgrader=True,
    ),
    Attack(
        "reads_sources",
        FAMILY,
        "the model solutions and mark schemes in source/",
        spying(
            WALK
            + "    walk(COURSE + '/source')\n    walk(COURSE + '/assignments')\n    walk('/course')\n    walk('/grader')\n"
        ),
        nbgrader=True,
    ),
    Attack(
        "reads_submissions",
        FAMILY,
        "what other students handed in, and their reports",
        spying(
            WALK
            + "    walk(os.path.dirname(COURSE))\n    walk('/tmp')\n    walk('/home')\n    walk('/var')\n"
        ),
        nbgrader=True,
    ),
    Attack(
        "reads_environment",
        FAMILY,
        "$AUTOGRADER_SECRET and whatever else the grader's environment holds",
        spying("""
            import os, glob
            look(repr(dict(os.environ)))
            for file in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/task/*/environ"):
                look_in(file)
            import ctypes
            environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
            index = 0
            while environ[index]:
                look(environ[index])
                index += 1
        """),
        nbgrader=True,
    ),
    Attack(
        "reads_secret_file",
        FAMILY,
        "the seed of the hidden inputs, in .autograder-secret, through every way into the outer file system",
        spying("""
            import glob, os
            roots = ["", "/proc/self/root", "/proc/1/root", "/proc/1/cwd", "/proc/self/cwd", f"/proc/{os.getppid()}/root"]
            roots += glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd") + ["/" + "../" * 40]
            for root in roots:
                for place in (COURSE, "/course", "/work/main", os.path.dirname(COURSE)):
                    look_in(f"{root}{place}/.autograder-secret")
                    look_in(f"{root}{place}/autograder/suites/vae/bernoulli_nll/checks.py")
        """),
        nbgrader=True,
    ),
    Attack(
        "reads_other_processes",
        FAMILY,
        "memory, files and folders of every process that can be seen",
        spying("""
            import glob, os
            for process in glob.glob("/proc/[0-9]*"):
                if process.endswith(f"/{os.getpid()}"):
                    continue
                try:
                    if open(process + "/cmdline", "rb").read():
                        open(process + "/maps").read()
                        won("the memory map of " + process)
                except OSError:
                    pass
                for link in glob.glob(process + "/fd/*"):
                    look_in(link)
                for kind in ("mem", "environ", "auxv", "stack", "syscall"):
                    look_in(f"{process}/{kind}")
        """),
    ),
    Attack(
        "reads_grader_memory",
        FAMILY,
        "the oracles in the grader's own memory, by process_vm_readv and /proc/<pid>/mem",
        spying("""
            import ctypes, os
            libc = ctypes.CDLL(None, use_errno=True)
            class Iovec(ctypes.Structure):
                _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
            buffer = ctypes.create_string_buffer(4096)
            for pid in {1, 2, os.getppid(), *range(os.getpid() - 20, os.getpid())} - {os.getpid(), 0}:
                if pid < 1:
                    continue
                for start in (id(0), id(os), id(os.environ), id(ctypes)):  # a fork lies where its parent lies
                    local, remote = Iovec(ctypes.addressof(buffer), 4096), Iovec(start, 4096)
                    if libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
                        won(f"memory of process {pid}")
                        look(buffer.raw)
        """),
    ),
    Attack(
        "searches_inherited_memory",
        FAMILY,
        "what the fork inherited of the zygote: secrets, other notebooks, left in the heap",
        spying("""
            import gc, time
            for item in gc.get_objects():
                if type(item) in (dict, list, tuple):
                    for value in item.values() if type(item) is dict else item:
                        if type(value) in (str, bytes):
                            look(value)
            end = time.monotonic() + 1
            with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
                for line in maps.read().splitlines():
                    area, rights, *_, = line.split()
                    low, high = (int(value, 16) for value in area.split("-"))
                    if "rw" not in rights or high - low > 2 ** 28 or line.endswith(".so"):
                        continue
                    for start in range(low, high, 2 ** 22):
                        try:
                            memory.seek(start)
                            look(memory.read(min(2 ** 22, high - start)))
                        except (OSError, ValueError, OverflowError):
                            break
                        if time.monotonic() > end:
                            raise TimeoutError
        """),
    ),
    Attack(
        "uses_inherited_descriptors",
        FAMILY,
        "files and folders that the grader left open for its children",
        spying("""
            import os, stat
            for fd in range(256):
                try:
                    mode = os.fstat(fd).st_mode
                except OSError:
                    continue
                if stat.S_ISDIR(mode):
                    won(f"an open folder, descriptor {fd}")
                    for path in ("..", "../..", "../../..", "../../../.."):
                        try:
                            look(os.listdir(os.open(path, os.O_RDONLY, dir_fd=fd)))
                        except OSError:
                            pass
                elif stat.S_ISREG(mode):
                    look(os.pread(fd, 2 ** 20, 0))
        """),
    ),
    Attack(
        "reads_the_system",
        FAMILY,
        "accounts, hosts and kernel memory of the grading machine",
        spying("""
            paths = ["/etc/shadow", "/etc/passwd", "/etc/hosts", "/root/.bash_history", "/root/.ssh/id_rsa", "/proc/1/environ"]
            paths += ["/proc/kcore", "/proc/kmsg", "/proc/keys", "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda"]
            for path in paths:
                try:
                    with open(path, "rb") as file:
                        if file.read(64):
                            won(path)
                except OSError:
                    pass
        """),
    ),
    Attack(
        "hunts_the_expected_value",
        FAMILY,
        "the expected value, in the frames and objects around a hidden check's call",
        in_call("""
            import gc, sys
            frame = sys._getframe()
            while frame:
                look(repr(frame.f_locals)[:100000] + repr(list(frame.f_globals))[:10000])
                if "suites" in frame.f_code.co_filename or "expected" in frame.f_locals:
                    won("a frame of the check")
                frame = frame.f_back
            for item in gc.get_objects():
                if type(item).__name__ in ("Draw", "Suite", "Session", "CheckFailed"):
                    won("an object of the grader: " + type(item).__name__)
        """),
        nbgrader=True,
    ),
]
