"""Proves that whatever a worker writes to the pipe, the trusted side sees values of the protocol or
a StudentError, in time and in bounds.

Messages are valid ones changed at any node, random msgpack, and frames whose headers lie; no tensor
is made of bytes that were claimed and not sent, and the responder answers any request, right or
wrong, with a reply.
"""

from __future__ import annotations

import contextlib
import math
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

# as in grading slots (preload.py): torch does so at some first operation, and 37 MB would count for
# a message
import torch._dynamo
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import (
    MIB,
    ODD_NODES,
    ODD_PACKED,
    changed,
    frames,
    fuzz,
    guarded,
    packed,
    tensor_tree,
)

from autograder.errors import StudentError
from autograder.sandbox.client import WorkerChannel
from autograder.sandbox.proxy import Handle, Session, Student, read_name, stand_ins
from autograder.worker import codec
from autograder.worker.frames import Closed, read_frame
from autograder.worker.responder import Responder

PLAIN = [
    "l",
    [
        1,
        -2.5,
        "text",
        b"bytes",
        None,
        True,
        ["t", [["i", str(2**70)], ["y", "dtype", "float32"]]],
        ["d", [["a", ["l", []]]]],
    ],
]
VALUES: list[Any] = [
    PLAIN,
    tensor_tree(),
    ["l", [tensor_tree(), tensor_tree(needs_grad=False, number=0)]],
    ["h", 3, "Linear"],
    ["t", [["h", 4, "Conv"], tensor_tree(2, "float64", True, 6)]],
    tensor_tree(2, device="meta"),
    tensor_tree(2, device="lazy:0"),
    ["y", "device", "cpu"],
]
OK: list[Any] = [["ok", value, False] for value in VALUES]
CALLBACKS: list[Any] = [
    ["callback", 0, 0, [["l", [tensor_tree(2, "float64", False, 0), 2.0]], ["d", []]], ["l", []]],
    [
        "callback",
        0,
        1,
        [["l", [tensor_tree(2, "float64", False, 0), 2.0]], ["d", []]],
        ["l", [tensor_tree(2, "float64", False, 0)]],
    ],
    [
        "callback",
        0,
        2,
        [["l", [tensor_tree(2, "float64", False, 0)]], ["d", []]],
        ["l", [tensor_tree(2, "float64", False, 0)] * 2],
    ],
]
ERROR = ["error", "ValueError", "it is wrong", 12, "return x / 0"]
GRADIENTS = ["ok", ["l", [tensor_tree(2, "float64", False, 0)]], False]
FIXED_BYTES = 96 * MIB
"""Lists that a frame of a few bytes may claim (65,536 items, in as many levels as msgpack has), and
one chunk of the socket's.
"""


def bytes_of(value: Any) -> int:
    """The memory that the tensors of a value take."""
    if isinstance(value, torch.Tensor):
        return 0 if value.device.type == "meta" else value.untyped_storage().nbytes()
    if isinstance(value, list | tuple):
        return sum(map(bytes_of, value))
    return sum(map(bytes_of, value.values())) if isinstance(value, dict) else 0


def of_the_protocol(value: Any, depth: int = 0) -> bool:
    """Only what the codec says it gives, in bounds."""
    assert depth <= codec.MAX_DEPTH + 1
    if isinstance(value, list | tuple):
        return len(value) <= codec.MAX_ITEMS and all(
            of_the_protocol(item, depth + 1) for item in value
        )
    if isinstance(value, dict):
        return all(
            of_the_protocol(key, depth + 1) and of_the_protocol(item, depth + 1)
            for key, item in value.items()
        )
    if isinstance(value, torch.Tensor):
        return (
            value.dtype in codec.NAMES
            and value.dim() <= codec.MAX_DIMS
            and value.layout is torch.strided
        )
    return value is None or type(value) in (
        bool,
        int,
        float,
        str,
        bytes,
        torch.dtype,
        torch.device,
        Handle,
    )


# ---- the codec


def unpacked_and_decoded(data: bytes) -> None:
    with guarded(100 * len(data) + FIXED_BYTES), contextlib.suppress(codec.ProtocolError):
        value = codec.decode(
            codec.unpack(data), lambda reference: None, lambda tensor, number, needs_grad: tensor
        )
        assert of_the_protocol(value)
        assert bytes_of(value) <= len(data), "no tensor of bytes that were not sent"


