"""Two-dimensional data: the claimed density is that of the samples, and so is the entropy."""

import math

import pytest
import torch
from dgm.plane import Plane, checkerboard, rings, two_moons

ALL = [
    two_moons(),
    two_moons(noise=0.3),
    rings(),
    rings((1.0,), noise=0.3),
    checkerboard(),
    checkerboard(2, 0.5),
]
each = pytest.mark.parametrize("plane", ALL, ids=lambda plane: f"{plane.name}-{plane.extent:.2g}")


@each
def test_density_integrates_to_one(plane: Plane) -> None:
    reach, n = 2 * plane.extent, 600
    axis = torch.linspace(-reach, reach, n + 1, dtype=torch.float64)
    middle = (axis[1:] + axis[:-1]) / 2
    p = plane.log_density(torch.cartesian_prod(middle, middle)).exp()
    assert float(p.sum()) * (2 * reach / n) ** 2 == pytest.approx(1, abs=1e-4)


@each
def test_samples_follow_the_density(plane: Plane) -> None:
    """Counted in the cells of a grid; and their mean log-density is the entropy."""
    points = plane.sample(40_000, seed=3).double()
    assert points.abs().max() < 1.6 * plane.extent and points.mean(0).abs().max() < 0.03
    log_p = plane.log_density(points)
    error = float(log_p.std()) / 200
    assert float(-log_p.mean()) == pytest.approx(plane.entropy, abs=5 * error + 2e-3)
    n, reach = 12, plane.extent
    fine = 30  # points of a cell over which the density is averaged
    axis = torch.linspace(-reach, reach, n * fine + 1, dtype=torch.float64)
    middle = (axis[1:] + axis[:-1]) / 2
    p = plane.log_density(torch.cartesian_prod(middle, middle)).exp()
    share = p.reshape(n, fine, n, fine).mean((1, 3)) * (2 * reach / n) ** 2
    edges = [torch.linspace(-reach, reach, n + 1, dtype=torch.float64)] * 2
    counted = torch.histogramdd(points, bins=edges).hist
    expected = 40_000 * share
    assert ((counted - expected).abs() < 5 * expected.sqrt() + 5).all()


def test_known_entropies() -> None:
    assert checkerboard().entropy == pytest.approx(math.log(8), abs=1e-6)
    gaussian = rings((1e-6,), noise=0.5)  # a circle without a radius
    assert gaussian.entropy == pytest.approx(math.log(2 * math.pi * math.e * 0.25), abs=1e-5)


def test_seeds_labels_and_precision() -> None:
    moons = two_moons()
    points, labels = moons.sample_with_labels(500, seed=1)
    assert torch.equal(points, moons.sample(500, seed=1))
    assert not torch.equal(points, moons.sample(500, seed=2))
    assert points.dtype == torch.float32 and labels.unique().tolist() == [0, 1]
    assert points[labels == 0][:, 1].mean() > points[labels == 1][:, 1].mean()
    assert moons.log_density(points).dtype == torch.float32
    assert moons.log_density(points.to("meta")).device.type == "meta"
    assert checkerboard().log_density(torch.tensor([[9.0, 9.0]])).tolist() == [-math.inf]


def test_bad_arguments_are_refused() -> None:
    for bad in (lambda: two_moons(0), lambda: rings((0.0,)), lambda: checkerboard(3)):
        with pytest.raises(ValueError, match=r"must be positive|even number"):
            bad()
    with pytest.raises(ValueError, match=r"points must be \(N, 2\)"):
        two_moons().log_density(torch.zeros(3))
