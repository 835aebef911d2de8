"""Listeners outside of the sandbox, on every kind of socket: whoever is heard here got out."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.hostile.attack import MARK


class Beacons:
    """TCP, UDP, and Unix sockets with and without a file, as a context manager. `heard` holds what
    was said to which of them.
    """

    def __init__(self, folder: Path) -> None:
        self.heard: list[tuple[str, str]] = []
        self._path = folder / f"{MARK}.sock"
        self._selector = selectors.DefaultSelector()
        self._sockets: list[socket.socket] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    @property
    def addresses(self) -> dict[str, Any]:
        """Where they are, for attackers who know."""
        tcp, udp, abstract, _ = self._sockets
        hosts = sorted({"127.0.0.1", *(info[4][0] for info in _own_addresses())})
        return {
            "hosts": hosts,
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
            "abstract": abstract.getsockname()[1:].decode(),
            "path": str(self._path),
        }

    def __enter__(self) -> Beacons:
        for name, family, kind, address in (
            ("TCP", socket.AF_INET, socket.SOCK_STREAM, ("0.0.0.0", 0)),
            ("UDP", socket.AF_INET, socket.SOCK_DGRAM, ("0.0.0.0", 0)),
            (
                "the abstract socket",
                socket.AF_UNIX,
                socket.SOCK_STREAM,
                f"\0{MARK}-beacon-{id(self)}",
            ),
            ("the socket file", socket.AF_UNIX, socket.SOCK_STREAM, str(self._path)),
        ):
            listener = socket.socket(family, kind)
            listener.bind(address)
            if kind == socket.SOCK_STREAM:
                listener.listen()
            listener.setblocking(False)
            self._sockets.append(listener)
            self._selector.register(listener, selectors.EVENT_READ, name)
        self._path.chmod(0o777)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(5)
        for listener in self._sockets:
            listener.close()
        self._path.unlink(missing_ok=True)

    def _listen(self) -> None:
        while not self._over.is_set():
            for key, _ in self._selector.select(0.2):
                with contextlib.suppress(OSError):
                    self.heard.append((key.data, _message(key.fileobj)))  # type: ignore[arg-type]  # only sockets are registered


def _message(listener: socket.socket) -> str:
    if listener.type == socket.SOCK_DGRAM:
        return listener.recv(200).decode(errors="replace")
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(0.5)
        try:
            return connection.recv(200).decode(errors="replace")
        except TimeoutError:
            return ""


def _own_addresses() -> list[Any]:
    try:
        return socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