@fuzz(100)
@given(
    st.sampled_from(VALUES).flatmap(lambda value: changed(value, ODD_NODES)).map(packed)
    | ODD_PACKED
)
@example(packed(["i", "--5"]))
@example(packed(["y", "device", "cpu:"]))
@example(packed(["y", "device", "cpu:\u0663"]))
@example(packed(["T", "float32", [0, 2**39, 2**39], "cpu", False, b"", 0]))
@example(packed(["T", "float32", [0, 2**31], "cpu", False, b"", 0]))
@example(packed(["T", "complex128", [2**30, 2**31], "meta", False, b"", 0]))
@example(packed(["T", "float32", [0, 2**31], "lazy:0", False, b"", 0]))
def test_any_message_is_a_value_or_a_protocol_error(data: bytes) -> None:
    unpacked_and_decoded(data)


# ---- the trusted side of the pipe


@contextlib.contextmanager
def worker(stream: bytes, *, closes: bool = True) -> Iterator[WorkerChannel]:
    """A worker that writes `stream`, whatever it is asked, and reads what it is sent."""
    ours, theirs = socket.socketpair()

    def write() -> None:
        with contextlib.suppress(OSError):
            theirs.sendall(stream)
            if closes:
                theirs.shutdown(socket.SHUT_WR)

    def drain() -> None:
        with contextlib.suppress(OSError):
            while theirs.recv(2**16):
                pass

    threads = [threading.Thread(target=write), threading.Thread(target=drain)]
    for thread in threads:
        thread.start()
    channel = WorkerChannel(ours)
    channel.limit_s = 20.0  # never waited for: a stream ends
    try:
        yield channel
    finally:
        channel.close()
        for thread in threads:
            thread.join()
        theirs.close()


def ours(x: torch.Tensor, scale: float = 1.0) -> torch.Tensor:
    """A function that a check hands to the student's code."""
    return x**3 * scale


def asked(student: Student) -> None:
    """What checks do with a student: call, go backward, read, index, walk, set, put functions in
    place of names.
    """
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    value = student.f(x, ours)
    assert of_the_protocol(value)
    for one in value if isinstance(value, list | tuple) else [value]:
        if isinstance(one, torch.Tensor) and one.requires_grad:
            (gradient,) = torch.autograd.grad(
                one, x, torch.ones_like(one), create_graph=True, allow_unused=True
            )
            assert gradient is None or (gradient.shape, gradient.dtype, gradient.device) == (
                x.shape,
                x.dtype,
                x.device,
            )
        if isinstance(one, Handle):
            of_the_protocol(one.weight)
            of_the_protocol(one(x))
            of_the_protocol(one[0])
            assert sum(1 for _ in zip(one, range(5), strict=False)) <= 5
            one.training = True
            assert repr(one).isprintable() and len(repr(one)) < 200
    of_the_protocol(read_name(student, "name"))
    with stand_ins(student, {"f": ours}):
        of_the_protocol(student.new("torch.nn.Linear", 2, 2))


def only_student_errors(stream: bytes, act: Callable[[Student], None] = asked) -> None:
    with guarded(100 * len(stream) + FIXED_BYTES), worker(stream) as channel:
        try:
            act(Student(Session(channel)))
        except StudentError as error:
            assert error.kind.isprintable() and len(error.kind) <= 80
            assert (
                error.message.isprintable()
                and len(error.message) <= 500
                and len(error.source) <= 500
            )
            assert error.line is None or 0 < error.line < 10**6
            assert channel.alive is not error.fatal or error.kind == "ProtocolError", (
                "a lost worker is told as lost"
            )


CONVERSATIONS = st.lists(
    st.sampled_from([*OK, *CALLBACKS, ERROR, GRADIENTS]), min_size=1, max_size=8
) | st.sampled_from(
    [
        [CALLBACKS[0], CALLBACKS[1], OK[1], GRADIENTS, OK[0], OK[0], OK[0]],
        [OK[3], OK[1], OK[0], OK[0], ERROR, OK[0], OK[0]],
        [OK[2], GRADIENTS, GRADIENTS, CALLBACKS[2], OK[0], OK[0], OK[0]],
    ]
)


def framed(*messages: Any) -> bytes:
    return b"".join(struct.pack(">I", len(data)) + data for data in map(packed, messages))


ON_META = ["ok", ["l", [tensor_tree(2, "float64", False, 0, "meta")]], False]


@fuzz(100)
@given(CONVERSATIONS.flatmap(frames))
@example(framed(OK[1], ON_META))
@example(framed(OK[1], ["ok", ["l", [tensor_tree(2, "float64", False, 0, "lazy:0")]], False]))
@example(framed(OK[1], ["ok", ["l", [["h", 1, "x"]]], False]))
def test_any_worker_gives_values_or_student_errors(stream: bytes) -> None:
    only_student_errors(stream)


