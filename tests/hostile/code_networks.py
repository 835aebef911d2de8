"""Attacks through the networks that an answer builds: checks look at layers, states and gradients
of what stays in the student's process, and all of it may be forged, enormous or without end.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from tests.hostile.attack import TARGET, Attack, Material
from tests.hostile.student_code import prelude

FAMILY = "networks"
QUESTION = "conv_encoder"
"""A question about a network, of a notebook without an honest answer."""
_BUSY = "the grader, which looks at every layer, for hours"
_FILLS = "the memory of the grading machine"

_FORGED = """
import torch
from torch import nn
from autograder.worker import building

class Forged(nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        self.layer = nn.Conv2d(1, 2, 3, padding=1)
        self.norm = nn.BatchNorm2d(2)
    def forward(self, x):
        return torch.full((len(x), 5), float("nan"))

def conv_encoder(*sizes, **named):
    return Forged()
"""


def _network(code: str) -> Callable[[Material], bytes]:
    """The answer to QUESTION is a network with something forged; TARGET, elsewhere, is a shout."""

    def build(material: Material) -> bytes:
        answer = prelude(material) + _FORGED + textwrap.dedent(code)
        return material.zip(
            material.notebooks(
                {QUESTION: answer, TARGET: prelude(material) + f"{TARGET} = shout\n"}
            )
        )

    return build


def _layers(value: str) -> Callable[[Material], bytes]:
    """The layers that are said to be passed."""
    return _network(f"building.layers_passed = lambda network, x: {value}\n")


ATTACKS = [
    Attack(
        "has_layers_without_number",
        FAMILY,
        _BUSY,
        _layers(
            "[('conv', nn.Identity(), torch.zeros(2)), ('norm', nn.Identity(), torch.zeros(2))]"
            " * 30_000 + [('linear', nn.Identity(), torch.zeros(2))]"
        ),
    ),
    Attack(
        "has_layers_without_end",
        FAMILY,
        _BUSY,
        _network("""
            class Layers:
                def __getitem__(self, n):
                    return Layer()
            class Layer:
                def __getitem__(self, n):
                    if n > 2:
                        raise IndexError
                    return ("conv" if n == 0 else torch.zeros(2))
            building.layers_passed = lambda network, x: Layers()
        """),
    ),
    Attack(
        "has_giant_layers",
        FAMILY,
        _BUSY,
        _layers(
            "[('conv', lambda x: torch.rand(1, 1, 3000, 3000), x), "
            "('norm', lambda x: torch.rand(1, 1, 3000, 3000), torch.rand(1, 1, 6000, 6000)), "
            "('linear', nn.Identity(), torch.rand(1, 1, 6000, 6000))]"
        ),
    ),
    Attack(
        "names_its_layers_at_length",
        FAMILY,
        "a report, a page and a table of a gigabyte, by words of its own in what is told",
        _layers("[('x' * 10 ** 6, nn.Identity(), torch.zeros(2))] * 60"),
    ),
    Attack(
        "calls_its_layers_by_no_name",
        FAMILY,
        "a grader that stumbles over kinds that are none",
        _layers("[([], 3, {}), (None, None, True), (torch.zeros(2), (), 1e400)]"),
    ),
    Attack(
        "has_a_state_of_giants",
        FAMILY,
        _FILLS,
        _network("""
            giant = torch.empty(60_000, 60_000, device="meta")
            Forged.state_dict = lambda self: {f"layer.{n}.weight": giant for n in range(1000)}
            Forged.load_state_dict = lambda self, state: None
        """),
    ),
    Attack(
        "has_a_state_of_many",
        FAMILY,
        _BUSY,
        _network("""
            Forged.state_dict = lambda self: {f"{n}.weight": torch.zeros(60_000) for n in range(1000)}
            Forged.load_state_dict = lambda self, state: None
        """),
    ),
    Attack(
        "has_a_million_parameters",
        FAMILY,
        _BUSY,
        _network("""
            Forged.parameters = lambda self: [torch.zeros(1) for n in range(65_000)]
            Forged.named_parameters = lambda self: [(str(n), torch.zeros(1)) for n in range(65_000)]
        """),
    ),
    Attack(
        "answers_with_tensors_of_no_bytes",
        FAMILY,
        _FILLS,
        _network("""
            Forged.forward = lambda self, x: torch.empty(2 ** 13, 2 ** 13, 2 ** 9, device="meta")
        """),
    ),
]
