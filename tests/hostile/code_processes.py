"""Attacks by processes: more of them than there is room for, some that outlive, signals to everyone
in reach.
"""

from __future__ import annotations

from tests.hostile.attack import HONEST, Attack
from tests.hostile.student_code import in_call, in_cell

FAMILY = "processes"

ATTACKS = [
    Attack(
        "forks_without_end",
        FAMILY,
        "the whole process table: a machine on which nothing starts any more",
        in_cell("""
            import os, time
            end = time.monotonic() + 15  # so that a sandbox without a limit does not lose the machine to its test
            while time.monotonic() < end:
                try:
                    os.fork()
                except OSError:
                    time.sleep(0.01)
            os._exit(0)
        """),
        spoilt=HONEST,
        nbgrader=True,
    ),
    Attack(
        "a_session_for_each_process",
        FAMILY,
        "most of the cores: the kernel shares them out among sessions, and these are thirty",
        in_cell("""
            import os, time
            for _ in range(30):
                if os.fork() == 0:
                    os.setsid()
                    end = time.monotonic() + 40
                    while time.monotonic() < end:
                        pass
                    os._exit(0)
            time.sleep(5)
        """),
        spoilt=HONEST,
    ),
    Attack(
        "leaves_a_daemon",
        FAMILY,
        "a process that goes on after its submission was graded: two forks, a session of its own, all signals ignored",
        in_cell("""
            import os, signal, time
            if os.fork() == 0:
                os.setsid()
                for number in range(1, 65):
                    try:
                        signal.signal(number, signal.SIG_IGN)
                    except (OSError, ValueError):
                        pass
                if os.fork() == 0:
                    for fd in range(256):
                        try:
                            os.close(fd)
                        except OSError:
                            pass
                    time.sleep(600)
                os._exit(0)
        """),
        nbgrader=True,
    ),
    Attack(
        "leaves_heirs",
        FAMILY,
        "a chain of processes, each of which starts the next and ends: gone before it can be killed",
        in_cell("""
            import os, time
            if os.fork() == 0:
                os.setsid()
                for _ in range(300):
                    if os.fork():
                        os._exit(0)
                    time.sleep(0.05)
                time.sleep(600)
        """),
        nbgrader=True,
    ),
    Attack(
        "kills_everyone",
        FAMILY,
        "every process that it may signal: siblings, parent, zygote, grader",
        in_cell("import os, signal\nos.kill(-1, signal.SIGKILL)"),
        spoilt=HONEST,
    ),
    Attack(
        "kills_its_parent",
        FAMILY,
        "the zygote, and with it everyone's worker",
        in_cell("""
            import os, signal
            for pid in (os.getppid(), 1):
                try:
                    os.kill(pid, signal.SIGKILL)
                    os.kill(pid, signal.SIGTERM)
                except OSError:
                    pass
        """),
        spoilt=HONEST,
        nbgrader=True,
    ),
    Attack(
        "kills_by_number",
        FAMILY,
        "every process whose number can be guessed, and every group",
        in_cell("""
            import os, signal
            me = os.getpid()
            for pid in range(1, 3000):
                if pid == me:
                    continue
                for send in (os.kill, os.killpg):
                    try:
                        send(pid, signal.SIGKILL)
                    except OSError:
                        pass
        """),
        spoilt=HONEST,
    ),
    Attack(
        "stops_itself",
        FAMILY,
        "a grader that waits for a process which is stopped",
        in_call("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    ),
    Attack(
        "stops_its_parent",
        FAMILY,
        "a zygote that can neither fork nor clean up: the next submission waits",
        in_cell("""
            import os, signal
            for pid in (os.getppid(), 1, -1):
                try:
                    os.kill(pid, signal.SIGSTOP)
                except OSError:
                    pass
        """),
        spoilt=HONEST,
    ),
    Attack(
        "answers_twice",
        FAMILY,
        "two processes on one pipe, which both answer",
        in_cell("import os\nos.fork()"),
        spoilt=HONEST,
    ),
    Attack(
        "leaves_its_pipe_to_a_child",
        FAMILY,
        "a pipe that stays open though the worker is gone: the grader waits for its end",
        in_call("import os, time\nif os.fork():\n    os._exit(0)\nos.setsid()\ntime.sleep(600)"),
    ),
    Attack(
        "takes_the_processor",
        FAMILY,
        "every core, at the highest priority, bound to all of them",
        in_cell("""
            import os
            changes = [lambda: os.nice(-20)]
            if os.getppid():  # 0: whoever started this is out of sight, and 0 means this process itself
                changes += [lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)]
            changes += [lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))]
            for change in changes:
                try:
                    change()
                    won("a change of priorities")
                except OSError:
                    pass
            for _ in range(30):
                try:
                    if os.fork() == 0:
                        while True: pass
                except OSError:
                    break
        """),
    ),
    Attack(
        "lifts_its_limits",
        FAMILY,
        "memory, files and time beyond what it was given",
        in_cell("""
            import resource
            for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE):
                try:
                    resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                    won(f"no limit of kind {kind}")
                except (OSError, ValueError):
                    pass
        """),
    ),
]
