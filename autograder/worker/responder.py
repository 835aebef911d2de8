"""The student's side of the protocol: runs cells, answers calls, holds what cannot travel by value.

The same class serves the sandboxed worker (over a pipe) and the in-kernel path (directly), so that
both grade alike. It sees no check and no oracle. Everything here runs beside hostile code: nothing
that it answers is trusted by the other side.
"""

from __future__ import annotations

import importlib
import linecache
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from autograder.worker import codec, other_device

MESSAGE_CHARS = 500

Reply = list[Any]


class CallbackFailed(RuntimeError):
    """A function that the grader passed in could not be evaluated with the arguments it was
    given.
    """


class Responder:
    """Answers requests against a notebook's namespace.

    `namespace` is the dict of the notebook's globals; `run_cell` executes one cell in it;
    `callback` sends a request to the other side and returns its reply (a function that the grader
    passed in is being called).
    """

    def __init__(
        self,
        namespace: dict[str, Any],
        callback: Callable[[list[Any]], Reply],
        run_cell: Callable[[str, str], None] | None = None,
    ) -> None:
        self.namespace = namespace
        self._callback = callback
        self._run_cell = run_cell
        self._objects: dict[int, Any] = {}
        self._tensors: dict[int, torch.Tensor] = {}
        self._overridden: dict[str, Any] = {}
        self._count = 0
        self._elsewhere = False
        """Whether something on the other device was received: from then on code can also make such
        tensors itself.
        """
        self._switches = Switches.now()
        """As the notebook's own cells left them."""

    # Values

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _keep(self, value: Any) -> list[Any]:
        number = self._next()
        self._objects[number] = value
        return ["h", number, type(value).__name__[:80]]

    def _register(self, tensor: torch.Tensor) -> int:
        number = self._next()
        self._tensors[number] = tensor
        return number

    def encode(self, value: Any) -> Any:
        return codec.encode(value, self._keep, self._register)

    def decode(self, tree: Any) -> Any:
        def tensor(plain: torch.Tensor, number: int, needs_grad: bool) -> torch.Tensor:
            if needs_grad:
                plain.requires_grad_()
                self._tensors[number] = (
                    plain  # negative numbers: the grader's own, so the two never meet
                )
            return plain

        value = codec.decode(tree, self._refer, tensor)
        self._elsewhere = self._elsewhere or other_device.is_named_in(value)
        return value

    def _devices(self) -> AbstractContextManager[None]:
        """What student code runs in. It is left again before the reply, so that nothing stays
        switched on in a kernel.
        """
        return other_device.other_device() if self._elsewhere else nullcontext()

    def _refer(self, reference: list[Any]) -> Any:
        if (
            reference[0] == "h"
        ):  # a number is an object that was kept, a string a name of the notebook
            return self._target(["h" if isinstance(reference[1], int) else "n", reference[1]])
        if reference[0] == "v":
            (method, *given) = reference[2]
            return getattr(self.decode(reference[1]), method)(*given)
        return Callback(self, reference[1])

    def _target(self, target: list[Any]) -> Any:
        kind, value, *name = target
        if kind == "m":
            return getattr(self._target(value), *name)
        if kind == "h":
            return self._objects[value]
        if value not in self.namespace:
            raise NameError(f"name '{value}' is not defined")
        return self.namespace[value]

    # Requests

    def answer(self, request: list[Any]) -> Reply:
        """One request, one reply: `["ok", value, mutated]` or `["error", kind, message, line,
        source]`. Student code may raise anything.
        """
        try:
            return getattr(self, f"_op_{request[0]}")(*request[1:])
        except BaseException as error:
            return self._describe(error)

    def _op_call(self, target: list[Any], args: Any, kwargs: Any) -> Reply:
        function = self._target(target)
        positional, named = self.decode(args), self.decode(kwargs)
        before = _state([positional, named])
        with self._devices():
            value = function(*positional, **named)
        mutated = _state([positional, named]) != before
        return ["ok", self.encode(value), mutated]

    def _op_get(self, target: list[Any], name: str) -> Reply:
        return ["ok", self.encode(getattr(self._target(target), name)), False]

    def _op_item(self, target: list[Any], key: Any) -> Reply:
        return ["ok", self.encode(self._target(target)[self.decode(key)]), False]

    def _op_set(self, target: list[Any], name: str, value: Any) -> Reply:
        setattr(self._target(target), name, self.decode(value))
        return ["ok", None, False]

    def _op_read(self, name: str) -> Reply:
        """A variable of the notebook: by value when it is plain, else as a handle."""
        return ["ok", self.encode(self._target(["n", name])), False]

    def _op_new(self, path: str, args: Any, kwargs: Any) -> Reply:
        module, _, name = path.rpartition(".")
        positional, named = self.decode(args), self.decode(kwargs)
        with self._devices():
            return [
                "ok",
                self.encode(getattr(importlib.import_module(module), name)(*positional, **named)),
                False,
            ]

    def _op_vjp(self, outputs: list[int], grads: Any, inputs: list[int]) -> Reply:
        """Backward from `outputs`; gradients of the input tensors come back, those of parameters
        stay on them, as after `.backward()`.
        """
        leaves = [self._tensors[number] for number in inputs]
        for leaf in leaves:
            leaf.grad = None
        given = list(self.decode(grads))
        with self._devices():
            torch.autograd.backward(
                [self._tensors[number] for number in outputs], given, retain_graph=True
            )
        return [
            "ok",
            self.encode([None if leaf.grad is None else leaf.grad.detach() for leaf in leaves]),
            False,
        ]

    def _op_exec(self, cell: str, source: str) -> Reply:
        if self._run_cell is None:
            raise RuntimeError("cells are run by the kernel itself here")
        try:
            self._run_cell(cell, source)
        finally:
            self._switches = Switches.now()
        return ["ok", None, False]

    def _op_override(self, names: Any) -> Reply:
        """Put the grader's functions in place of the notebook's names, until `restore`."""
        for name, value in self.decode(names).items():
            self._overridden.setdefault(name, self.namespace.get(name, _MISSING))
            self.namespace[name] = value
        return ["ok", None, False]

    def _op_restore(self) -> Reply:
        for name, value in self._overridden.items():
            if value is _MISSING:
                self.namespace.pop(name, None)
            else:
                self.namespace[name] = value
        self._overridden.clear()
        return ["ok", None, False]

    def _op_forget(self) -> Reply:
        """Let go of every object and graph of the checks so far, and switch torch back: the next
        question stands alone.
        """
        self._switches.restore()
        self._objects.clear()
        self._tensors.clear()
        self._elsewhere = False
        return ["ok", None, False]

    # Failures

    def _describe(self, error: BaseException) -> Reply:
        """The error in the student's own words, with the last line of it that is the student's own.
        Its every attribute may be a trap.
        """
        line, source = 0, ""
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_globals is self.namespace and frame.f_code.co_filename != "<string>":
                line, source = number, linecache.getline(frame.f_code.co_filename, number).strip()
        kind, message = _text(lambda: type(error).__name__), _text(lambda: str(error))
        if isinstance(error, SyntaxError):
            message, source = _text(lambda: error.msg), _text(lambda: error.text or "").strip()
            line = error.lineno if type(error.lineno) is int else 0
        return [
            "error",
            kind[:80] or "Exception",
            message[:MESSAGE_CHARS],
            line,
            source[:MESSAGE_CHARS],
        ]

    def call_back(self, number: int, order: int, args: Any, kwargs: Any) -> Any:
        reply = self._callback(["callback", number, order, args, kwargs])
        if reply[0] != "ok":
            raise CallbackFailed(reply[2])
        return self.decode(reply[1])


