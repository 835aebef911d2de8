"""How close generated digits come to real ones: a Fréchet distance on the features of a small classifier."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

from dgm.data import data_folder
from dgm.nets import DigitClassifier
from dgm.training import load_checkpoint


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
    classifier = load_checkpoint(data_folder() / "digit_classifier.safetensors", DigitClassifier())
    assert isinstance(classifier, DigitClassifier)
    return classifier.eval().requires_grad_(False).to(device)


@torch.no_grad()
def digit_features(
    images: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0), batch_size: int = 500
) -> Tensor:
    """Features (N, 64) float32 of digits (N, 1, H, W) with pixels in `value_range`; other sizes than 28x28 are resized bilinearly."""
    classifier = digit_classifier(images.device)
    return torch.cat(
        [classifier.features(batch) for batch in _prepared(images, value_range, batch_size)]
    )


@torch.no_grad()
def digit_probabilities(
    images: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0), batch_size: int = 500
) -> Tensor:
    """The classifier's probabilities (N, 10) for digits (N, 1, H, W): which digits a model draws, and how clearly."""
    classifier = digit_classifier(images.device)
    return torch.cat(
        [classifier(batch).softmax(1) for batch in _prepared(images, value_range, batch_size)]
    )


def digit_distance(
    images: Tensor, reference: Tensor, *, value_range: tuple[float, float] = (-1.0, 1.0)
) -> float:
    """Fréchet distance between the features of two sets of digits (N, 1, H, W), lower is better.

    The distance of finite sets is biased upwards: compare sets of equal size only, a thousand images or more.
    """
    return float(
        frechet_distance(
            digit_features(images, value_range=value_range),
            digit_features(reference, value_range=value_range),
        )
    )


def _prepared(images: Tensor, value_range: tuple[float, float], batch_size: int) -> list[Tensor]:
    if images.ndim != 4 or images.shape[1] != 1:
        raise ValueError(f"digits must be (N, 1, H, W), not {tuple(images.shape)}")
    low, high = value_range
    scaled = (2.0 * (images.detach().float() - low) / (high - low) - 1.0).clamp(-1.0, 1.0)
    if scaled.shape[-2:] != (28, 28):
        scaled = F.interpolate(scaled, size=(28, 28), mode="bilinear", antialias=True)
    return list(scaled.split(batch_size))
