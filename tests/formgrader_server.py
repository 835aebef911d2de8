"""A Jupyter server with nbgrader's formgrader, started in a folder as docs/gradebook.md tells a
teaching assistant to start it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[1]
TOKEN = "t0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Formgrader:
    """A server that is up."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, body: Any = None, method: str = "") -> str:
        """The page as text; with a body or method, sends it as JSON."""
        request = urllib.request.Request(
            f"{self.address}{path}",
            headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
            method=method or None,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode("utf-8"))

    def leave(self, path: str, after_s: float) -> None:
        """Ask for a page and be gone before it is there, as somebody who clicks on."""
        with socket.create_connection(("127.0.0.1", self.port)) as browser:
            asked = (
                f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: token {TOKEN}\r\n\r\n"
            )
            browser.sendall(asked.encode())
            time.sleep(after_s)

    def api(self, path: str, body: Any = None, method: str = "") -> Any:
        return json.loads(self.ask(f"/formgrader/api/{path}", body, method))

    def notebook_of(self, student: str, slug: str, notebook: str) -> dict[str, Any]:
        """What formgrader's list says of a student's notebook."""
        rows = self.api(f"submitted_notebooks/{slug}/{notebook}")
        (row,) = [one for one in rows if one["student"] == student]
        return dict(row)


@contextmanager
def formgrader(folder: Path, home: Path, wait_s: float = 90) -> Iterator[Formgrader]:
    """Start the server in a folder that `autograder grade --out` wrote to."""
    made = Formgrader(free_port())
    home.mkdir(parents=True, exist_ok=True)
    log = home / "jupyter.log"
    command = [
        *(str(BIN / "jupyter"), "server", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={made.port}", f"--IdentityProvider.token={TOKEN}"),
    ]
    environment = os.environ | {
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "assignments")]),
    }
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
    try:
        _wait(made, server, log, wait_s)
        yield made
    finally:
        server.terminate()
        server.wait(30)


def _wait(made: Formgrader, server: subprocess.Popen[bytes], log: Path, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            made.ask("/api/status")
            return
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline or server.poll() is not None:
                raise AssertionError(log.read_text(errors="replace")[-3000:]) from None
            time.sleep(0.2)
