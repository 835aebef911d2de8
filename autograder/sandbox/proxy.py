"""The trusted side of the protocol: `student`, a proxy for the namespace of a notebook that lies
across the pipe.

What comes back is data: plain values, tensors, and handles of what stays there. Tensors carry
gradients across: an output of a call is joined to its inputs by an autograd node whose backward
asks the other side for the vector-Jacobian product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from autograder.errors import StudentError
from autograder.intake.untrusted_text import clean
from autograder.sandbox.evaluation import MAX_CALLBACK_ITEMS, broadcast_size, evaluate
from autograder.worker import codec, other_device
from autograder.worker.responder import MESSAGE_CHARS, Responder


class Channel(Protocol):
    """Carries one request and brings its reply; calls `callback` whenever the other side calls a
    function of ours meanwhile.
    """

    alive: bool
    """Whether the other side is still there."""

    def request(self, message: list[Any], callback: Callable[[list[Any]], list[Any]]) -> Any: ...


@dataclass(frozen=True)
class View:
    """An argument that is made over there, by a method of a tensor: `View(x, ("transpose", 0, 1))`.
    What crosses the pipe as a tensor arrives contiguous, and as a leaf.
    """

    tensor: torch.Tensor
    method: tuple[Any, ...]
    """Its name and its arguments (plain values)."""


MAX_CALLBACKS = 5_000
"""Calls of our functions in one check; a model answer makes 490 at most (`integrate_flow`)."""


class Session:
    """One worker's namespace: encodes requests, checks replies, owns the functions and tensors that
    were sent.
    """

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.mutated = False
        """Whether the last call changed one of its arguments in place."""
        self.broken_callback = ""
        """What a function of ours raised when student code called it, in this check."""
        self.shared: dict[Any, Any] = {}
        """What checks of one question got from the notebook and use together, as long as its names
        mean the same.
        """
        self._functions: dict[int, Callable[..., Any]] = {}
        """What student code may call, by a number that is never used again."""
        self._n_functions = self._n_callbacks = 0
        self._count = 0

    @property
    def alive(self) -> bool:
        return self.channel.alive

    @contextmanager
    def one_check(self) -> Iterator[None]:
        """What is sent from here on belongs to one check. Its functions die with it: student code
        that keeps one (a stand-in, an oracle that was passed in) cannot ask it in a later check.
        """
        self.broken_callback, self._n_callbacks = "", 0
        self._functions.clear()
        try:
            yield
        finally:
            self._functions.clear()

    def ask(self, op: str, *fields: Any) -> Any:
        """Send a request; the reply's value tree. Raises StudentError with the student's own words
        when their code failed.
        """
        if op in ("exec", "override", "restore", "forget"):
            self.shared.clear()
        reply = self.channel.request([op, *fields], self._answer_callback)
        if not isinstance(reply, list) or not reply:
            raise StudentError(
                "ProtocolError", "the notebook's process sent something unreadable", fatal=True
            )
        if reply[0] == "ok" and len(reply) == 3:
            self.mutated = reply[2] is True
            return reply[1]
        if (
            reply[0] == "error"
            and len(reply) == 5
            and all(isinstance(reply[i], str) for i in (1, 2, 4))
            and type(reply[3]) is int
        ):
            _, kind, message, line, source = reply
            raise StudentError(
                clean(kind, 80),
                clean(message, MESSAGE_CHARS),
                line=line if 0 < line < 10**6 else None,
                source=clean(source, MESSAGE_CHARS),
            )
        raise StudentError(
            "ProtocolError", "the notebook's process sent something unreadable", fatal=True
        )

    # What is sent

    def _keep(self, value: Any) -> list[Any]:
        if isinstance(value, Handle):
            target = object.__getattribute__(value, "_target")
            if target[0] == "m":  # a method that is passed on, and not called
                return self._keep(self.decode(self.ask("get", *target[1:])))
            return ["h", target[1], ""]
        if callable(value):
            self._n_functions += 1
            self._functions[self._n_functions] = value
            return ["f", self._n_functions]
        raise TypeError(
            f"a {type(value).__name__} cannot be passed to student code: pass plain data, "
            "tensors, handles or functions"
        )

    def encode(self, value: Any, inputs: list[tuple[int, torch.Tensor]]) -> Any:
        def register(tensor: torch.Tensor) -> int:
            self._count -= 1  # our numbers are negative, theirs positive
            inputs.append((self._count, tensor))
            return self._count

        def keep(value: Any) -> list[Any]:
            if isinstance(value, View):
                return ["v", codec.encode(value.tensor, keep, register), list(value.method)]
            return self._keep(value)

        return codec.encode(value, keep, register)

    # What comes back

    def call(self, target: list[Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        inputs: list[tuple[int, torch.Tensor]] = []
        tree = self.ask(
            "call", target, self.encode(list(args), inputs), self.encode(kwargs, inputs)
        )
        return self.decode(tree, inputs)

    def decode(self, tree: Any, inputs: list[tuple[int, torch.Tensor]] | None = None) -> Any:
        """The value of a reply, its tensors joined to `inputs` by autograd."""
        found: dict[int, torch.Tensor] = {}
        order: list[torch.Tensor] = []

        def tensor(plain: torch.Tensor, number: int, needs_grad: bool) -> torch.Tensor:
            if needs_grad and number:
                found[number] = plain
            order.append(plain)
            return plain

        try:
            value = codec.decode(tree, self._refer, tensor)
        except codec.ProtocolError as error:
            raise StudentError("ProtocolError", str(error), fatal=True) from None
        if not found:
            return value
        numbers = list(found)
        joined = _Joined.apply(
            self,
            [n for n, _ in inputs or []],
            numbers,
            list(found.values()),
            _anchor(),
            *[t for _, t in inputs or []],
        )
        return _replace(
            value, {id(plain): new for plain, new in zip(found.values(), joined, strict=True)}
        )

    def _refer(self, reference: list[Any]) -> Any:
        if (
            reference[0] == "h"
            and len(reference) == 3
            and type(reference[1]) is int
            and isinstance(reference[2], str)
        ):
            return Handle(self, ["h", reference[1]], clean(reference[2], 80))
        raise codec.ProtocolError("an unknown reference")

    # Functions of ours, called from there

    def _answer_callback(self, message: list[Any]) -> list[Any]:
        try:
            _, number, order, arguments, cotangents = message
            if not (
                type(number) is int
                and number in self._functions
                and type(order) is int
                and 0 <= order <= 4
            ):
                raise codec.ProtocolError("no such function")
            self._n_callbacks += 1
            if self._n_callbacks > MAX_CALLBACKS:
                raise codec.ProtocolError("more calls than any answer needs")
            given: list[torch.Tensor] = []
            args, kwargs, extra = (
                codec.decode(tree, self._refuse, _at_home(given))
                for tree in (*arguments, cotangents)
            )
            if not (
                isinstance(args, list) and isinstance(kwargs, dict) and isinstance(extra, list)
            ):
                raise codec.ProtocolError("arguments that are not of the protocol")
            if broadcast_size([*args, *kwargs.values(), *extra]) > MAX_CALLBACK_ITEMS:
                raise codec.ProtocolError("arguments that are too large together")
            value = evaluate(self._functions[number], order, args, kwargs, extra)
            if other_device.are_there(given):
                value = other_device.in_nest(other_device.move, value)
            return ["ok", codec.encode(value, self._keep, lambda _: 0), False]
        # bad arguments of a hostile or mistaken caller: theirs to hear, in general words
        except Exception as error:
            self.broken_callback = (
                f"a function of the check raised {type(error).__name__}: {error}"[:500]
            )
            return [
                "error",
                type(error).__name__,
                "this function cannot be evaluated with these arguments",
                0,
                "",
            ]

    @staticmethod
    def _refuse(reference: list[Any]) -> Any:
        raise codec.ProtocolError("only numbers and tensors may be passed")


def _at_home(given: list[torch.Tensor]) -> Callable[[torch.Tensor, int, bool], torch.Tensor]:
    """Brings what arrives to the CPU, where our functions compute for every device, and notes where
    it came from.
    """

    def tensor(plain: torch.Tensor, number: int, needs_grad: bool) -> torch.Tensor:
        given.append(plain)
        return other_device.bring(plain)

    return tensor


def _anchor() -> torch.Tensor:
    """An input that needs gradients, so that backward is asked for even where only parameters over
    there need them.
    """
    return torch.zeros((), requires_grad=True)


def _replace(value: Any, new: dict[int, torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        return new.get(id(value), value)
    if isinstance(value, list | tuple):
        return type(value)(_replace(item, new) for item in value)
    if isinstance(value, dict):
        return {key: _replace(item, new) for key, item in value.items()}
    return value


class _Joined(torch.autograd.Function):
    """Outputs that came over the pipe, as a function of the inputs that went over it."""

    @staticmethod
    def forward(
        ctx: Any,
        session: Session,
        in_numbers: list[int],
        out_numbers: list[int],
        outputs: list[torch.Tensor],
        anchor: Any,
        *inputs: Any,
    ) -> Any:
        ctx.session, ctx.in_numbers, ctx.out_numbers = session, in_numbers, out_numbers
        ctx.save_for_backward(*inputs)
        return tuple(outputs)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> Any:
        tree = ctx.session.ask(
            "vjp",
            ctx.out_numbers,
            ctx.session.encode([grad.detach() for grad in grads], []),
            ctx.in_numbers,
        )
        values = ctx.session.decode(tree)
        inputs = ctx.saved_tensors
        if not isinstance(values, list) or len(values) != len(inputs):
            raise StudentError("ProtocolError", "gradients that do not fit", fatal=True)
        for value, tensor in zip(values, inputs, strict=True):
            if value is not None and not (
                isinstance(value, torch.Tensor) and _alike(value, tensor)
            ):
                raise StudentError("ProtocolError", "gradients that do not fit", fatal=True)
        return (None, None, None, None, None, *values)


def _alike(value: torch.Tensor, tensor: torch.Tensor) -> bool:
    return (value.shape, value.dtype, value.device) == (tensor.shape, tensor.dtype, tensor.device)


METHODS = frozenset(
    (
        *("eval", "load_state_dict", "named_parameters", "parameters", "requires_grad_", "step"),
        *("state_dict", "to", "train", "zero_grad", "keys", "double", "float"),
    )
)
"""Of networks, optimizers and dicts: fetched when they are called, in one request."""
MAX_ITERATED = 10_000
"""Items that are taken from one handle: a hostile sequence has no end."""


class Handle:
    """Something that stays in the student's process: it can be called, read, indexed, and passed
    back.
    """

    def __init__(self, session: Session, target: list[Any], kind: str) -> None:
        object.__setattr__(self, "_session", session)
        object.__setattr__(self, "_target", target)
        object.__setattr__(self, "_kind", kind)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.call(self._target, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copy, pickle, numpy and pytest probe for these
            raise AttributeError(name)
        if name in METHODS:
            return Handle(self._session, ["m", self._target, name], "method")
        return self._session.decode(self._session.ask("get", self._target, name))

    def __setattr__(self, name: str, value: Any) -> None:
        self._session.ask("set", self._target, name, self._session.encode(value, []))

    def __getitem__(self, key: Any) -> Any:
        return self._session.decode(
            self._session.ask("item", self._target, self._session.encode(key, []))
        )

    def __iter__(self) -> Iterator[Any]:
        for index in range(MAX_ITERATED):
            try:
                item = self[index]
            except StudentError as error:
                if error.kind == "IndexError":
                    return
                raise
            yield item

    def __repr__(self) -> str:
        return f"<{self._kind} in the student's process>"


class Student:
    """The notebook's namespace. `student.kl_divergence(mu, logvar)` calls the student's function;
    nothing is fetched before.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Handle:
        if name.startswith("__"):
            raise AttributeError(name)
        return Handle(self._session, ["n", name], "name")

    def new(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """Make a library object in the student's process: `student.new("torch.nn.Linear",
        3, 2)`.
        """
        inputs: list[tuple[int, torch.Tensor]] = []
        tree = self._session.ask(
            "new",
            path,
            self._session.encode(list(args), inputs),
            self._session.encode(kwargs, inputs),
        )
        return self._session.decode(tree, inputs)


def session_of(student: Student) -> Session:
    """The session of a proxy, whose own attributes are names of the notebook."""
    session: Session = student._session
    return session


def read_name(student: Student, name: str) -> Any:
    """A variable of the notebook: by value if it is plain, else as a handle."""
    session = session_of(student)
    return session.decode(session.ask("read", name))


@contextmanager
def stand_ins(student: Student, functions: dict[str, Callable[..., Any]]) -> Iterator[None]:
    """Put trusted functions in place of the notebook's own names for a while."""
    session = session_of(student)
    session.ask("override", session.encode(functions, []))
    try:
        yield
    finally:
        if session.alive:  # of a worker that is gone nothing is left to restore
            session.ask("restore")


class _Loopback:
    """The protocol without a pipe: the same bytes, handed to a responder in this process."""

    alive = True

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._responder = Responder(namespace, self._call_back)
        self._callback: Callable[[list[Any]], list[Any]] | None = None

    def _call_back(self, message: list[Any]) -> list[Any]:
        assert self._callback is not None
        return codec.unpack(codec.pack(self._callback(codec.unpack(codec.pack(message)))))

    def request(self, message: list[Any], callback: Callable[[list[Any]], list[Any]]) -> Any:
        self._callback = callback
        return codec.unpack(codec.pack(self._responder.answer(codec.unpack(codec.pack(message)))))


def local_student(namespace: dict[str, Any]) -> Student:
    """A student whose notebook runs in this very process: the in-kernel path, the oracles' own
    namespace, and tests.
    """
    return Student(Session(_Loopback(namespace)))
