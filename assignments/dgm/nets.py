"""Building blocks that more than one notebook uses, and the classifiers behind the metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from dgm.faces import BINARY


def mlp(sizes: Sequence[int], activation: Callable[[], nn.Module] = nn.ReLU) -> nn.Sequential:
    """Linear layers of the given sizes with an activation between them, none after the last: (B, sizes[0]) -> (B, sizes[-1])."""
    if len(sizes) < 2:
        raise ValueError(f"an MLP needs at least an input and an output size, not {list(sizes)}")
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), activation()]
    return nn.Sequential(*layers[:-1])


def conv_down(
    n_in: int, n_out: int, activation: Callable[[], nn.Module] = nn.ReLU
) -> nn.Sequential:
    """3x3 convolution of stride 2, batch norm, activation: (B, n_in, H, W) -> (B, n_out, ceil(H/2), ceil(W/2))."""
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(n_out),
        activation(),
    )


def conv_up(n_in: int, n_out: int, activation: Callable[[], nn.Module] = nn.ReLU) -> nn.Sequential:
    """Nearest upsampling, 3x3 convolution, batch norm, activation: (B, n_in, H, W) -> (B, n_out, 2H, 2W)."""
    return nn.Sequential(
        nn.Upsample(scale_factor=2.0),
        nn.Conv2d(n_in, n_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(n_out),
        activation(),
    )


def n_parameters(*modules: nn.Module) -> int:
    """How many numbers training can change."""
    return sum(
        parameter.numel()
        for module in modules
        for parameter in module.parameters()
        if parameter.requires_grad
    )


class DigitClassifier(nn.Module):
    """Small convolutional classifier of 28x28 digits; its last hidden layer is the feature space of the Fréchet distance.

    Input (B, 1, 28, 28) in [-1, 1]; `features` gives (B, 64), `forward` the ten logits.
    """

    N_FEATURES = 64

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),  # 14 x 14
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),  # 7 x 7
            nn.Conv2d(32, 32, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(32 * 7 * 7, self.N_FEATURES),
        )
        self.head = nn.Linear(self.N_FEATURES, 10)

    def features(self, images: Tensor) -> Tensor:
        """(B, 1, 28, 28) in [-1, 1] -> (B, 64), before the last non-linearity."""
        return self.body(images)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(torch.relu(self.features(images)))


class _AttributeClassifier(nn.Module):
    """Four strided convolutions of the given widths, then (B, 64) features and one logit for each attribute of `dgm.faces`."""

    N_FEATURES = 64

    def __init__(self, n_channels: int, widths: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *(conv_down(n_in, n_out) for n_in, n_out in pairwise((n_channels, *widths))),
            nn.Flatten(),  # widths[-1] x 4 x 4
            nn.Dropout(0.3),
            nn.Linear(widths[-1] * 4 * 4, self.N_FEATURES),
        )
        self.head = nn.Linear(self.N_FEATURES, len(BINARY))

    def features(self, images: Tensor) -> Tensor:
        """(B, C, 64, 64) in [-1, 1] -> (B, 64), before the last non-linearity."""
        return self.body(images)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(torch.relu(self.features(images)))


class FaceClassifier(_AttributeClassifier):
    """Small convolutional classifier of the yes/no attributes of `dgm.faces`; `features` is the space of the distance for faces.

    Input (B, 3, 64, 64) in [-1, 1]; `features` gives (B, 64), `forward` the logits (B, 6), in the order of `dgm.faces.BINARY`.
    """

    def __init__(self) -> None:
        super().__init__(3, (16, 32, 32, 64))


class SketchClassifier(_AttributeClassifier):
    """The same for the sketches of `dgm.sketches`: input (B, 1, 64, 64) in [-1, 1]."""

    def __init__(self) -> None:
        super().__init__(1, (16, 32, 32, 48))