def test_an_honest_worker_is_believed() -> None:
    """The conversation that the others are changed from works: what follows is not refused for its
    form.
    """
    with worker(
        framed(CALLBACKS[0], CALLBACKS[1], CALLBACKS[2], OK[1], GRADIENTS, *[OK[0]] * 4)
    ) as channel:
        asked(Student(Session(channel)))


@fuzz(60)
@given(st.sampled_from([0, 1, 100, 2**20, 2**28, 2**28 + 1, 2**32 - 1]), st.binary(max_size=300))
def test_a_header_is_not_believed(size: int, sent: bytes) -> None:
    left, right = socket.socketpair()
    with left, right:
        right.sendall(struct.pack(">I", size) + sent)
        right.shutdown(socket.SHUT_WR)
        with guarded(2 * MIB + 4 * len(sent)):
            try:
                assert read_frame(left) == sent[:size] and size <= len(sent)
            except Closed:
                assert len(sent) < size
            except codec.ProtocolError:
                assert size > codec.FRAME_BYTES


@pytest.mark.parametrize("size", [1, 2**28])
def test_a_worker_that_never_ends_its_frame_is_given_up(size: int) -> None:
    with worker(struct.pack(">I", size), closes=False) as channel:
        channel.limit_s = 0.2
        with guarded(2 * MIB), pytest.raises(StudentError) as caught:
            Student(Session(channel)).f(1)
    assert caught.value.kind == "Timeout" and caught.value.fatal


# ---- calls back, and the responder


@fuzz(80)
@given(st.sampled_from(CALLBACKS).flatmap(lambda message: changed(message, ODD_NODES)))
def test_any_call_back_is_answered(message: Any) -> None:
    session = Session(None)  # type: ignore[arg-type]  # nothing is asked of it
    session.encode([ours], [])
    with guarded(100 * len(packed(message)) + MIB):
        reply = session._answer_callback(message)
    assert reply[0] == "ok" if len(reply) == 3 else (reply[0] == "error" and len(reply) == 5)
    codec.pack(reply)
    if reply[0] == "error":
        assert "cannot be evaluated" in reply[2], "nothing of ours is told"


REQUESTS: list[Any] = [
    ["call", ["n", "double"], ["l", [tensor_tree(number=-1)]], ["d", []]],
    ["call", ["n", "use"], ["l", [["f", 0], tensor_tree(number=-1)]], ["d", []]],
    ["call", ["n", "make"], ["l", []], ["d", []]],
    ["call", ["h", 1], ["l", [tensor_tree(number=-2)]], ["d", []]],
    ["get", ["n", "layer"], "weight"],
    ["set", ["n", "layer"], "training", True],
    ["item", ["n", "items"], 0],
    ["read", "items"],
    ["vjp", [1], ["l", [tensor_tree(number=0)]], [-1]],
    ["override", ["d", [["double", ["f", 0]]]]],
    ["restore"],
    ["forget"],
    ["new", "torch.nn.Identity", ["l", []], ["d", []]],
]


def namespace() -> dict[str, Any]:
    layer = torch.nn.Linear(2, 2).double()
    return {
        "double": lambda x: x * 2,
        "use": lambda f, x: f(x),
        "make": lambda: layer,
        "layer": layer,
        "items": [1],
    }


@fuzz(80)
@given(
    st.lists(
        st.sampled_from(REQUESTS).flatmap(lambda request: changed(request, ODD_NODES)),
        min_size=1,
        max_size=6,
    ),
    changed(["ok", tensor_tree(needs_grad=False, number=0), False], ODD_NODES),
)
def test_the_responder_answers_any_request(requests: list[Any], answer_to_callbacks: Any) -> None:
    responder = Responder(namespace(), lambda message: answer_to_callbacks)
    for request in requests:
        with guarded(100 * len(packed(request)) + FIXED_BYTES):
            reply = responder.answer(request)
        assert isinstance(reply, list), reply
        assert (reply[0] == "ok" and len(reply) == 3) or (reply[0] == "error" and len(reply) == 5)
        with contextlib.suppress(codec.ProtocolError):
            codec.pack(reply)


def test_the_shape_of_a_tensor_is_bounded_by_its_bytes() -> None:
    for shape in ([0, 2**39], [0, 2**27], [2**20]):
        with pytest.raises(codec.ProtocolError):
            codec.decode(
                ["T", "float32", shape, "cpu", False, b"", 0],
                lambda reference: None,
                lambda tensor, number, needs_grad: tensor,
            )
    empty = codec.decode(
        ["T", "float32", [0, 3], "cpu", False, b"", 0],
        lambda reference: None,
        lambda tensor, number, needs_grad: tensor,
    )
    assert math.prod(empty.shape) == 0
