"""How close generated digits, faces or sketches come to real ones: a Fréchet distance on the features of a small classifier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import torch
from torch import Tensor
from torch.nn import functional as F

from dgm.data import data_folder
from dgm.nets import DigitClassifier, FaceClassifier, SketchClassifier
from dgm.training import load_checkpoint


@dataclass(frozen=True)
class _Kind:
    """What a classifier looks at: square images of one size."""

    name: str
    n_channels: int
    size: int


_DIGITS, _FACES = _Kind("digits", 1, 28), _Kind("faces", 3, 64)
_SKETCHES = _Kind("sketches", 1, 64)


def frechet_distance(features_1: Tensor, features_2: Tensor) -> Tensor:
    """Squared Fréchet (2-Wasserstein) distance between the Gaussians fitted to two sets of features (Heusel et al. 2017).

    |m_1 - m_2|^2 + tr(C_1) + tr(C_2) - 2 tr((C_1 C_2)^(1/2)), with covariances over n - 1.
    features: (N_1, D) and (N_2, D), on one device. Returns a float64 scalar on that device (0-d), zero for equal sets.
    Raises ValueError for other shapes, fewer than two rows, or values that are not finite.
    """
    for features in (features_1, features_2):
        if features.ndim != 2 or len(features) < 2 or features.shape[1] != features_1.shape[1]:
            raise ValueError(
                f"features must be (N, D) with N >= 2 and one D, not {tuple(features_1.shape)} and {tuple(features_2.shape)}"
            )
        if features.device.type != "meta" and not torch.isfinite(features).all():
            raise ValueError("features hold values that are not finite")
    mean_1, root_1 = _mean_and_root(features_1)
    mean_2, root_2 = _mean_and_root(features_2)
    # With C_i = R_i^T R_i, the eigenvalues of C_1 C_2 are the squared singular values of R_1 R_2^T: the trace of the matrix square root is
    # their sum, without squaring the condition number and without a square root of small negative eigenvalues.
    cross = torch.linalg.svdvals(root_1 @ root_2.T).sum()
    distance = (
        (mean_1 - mean_2).square().sum()
        + root_1.square().sum()
        + root_2.square().sum()
        - 2.0 * cross
    )
    return distance.clamp_min(0.0)


def _mean_and_root(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (D,) and a root R (min(N, D), D) of the covariance, R^T R = C, in float64."""
    features = features.detach()
    wide = (
        features.cpu() if features.device.type == "mps" else features
    ).double()  # MPS has no float64
    mean = wide.mean(0)
    return mean, torch.linalg.qr((wide - mean) / (len(wide) - 1) ** 0.5, mode="r").R


@lru_cache(maxsize=4)
def digit_classifier(device: torch.device) -> DigitClassifier:
    """The classifier that comes with the course (data/digit_classifier.safetensors), in evaluation mode, frozen."""
    classifier = DigitClassifier()
    load_checkpoint(data_folder() / "digit_classifier.safetensors", classifier)
    return classifier.eval().requires_grad_(False).to(device)


def digit_features(
    images: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0), batch_size: int = 100
) -> Tensor:
    """Features (N, 64) float32 of digits (N, 1, H, W) with pixels in `value_range`; other sizes than 28x28 are resized bilinearly."""
    features = digit_classifier(images.device).features
    return _by_batches(features, images, _DIGITS, value_range, batch_size)


def digit_probabilities(
    images: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0), batch_size: int = 100
) -> Tensor:
    """The classifier's probabilities (N, 10) for digits (N, 1, H, W): which digits a model draws, and how clearly."""
    classifier = digit_classifier(images.device)
    return _by_batches(classifier, images, _DIGITS, value_range, batch_size).softmax(1)


def digit_distance(
    images: Tensor, reference: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0)
) -> float:
    """Fréchet distance between the features of two sets of digits (N, 1, H, W), lower is better.

    The distance of finite sets is biased upwards: compare sets of equal size only, a thousand images or more.
    """
    features = partial(digit_features, value_range=value_range)
    return float(frechet_distance(features(images), features(reference)))


@lru_cache(maxsize=4)
def face_classifier(device: torch.device) -> FaceClassifier:
    """The classifier that comes with the course (data/face_classifier.safetensors), in evaluation mode, frozen."""
    classifier = FaceClassifier()
    load_checkpoint(data_folder() / "face_classifier.safetensors", classifier)
    return classifier.eval().requires_grad_(False).to(device)


