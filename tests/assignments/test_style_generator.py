"""The style-based generator of `gan/variants`: it runs with the questions that a student chose, and
its measures of slant and thickness are right on strokes whose slant and thickness are known.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import pytest
import torch
from dgm.check import visible_checks
from torch import Tensor, nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = jupytext.read(ROOT / "assignments" / "gan" / "variants.py")

BY_DEMODULATION = """
def build_styled_convolution(n_in, n_out, n_style):
    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(0.1 * torch.randn(n_out, n_in, 3, 3))
            self.bias = nn.Parameter(torch.zeros(n_out))
            self.affine = nn.Linear(n_style, n_in)
            nn.init.ones_(self.affine.bias)

        def forward(self, x, w):
            n, _, height, width = x.shape
            weight = demodulate(self.weight, self.affine(w)).flatten(0, 1)
            x = F.conv2d(x.reshape(1, -1, height, width), weight, padding=1, groups=n)
            return F.leaky_relu(x.reshape(n, -1, height, width) + self.bias[:, None, None], 0.2)

    return Layer()
"""
BLANK = "def {name}(*arguments):\n    raise NotImplementedError"


def cell(name: str) -> str:
    """The source of the answer or training cell with this name."""
    (source,) = (
        one.source
        for one in NOTEBOOK.cells
        if name in (one.metadata.get("answer"), one.metadata.get("train"))
    )
    return source


def defined(cell_name: str, *names: str) -> str:
    """What a training cell defines by these names, without the training."""
    kept = [
        node
        for node in ast.parse(cell(cell_name)).body
        if getattr(node, "name", None) in names
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in names)
    ]
    assert len(kept) == len(names)
    return "\n".join(ast.unparse(node) for node in kept)


def notebook(**replaced: str) -> dict[str, Any]:
    """The namespace in which the style-based generator is built.

    replaced: other answers than the model's, by question.
    """
    namespace: dict[str, Any] = {
        "torch": torch,
        "F": F,
        "nn": nn,
        "Tensor": Tensor,
        "visible_checks": visible_checks,
    }
    for name in ("adain", "map_to_style", "demodulate", "build_styled_convolution"):
        exec(replaced.get(name, cell(name)), namespace)
    exec(defined("style_training", "GRIDS", "StyleGenerator", "mixed_styles"), namespace)
    exec(defined("style_levels", "slant", "thickness"), namespace)
    return namespace


CHOICES = {
    "AdaIN": {"demodulate": BLANK.format(name="demodulate")},
    "demodulation": {
        "adain": BLANK.format(name="adain"),
        "build_styled_convolution": BY_DEMODULATION,
    },
    "no mapping network": {"map_to_style": BLANK.format(name="map_to_style")},
}


@pytest.mark.parametrize("chosen", CHOICES)
def test_the_generator_runs_with_the_questions_that_were_answered(
    chosen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace = notebook(**CHOICES[chosen])
    exec(cell("styled_convolution_check"), namespace)
    assert "visible checks pass" in capsys.readouterr().out
    generator = namespace["StyleGenerator"](8, 4)
    z = torch.randn(3, 8)
    w = generator.style(z)
    assert torch.equal(w, z) == (chosen == "no mapping network")
    images = generator(w, w, w)
    assert images.shape == (3, 1, 28, 28)
    (images * torch.randn_like(images)).sum().backward()
    without = [name for name, p in generator.named_parameters() if p.grad is None]
    assert all(name.startswith("dense") for name in without)
    assert bool(without) == (chosen == "no mapping network")


def test_a_mixed_image_has_the_styles_of_both() -> None:
    namespace = notebook()
    assert namespace["mixed_styles"]("a", "b", 0) == ["b", "b", "b"]
    assert namespace["mixed_styles"]("a", "b", 1) == ["a", "b", "b"]
    assert namespace["mixed_styles"]("a", "b", 3) == ["a", "a", "a"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("return x[:, :1].expand(-1, 6, -1, -1)", "no difference"),
        ("return w.mean() + torch.zeros(len(x), 6, 7, 7)", "must not depend on the others"),
        ("return torch.zeros(3, 6, 7)", "become maps"),
    ],
)
def test_the_check_of_the_layer_names_the_fault(
    wrong: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    layer = f"""
def build_styled_convolution(n_in, n_out, n_style):
    class Layer(nn.Module):
        def forward(self, x, w):
            {wrong}
    return Layer()
"""
    torch.manual_seed(0)
    exec(cell("styled_convolution_check"), notebook(build_styled_convolution=layer))
    printed = capsys.readouterr().out
    assert "not yet" in printed and told in printed


def stroke(shear: float, thickness: float) -> Tensor:
    """A stroke (1, 1, 28, 28) in [-1, 1], 20 pixels high, that leans to the right by `shear`."""
    y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    away = (x - 13.5 + shear * (y - 13.5)).abs()
    ink = (thickness / 2 + 0.5 - away).clamp(0, 1) * ((y - 13.5).abs() < 10)
    return 2 * ink[None, None] - 1


measures = notebook()
slant: Callable[[Tensor], Tensor] = measures["slant"]
thickness: Callable[[Tensor], Tensor] = measures["thickness"]


@pytest.mark.parametrize("shear", [-0.5, 0.0, 0.3])
def test_slant_of_a_stroke(shear: float) -> None:
    assert float(slant(stroke(shear, 3.0))) == pytest.approx(shear, abs=0.03)


@pytest.mark.parametrize("pixels", [2.0, 3.0, 4.0])
def test_thickness_of_a_stroke(pixels: float) -> None:
    expected = 20 * pixels / (20 + pixels)  # twice the area over the outline, with the two ends
    assert float(thickness(stroke(0.0, pixels))) == pytest.approx(expected, rel=0.1)


def test_measures_of_a_blank_image_are_finite() -> None:
    blank = -torch.ones(2, 1, 28, 28)
    assert torch.isfinite(slant(blank)).all() and torch.isfinite(thickness(blank)).all()
