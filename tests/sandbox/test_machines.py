"""The same sandbox on other machines: an ordinary user's, and a container that refuses user
namespaces. `autograder doctor` on each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.doctor import Fact, can_grade, examine
from autograder.sandbox import isolation

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parent.parent.parent
A_USER = 1234

RUN = f"""
import json, os, sys
from pathlib import Path
from autograder.doctor import examine
from autograder.sandbox.proxy import read_name, session_of, Session, Student
from autograder.sandbox.client import Sandbox
root = Path({str(ROOT)!r})
facts = {{fact.name: [fact.state, fact.here, fact.cure] for fact in examine(root)}}
with Sandbox(root, memory_mb=512, cpu_s=60) as sandbox:
    student = Student(Session(sandbox.fork()))
    session_of(student).ask("exec", "cell", '''
import os, torch
def read(path):
    try:
        return open(path).read()[:20]
    except OSError as error:
        return type(error).__name__
answer = [torch.ones(3).sum().item(), os.getuid(), read("/etc/passwd"), read({str(ROOT / "autograder" / "grading" / "grade.py")!r})]
''')
    print(json.dumps([os.getuid(), sandbox.isolation, read_name(student, "answer"), facts]))
"""

AS_USER = f"""
import os, sys
from autograder.worker.confine import become
become({A_USER}, {A_USER})
os.environ["HOME"] = "/tmp"
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1]])
"""

WITHOUT_NAMESPACES = """
import os, sys
from autograder.worker.confine import drop_capabilities, seccomp
drop_capabilities()
seccomp()  # refuses what a container refuses, and more
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1]])
"""


def run(line: list[str]) -> list[Any]:
    result = subprocess.run(
        line, capture_output=True, text=True, timeout=300, cwd=ROOT, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
    answer: list[Any] = json.loads(result.stdout)
    return answer


def test_for_an_ordinary_user() -> None:
    """Root becomes one, in a view of this machine in which others may pass the folders above this
    Python.
    """
    line = [sys.executable, "-c", RUN]
    if os.geteuid() == 0:
        binary = isolation.find_bwrap()
        assert binary is not None
        ways = dict.fromkeys(
            way for folder in isolation.python_folders() for way in isolation._way_to(folder)
        )
        hidden = [way for way in ways if not way.stat().st_mode & 0o001]
        view = [option for way in hidden for option in ("--perms", "0755", "--tmpfs", str(way))]
        view += [
            option
            for way in ways
            if way not in hidden
            for option in ("--perms", "0755", "--dir", str(way))
        ]
        view += [
            option
            for folder in isolation.python_folders()
            for option in ("--ro-bind", str(folder), str(folder))
        ]
        if any(ROOT.is_relative_to(way) for way in hidden):
            pytest.skip("the checkout itself lies where only root may go")
        line = [binary, "--dev-bind", "/", "/", *view, "--", sys.executable, "-c", AS_USER, RUN]
    uid, in_force, answer, facts = run(line)
    assert uid != 0
    assert in_force.startswith("bubblewrap, own namespaces")
    assert answer == [3.0, uid, "FileNotFoundError", "FileNotFoundError"]
    assert facts["process limit"][0] == "ok"


def test_in_a_container_that_refuses_user_namespaces() -> None:
    _, in_force, answer, facts = run([sys.executable, "-c", WITHOUT_NAMESPACES, RUN])
    assert in_force.startswith("Landlock") and "namespaces" not in in_force
    assert [answer[0], *answer[2:]] == [3.0, "PermissionError", "PermissionError"]
    assert facts["bubblewrap"][0] == "note" and facts["bubblewrap"][2], (
        "what is missing, and how to get it"
    )
    assert "bubblewrap is not available" in facts["Landlock without namespaces"][1]


def test_the_doctor_says_when_grading_would_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        isolation, "bubblewrap_problem", lambda: "bubblewrap (bwrap) is not installed"
    )
    monkeypatch.setattr(isolation, "landlock_problem", lambda: "this kernel has no Landlock")
    isolation.choose.cache_clear()
    facts = {fact.name: fact for fact in examine(ROOT)}
    isolation.choose.cache_clear()
    assert facts["in force"].state == "missing" and "--isolation none" in facts["in force"].cure
    assert not can_grade(list(facts.values()))


def test_the_doctor_finds_this_machine_fit() -> None:
    facts: list[Fact] = examine(ROOT)
    assert can_grade(facts), [fact for fact in facts if fact.state == "missing"]
    assert {fact.group for fact in facts} == {"isolation", "machine", "course"}


ID_MAPS = {
    "all users": ("0 0 4294967295", True),
    "one user": ("0 1000 1", False),
    "a range of another machine's users": ("0 1000 1\n1 100000 65536\n", True),
    "a range that ends too soon": ("0 100000 65534", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("id_map", "knows"), ID_MAPS.values(), ids=ID_MAPS)
def test_root_of_a_namespace_without_nobody_does_not_try_to_become_it(
    id_map: str, knows: bool
) -> None:
    assert isolation._knows_nobody(id_map) is knows


def test_root_without_capabilities_does_not_try_to_become_another() -> None:
    asks = "from autograder.sandbox import isolation; print(isolation._may_become_nobody())"
    dropped = (
        f"from autograder.worker.confine import drop_capabilities; drop_capabilities(); {asks}"
    )
    for program, answer in ((asks, os.geteuid() == 0), (dropped, False)):
        line = [sys.executable, "-c", program]
        said = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=True).stdout
        assert said.strip() == str(answer)