@dataclass(frozen=True)
class Switches:
    """What code can leave switched in torch for all that runs after it."""

    grad: bool
    dtype: torch.dtype
    device: torch.device

    @classmethod
    def now(cls) -> Switches:
        return cls(torch.is_grad_enabled(), torch.get_default_dtype(), torch.get_default_device())

    def restore(self) -> None:
        torch.set_grad_enabled(self.grad)
        torch.set_default_dtype(self.dtype)
        if torch.get_default_device() != self.device:
            # None is the CPU without a mode through which every call of torch would go
            torch.set_default_device(None if self.device.type == "cpu" else self.device)


_MISSING = object()


def _state(value: Any) -> Any:
    """What of an argument a call may not change, to be compared with what it is afterwards: lists
    and dicts with all that is in them, and the numbers of tensors, byte by byte (`.data` and NumPy
    change them behind torch's version counter).
    """
    if isinstance(value, list | tuple):
        return [_state(item) for item in value]
    if isinstance(value, dict):
        return {key: _state(item) for key, item in value.items()}
    if isinstance(value, torch.Tensor):
        return value.requires_grad, value._version, _bytes(value)
    return type(value)


def _bytes(tensor: torch.Tensor) -> bytes:
    """A tensor's numbers; none where it has none to look at (meta, the other device)."""
    if type(tensor) is not torch.Tensor or tensor.device.type != "cpu":
        return b""
    return codec.bytes_of(tensor.detach())


