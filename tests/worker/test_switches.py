"""What an answer leaves switched in torch ends with its question: the next one stands alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from autograder.worker.responder import Responder, Switches


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = Switches.now()
    yield
    before.restore()


def leaves(name: str) -> None:
    {
        "grad": lambda: torch.set_grad_enabled(False),
        "dtype": lambda: torch.set_default_dtype(torch.float64),
        "device": lambda: torch.set_default_device("meta"),
    }[name]()


@pytest.mark.parametrize("name", ["grad", "dtype", "device"])
def test_the_next_question_finds_torch_as_the_cells_left_it(name: str) -> None:
    before = Switches.now()
    responder = Responder({"leaves": leaves}, lambda _: [])
    assert responder.answer(["call", ["n", "leaves"], ["l", [name]], ["d", []]])[0] == "ok"
    assert Switches.now() != before, "checks of the same question meet what it did"
    assert responder.answer(["forget"])[0] == "ok"
    assert Switches.now() == before
    assert torch.zeros(2, requires_grad=True).sum().requires_grad


def test_what_a_cell_switches_stays() -> None:
    """As in Jupyter: it is the student's choice for the whole notebook."""
    responder = Responder({}, lambda _: [], lambda cell, source: leaves(source))
    assert responder.answer(["exec", "own", "dtype"])[0] == "ok"
    assert responder.answer(["forget"])[0] == "ok"
    assert torch.get_default_dtype() is torch.float64
