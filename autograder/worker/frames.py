"""Length-prefixed frames over a socket, with a deadline. Used on both sides of the pipe."""

from __future__ import annotations

import socket
import struct
import time

from autograder.worker.codec import FRAME_BYTES, ProtocolError

CHUNK_BYTES = 2**20
HEADER = struct.Struct(">I")


class Closed(Exception):
    """The other side is gone."""


class DeadlinePassed(Exception):
    """The other side did not answer in time."""


def write_frame(sock: socket.socket, data: bytes, deadline: float | None = None) -> None:
    """Send one frame. `deadline` is a `time.monotonic()`; None waits forever."""
    try:
        _arm(sock, deadline)
        sock.sendall(HEADER.pack(len(data)) + data)
    except TimeoutError:
        raise DeadlinePassed from None
    except OSError:
        raise Closed from None


def read_frame(sock: socket.socket, deadline: float | None = None) -> bytes:
    """Receive one frame; memory grows with what arrives, never with what a header claims."""
    (size,) = HEADER.unpack(_read_exactly(sock, HEADER.size, deadline))
    if size > FRAME_BYTES:
        raise ProtocolError(f"a frame of {size} bytes")
    return _read_exactly(sock, size, deadline)


def _read_exactly(sock: socket.socket, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        try:
            _arm(sock, deadline)
            part = sock.recv(min(CHUNK_BYTES, size - len(parts)))
        except TimeoutError:
            raise DeadlinePassed from None
        except OSError:
            raise Closed from None
        if not part:
            raise Closed
        parts += part
    return bytes(parts)


def _arm(sock: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        sock.settimeout(None)
    elif (left := deadline - time.monotonic()) > 0:
        sock.settimeout(left)
    else:
        raise DeadlinePassed