def face_features(
    images: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0), batch_size: int = 100
) -> Tensor:
    """Features (N, 64) float32 of faces (N, 3, H, W) with pixels in `value_range`; other sizes than 64x64 are resized bilinearly."""
    features = face_classifier(images.device).features
    return _by_batches(features, images, _FACES, value_range, batch_size)


def face_probabilities(
    images: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0), batch_size: int = 100
) -> Tensor:
    """The classifier's probability (N, 6) of each attribute in `dgm.faces.BINARY` for faces (N, 3, H, W)."""
    classifier = face_classifier(images.device)
    return _by_batches(classifier, images, _FACES, value_range, batch_size).sigmoid()


def attributes_seen(images: Tensor) -> Tensor:
    """Which attributes of `dgm.faces.BINARY` the classifier sees in faces (N, 3, H, W) in [-1, 1]: (N, 6) of 0.0 and 1.0."""
    return (face_probabilities(images) > 0.5).float()


def face_distance(
    images: Tensor, reference: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0)
) -> float:
    """Fréchet distance between the features of two sets of faces (N, 3, H, W), lower is better.

    The distance of finite sets is biased upwards: compare sets of equal size only, five hundred images or more.
    """
    features = partial(face_features, value_range=value_range)
    return float(frechet_distance(features(images), features(reference)))


@lru_cache(maxsize=4)
def sketch_classifier(device: torch.device) -> SketchClassifier:
    """The classifier that comes with the course (data/sketch_classifier.safetensors), in evaluation mode, frozen."""
    classifier = SketchClassifier()
    load_checkpoint(data_folder() / "sketch_classifier.safetensors", classifier)
    return classifier.eval().requires_grad_(False).to(device)


def sketch_features(
    images: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0), batch_size: int = 100
) -> Tensor:
    """Features (N, 64) float32 of sketches (N, 1, H, W) with pixels in `value_range`; other sizes than 64x64 are resized bilinearly."""
    features = sketch_classifier(images.device).features
    return _by_batches(features, images, _SKETCHES, value_range, batch_size)


def sketch_probabilities(
    images: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0), batch_size: int = 100
) -> Tensor:
    """The classifier's probability (N, 6) of each attribute in `dgm.faces.BINARY` for sketches (N, 1, H, W)."""
    classifier = sketch_classifier(images.device)
    return _by_batches(classifier, images, _SKETCHES, value_range, batch_size).sigmoid()


def sketch_distance(
    images: Tensor, reference: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0)
) -> float:
    """Fréchet distance between the features of two sets of sketches (N, 1, H, W), lower is better.

    The distance of finite sets is biased upwards: compare sets of equal size only, five hundred images or more.
    """
    features = partial(sketch_features, value_range=value_range)
    return float(frechet_distance(features(images), features(reference)))


def attribute_accuracy(probabilities: Tensor, binary: Tensor) -> Tensor:
    """The share of the N images in which each attribute is judged right, (6,) float64.

    probabilities: (N, 6) from `face_probabilities` or `sketch_probabilities`, of translations for
    example. binary: (N, 6) of 0.0 and 1.0, what the faces have. Raises ValueError for other shapes.
    """
    if probabilities.shape != binary.shape or binary.ndim != 2 or len(binary) == 0:
        raise ValueError(
            f"probabilities and binary must both be (N, 6) with N > 0, not "
            f"{tuple(probabilities.shape)} and {tuple(binary.shape)}"
        )
    return ((probabilities > 0.5) == (binary > 0.5)).double().mean(0)


@torch.no_grad()
def _by_batches(
    net: Callable[[Tensor], Tensor],
    images: Tensor,
    kind: _Kind,
    value_range: tuple[float, float],
    batch_size: int,
) -> Tensor:
    """net (B, ...) -> (B, D) over all images, brought to the size and range [-1, 1] that the classifiers were trained on: (N, D)."""
    if images.ndim != 4 or images.shape[1] != kind.n_channels:
        raise ValueError(
            f"{kind.name} must be (N, {kind.n_channels}, H, W), not {tuple(images.shape)}"
        )
    low, high = value_range
    scaled = (2.0 * (images.detach().float() - low) / (high - low) - 1.0).clamp(-1.0, 1.0)
    size = (kind.size, kind.size)
    if scaled.shape[-2:] != size:
        scaled = F.interpolate(scaled, size=size, mode="bilinear", antialias=True)
    # pools twice as fast on a CPU; contiguous() leaves images of one channel as they are
    scaled = scaled.to(memory_format=torch.channels_last)
    return torch.cat([net(batch) for batch in scaled.split(batch_size)])