def _text(read: Callable[[], Any]) -> str:
    """A text that student code may have made; empty when it is none, or when reading it raises."""
    try:
        value = read()
        return str.__str__(value) if isinstance(value, str) else ""
    except BaseException:
        return ""


class Callback:
    """A function of the grader, as student code sees it: called here, evaluated there,
    differentiable to any order.
    """

    def __init__(self, responder: Responder, number: int) -> None:
        self._responder = responder
        self._number = number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tensors = [value for value in (*args, *kwargs.values()) if isinstance(value, torch.Tensor)]
        return _Evaluate.apply(self._responder, self._number, 0, args, kwargs, *tensors)


class _Evaluate(torch.autograd.Function):
    """Value of a grader's function; its backward evaluates that function's vector-Jacobian product,
    in the same way.

    Order 0 is f(args). Order k is the vector-Jacobian product of order k - 1, whose arguments are
    those of order k - 1 and then one cotangent for each of its outputs.
    """

    @staticmethod
    def forward(
        ctx: Any,
        responder: Responder,
        number: int,
        order: int,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        *tensors: torch.Tensor,
    ) -> Any:
        ctx.responder, ctx.number, ctx.order, ctx.args, ctx.kwargs = (
            responder,
            number,
            order,
            args,
            kwargs,
        )
        ctx.save_for_backward(*tensors)
        plain = [tensor.detach() for tensor in tensors]
        filled_args, filled_kwargs, cotangents = _fill(args, kwargs, plain)
        encoded = [
            codec.encode(value, _refuse, _unnumbered)
            for value in (list(filled_args), filled_kwargs, cotangents)
        ]
        value = responder.call_back(number, order, encoded[:2], encoded[2])
        if isinstance(value, torch.Tensor):
            return value
        if (
            isinstance(value, list | tuple)
            and value
            and all(isinstance(item, torch.Tensor) for item in value)
        ):
            return tuple(value)
        raise CallbackFailed("a function that does not return tensors cannot be called here")

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        tensors = ctx.saved_tensors
        result = _Evaluate.apply(
            ctx.responder, ctx.number, ctx.order + 1, ctx.args, ctx.kwargs, *tensors, *grads
        )
        return (None, None, None, None, None, *result)


def _fill(
    args: Sequence[Any], kwargs: dict[str, Any], tensors: list[torch.Tensor]
) -> tuple[list[Any], dict[str, Any], list[torch.Tensor]]:
    """The arguments with their tensors taken from `tensors` in order; what is left over are the
    cotangents.
    """
    queue = list(tensors)
    filled = [queue.pop(0) if isinstance(value, torch.Tensor) else value for value in args]
    named = {
        key: queue.pop(0) if isinstance(value, torch.Tensor) else value
        for key, value in kwargs.items()
    }
    return filled, named, queue


def _refuse(value: Any) -> list[Any]:
    raise CallbackFailed(f"this function takes numbers and tensors, not {type(value).__name__}")


def _unnumbered(tensor: torch.Tensor) -> int:
    return 0
