"""What crosses the pipe: round trips of every kind of value, and refusals of everything that is not
of the protocol.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import tracemalloc
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgpack
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.worker import codec, other_device


def keep(value: Any) -> list[Any]:
    return ["h", 7, type(value).__name__]


def there_and_back(value: Any) -> Any:
    tree = codec.unpack(codec.pack(codec.encode(value, keep, lambda tensor: 1)))
    return codec.decode(
        tree,
        lambda reference: ("reference", reference),
        lambda tensor, number, grad: tensor.requires_grad_(grad),
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        2**63,
        -(2**90),
        0.1,
        float("inf"),
        "å\x00",
        b"\xff",
        [],
        (),
        [1, (2, [3])],
        {"a": 1, (1, 2): [None]},
        {},
        torch.float64,
    ],
)
def test_plain_values_come_back_equal_and_of_their_type(value: Any) -> None:
    back = there_and_back(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("name", sorted(codec.DTYPES))
def test_tensors_keep_dtype_shape_and_bits(name: str) -> None:
    tensor = (torch.arange(12).reshape(3, 4) % 5 - 2).to(codec.DTYPES[name])
    for view in (tensor, tensor.T, tensor[1:, ::2], tensor[0, 0], tensor[:0]):
        back = there_and_back(view)
        assert back.dtype == view.dtype
        assert back.shape == view.shape
        assert torch.equal(back, view)


def test_one_element_travels_whatever_its_stride() -> None:
    expanded = torch.ones(()).expand(1)  # as the gradient of a sum arrives in backward
    assert expanded.stride() == (0,)
    assert torch.equal(there_and_back(expanded), torch.ones(1))


def test_needing_gradients_travels_and_meta_tensors_carry_no_bytes() -> None:
    assert there_and_back(torch.ones(2, requires_grad=True)).requires_grad
    large = there_and_back(torch.empty(10**3, 10**4, device="meta"))
    assert large.device.type == "meta"
    assert large.shape == (10**3, 10**4)
    with pytest.raises(codec.ProtocolError):  # one like it would fill the memory
        there_and_back(torch.empty(10**6, 10**6, device="meta"))


@pytest.mark.parametrize("name", sorted(codec.DTYPES))
def test_tensors_of_the_other_device_arrive_there_with_their_values(name: str) -> None:
    tensor = (torch.arange(12).reshape(3, 4) % 5 - 2).to(codec.DTYPES[name])
    for view in (tensor, tensor.T, tensor[0, 0], tensor[:0]):
        back = there_and_back(other_device.move(view))
        assert back.device == other_device.DEVICE and back.dtype == view.dtype
        assert torch.equal(other_device.bring(back), view)
    nest = there_and_back(
        {"a": [other_device.DEVICE, other_device.move(torch.ones(2)), torch.ones(2)]}
    )["a"]
    assert nest[0] == nest[1].device == other_device.DEVICE and nest[2].device.type == "cpu"
    assert there_and_back(other_device.move(torch.ones(2, requires_grad=True))).requires_grad


def test_numpy_values_arrive_as_tensors_and_other_objects_as_references() -> None:
    assert torch.equal(there_and_back(np.arange(3)), torch.arange(3))
    assert there_and_back(np.float64(2.5)).item() == 2.5
    assert there_and_back(np.array(["text"]))[0] == "reference"
    assert there_and_back(torch.nn.Linear(2, 2)) == ("reference", ["h", 7, "Linear"])
    assert there_and_back([{"x": object()}]) == [{"x": ("reference", ["h", 7, "object"])}]


class Losses(NamedTuple):
    """As a student names several results."""

    reconstruction: Any
    kl: Any


class Endless(tuple[int, ...]):
    """A tuple whose own methods never end."""

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[int]:
        while True:
            yield 0


class Pretends:
    """Says that it is a tuple."""

    __class__ = tuple  # type: ignore[assignment]


class Table(dict[str, int]):
    """A dict whose own methods never end."""

    def items(self) -> Any:
        while True:
            pass


def test_subclasses_of_tuple_list_and_dict_travel_as_the_plain_ones() -> None:
    assert there_and_back(Losses(1.5, [Losses(2, 3)])) == (1.5, [(2, 3)])
    values, indices = there_and_back(torch.tensor([[1.0, 3.0]]).max(1))
    assert (values.tolist(), indices.tolist()) == ([3.0], [1])
    assert there_and_back(torch.ones(2, 3).shape) == (2, 3)
    assert there_and_back(collections.OrderedDict(a=1)) == {"a": 1}
    for value in (Losses(1, 2), torch.ones(2).shape, type("Own", (list,), {})([1]), Table(a=1)):
        assert type(there_and_back(value)) in (tuple, list, dict)


def test_what_a_subclass_says_of_itself_is_not_asked() -> None:
    assert there_and_back(Endless([4, 5])) == (4, 5)
    assert there_and_back(Table(a=1)) == {"a": 1}
    assert there_and_back(Pretends()) == ("reference", ["h", 7, "Pretends"])
    many = type("Own", (list,), {"__len__": lambda self: 0})([None] * codec.MAX_ITEMS)
    assert there_and_back(many)[0] == "reference"


def test_dataclasses_stay_where_they_are() -> None:
    @dataclasses.dataclass
    class Result:
        loss: float

    assert there_and_back(Result(1.0)) == ("reference", ["h", 7, "Result"])


def test_values_that_contain_themselves_end_as_references() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "reference" in repr(there_and_back(endless))


@pytest.mark.parametrize(
    "tree",
    [
        [],
        [1],
        ["unknown", 1],
        ["l", 3],
        ["d", [[1]]],
        ["d", [[["l", []], 1]]],
        ["d", [[["t", [["l", []]]], 1]]],
        ["i", "1e9"],
        ["i", "9" * 5000],
        ["i", "--5"],
        ["i", "-"],
        ["i", "\u0663"],
        ["y", "dtype", "object"],
        ["y", "device", "cpu:__import__"],
        ["y", "device", "cpu:"],
        ["y", "device", "cpu:05"],
        ["y", "device", "cpu:\u0663"],
        ["T", "float32", [2], "cpu", False, b"1234", 0],
        ["T", "float32", [-1], "cpu", False, b"", 0],
        ["T", "float32", [2**50], "meta", False, b"", 0],
        ["T", "float32", [2**39, 2**39], "meta", False, b"", 0],
        ["T", "complex128", [2**30, 2**31], "meta", False, b"", 0],
        ["T", "float32", [0, 2**39, 2**39], "meta", False, b"", 0],
        ["T", "float32", [0, 2**39, 2**39], "cpu", False, b"", 0],
        [
            "T",
            "float32",
            [0, 2**31],
            "cpu",
            False,
            b"",
            0,
        ],  # empty, but its sum over the first dimension has 8 GiB
        ["T", "object", [1], "cpu", False, b"12345678", 0],
        ["T", "float32", [1] * 17, "cpu", False, b"1234", 0],
        ["T", "float32", [True], "cpu", False, b"1234", 0],
        ["T", "float32", [1], "mps", False, b"1234", 0],
        ["T", "float32", [2], "lazy:0", False, b"1234", 0],
        ["T", "float32", [0, 2**31], "lazy:0", False, b"", 0],
        ["y", "device", "lazy:x"],
        ["T", "float32", [1], "cpu", 1, b"1234", 0],
        ["T", "float32", [1], "cpu", False, b"1234", "x"],
    ],
)
def test_what_is_not_of_the_protocol_is_refused(tree: Any) -> None:
    with pytest.raises(codec.ProtocolError):
        codec.decode(tree, lambda reference: None, lambda tensor, number, grad: tensor)


def test_depth_is_bounded() -> None:
    tree: Any = 1
    for _ in range(codec.MAX_DEPTH + 2):
        tree = ["l", [tree]]
    with pytest.raises(codec.ProtocolError):
        codec.decode(tree, lambda reference: None, lambda tensor, number, grad: tensor)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xdd\xff\xff\xff\xff",  # an array that claims four billion items
        b"\xc6\xff\xff\xff\xff",  # bytes that claim four gigabytes
        b"\x81\xa1a\x01",  # a map
        b"\xd4\x05\x00",  # an extension type
        b"\x91" * 100_000,  # depth
        b"\xa2\xff\xff",  # text that is not UTF-8
        b"\x01\x01",  # more than one value
    ],
)
def test_frames_that_lie_are_refused(frame: bytes) -> None:
    with pytest.raises(codec.ProtocolError):
        codec.unpack(frame)


def test_a_frame_of_too_many_values_is_refused_before_it_is_built() -> None:
    row = b"\xdc\xff\xff" + b"\x90" * 65_535  # 64 KiB on the pipe, 4.5 MiB as lists
    frame = b"\xdc\x00\x40" + row * 64
    tracemalloc.start()
    with pytest.raises(codec.ProtocolError, match="more than"):
        codec.unpack(frame)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20
    with pytest.raises(codec.ProtocolError, match="more than"):
        codec.pack([[0] * 60_000] * 20)
    assert len(codec.unpack(codec.pack([[0] * 60_000] * 17))) == 17


def test_values_are_counted_as_msgpack_writes_them() -> None:
    """Every kind of first byte, in a frame that is large enough to be looked at."""
    values = [
        None,
        True,
        -1,
        5,
        200,
        40_000,
        2**31,
        2**40,
        -100,
        -30_000,
        -(2**31),
        -(2**40),
        0.5,
        "a",
        "b" * 40,
        "c" * 300,
        "d" * 70_000,
    ]
    values += [b"e", b"f" * 300, b"g" * 2**21, [1, 2], list(range(20)), list(range(65_536))]
    assert codec.unpack(codec.pack(values)) == values
    assert codec.unpack(msgpack.packb([2.5, 1.5, b"x" * 2**21], use_single_float=True)) == [
        2.5,
        1.5,
        b"x" * 2**21,
    ]


def test_a_bool_tensor_of_strange_bytes_becomes_a_proper_one() -> None:
    tree = ["T", "bool", [3], "cpu", False, b"\x00\x07\xff", 0]
    value = codec.decode(tree, lambda reference: None, lambda tensor, number, grad: tensor)
    assert value.tolist() == [False, True, True]
    assert value.sum() == 2


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_protocol_error(data: bytes) -> None:
    with contextlib.suppress(codec.ProtocolError):
        codec.decode(
            codec.unpack(data), lambda reference: None, lambda tensor, number, grad: tensor
        )


tags = st.sampled_from(["l", "t", "d", "T", "y", "i", "h", "f", "float32", "cpu", "meta", "lazy:0"])
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.binary(max_size=8) | tags,
    lambda inner: st.lists(inner, max_size=7),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(trees)
def test_any_tree_is_a_value_or_a_protocol_error(tree: Any) -> None:
    with contextlib.suppress(codec.ProtocolError):
        codec.decode(tree, lambda reference: None, lambda tensor, number, grad: tensor)
