"""Hidden checks: sampling by the inverse distribution function."""

import pytest
import torch

from autograder.checks import after, aspect, close, is_true, usual_checks
from autograder.suites.flows.inverse_cdf_samples import oracle

ASPECTS = {"values": 0.7, "edges": 0.2, "conventions": 0.1}


def uneven(draw, n, start=-2.0):
    """Grid points whose distances differ by up to a factor of 20."""
    return start + draw.uniform(n, low=0.05, high=1.0).cumsum(0)


def heaps(draw, empty):
    """A grid of 12 points and a density on it that is zero at the points named."""
    grid, density = uneven(draw, 12), draw.uniform(12, low=0.2, high=3.0)
    density[list(empty)] = 0.0
    return grid, density


def agree(student, grid, density, u, **tolerance):
    close(
        student.inverse_cdf_samples(grid, density, u),
        oracle.inverse_cdf_samples(grid, density, u),
        **tolerance,
    )


def test_even_grid(student, draw):
    """is right for a density on an even grid"""
    grid = torch.linspace(-3, 5, 30, dtype=torch.float64)
    agree(student, grid, draw.uniform(30), draw.uniform(50))


@pytest.mark.parametrize("n", [2, 3, 9, 80])
def test_uneven_grid(student, draw, n):
    """is right for a grid with uneven spacing, of two points too"""
    agree(student, uneven(draw, n), draw.uniform(n, low=0.01, high=4.0), draw.uniform(40))


def test_distribution(student, draw):
    """turns evenly spaced u into samples whose shares are the areas under the density"""
    grid, density = uneven(draw, 7), draw.uniform(7, low=0.1, high=3.0)
    n = 20_000
    u = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    samples = student.inverse_cdf_samples(grid, density, u)
    is_true(isinstance(samples, torch.Tensor) and samples.shape == (n,))
    shares = torch.histogram(samples.double(), grid).hist / n
    masses = torch.stack(
        [torch.trapezoid(density[i : i + 2], grid[i : i + 2]) for i in range(len(grid) - 1)]
    )
    close(shares, masses / masses.sum(), rtol=0.0, atol=2e-4)


@after(test_uneven_grid)
@pytest.mark.parametrize("factor", [1e-20, 1e-9, 3.0, 1e20])
def test_factor(student, draw, factor):
    """does not depend on the factor of a density that is not normalised"""
    grid, density, u = uneven(draw, 9), draw.uniform(9, low=0.01), draw.uniform(20)
    close(
        student.inverse_cdf_samples(grid, factor * density, u),
        oracle.inverse_cdf_samples(grid, density, u),
    )


@after(test_uneven_grid)
@pytest.mark.parametrize(
    "empty", [(4, 5, 6), (0, 1, 2), (9, 10, 11), (0, 1, 5, 6, 7, 10, 11)], ids=str
)
def test_flat(student, draw, empty):
    """jumps over stretches without density, in the middle and at either end"""
    grid, density = heaps(draw, empty)
    u = torch.cat([draw.uniform(60), torch.tensor([1e-9, 1 - 1e-9], dtype=torch.float64)])
    agree(student, grid, density, u)


@after(test_uneven_grid)
def test_heaps_of_one_point(student, draw):
    """is right when the density is positive at single points only"""
    grid, density = heaps(draw, (0, 2, 3, 4, 6, 7, 8, 9, 10))
    agree(student, grid, density, draw.uniform(60))


@aspect("edges")
@after(test_uneven_grid)
@pytest.mark.parametrize("empty", [(), (0, 1, 2), (9, 10, 11), (0, 1, 5, 6, 10, 11)], ids=str)
def test_ends(student, draw, empty):
    """gives the places where the mass begins and ends for u = 0 and u = 1, exactly"""
    grid, density = heaps(draw, empty)
    ends = torch.tensor([1.0, 0.0, 1.0, 0.0], dtype=torch.float64)
    agree(student, grid, density, ends, rtol=0, atol=1e-9)


@aspect("edges")
@after(test_uneven_grid)
@pytest.mark.parametrize("end", ["first", "last"])
def test_near_the_ends(student, draw, end):
    """is exact for u very near to 0 and to 1"""
    grid, density = uneven(draw, 9), draw.uniform(9, low=0.2)
    away = torch.tensor([1e-4, 1e-6, 1e-7], dtype=torch.float64) * (1 + draw.uniform(3))
    u = away if end == "first" else 1 - away
    expected = oracle.inverse_cdf_samples(grid, density, u)
    reach = grid[0] if end == "first" else grid[-1]
    close((student.inverse_cdf_samples(grid, density, u) - reach) * 1e6, (expected - reach) * 1e6)


@aspect("edges")
@after(test_uneven_grid)
@pytest.mark.parametrize("shape", [(), (1,), (4, 1), (2, 3, 2)])
def test_shapes(student, draw, shape):
    """takes u of any shape and in any order, a single number included"""
    agree(student, uneven(draw, 9), draw.uniform(9), draw.uniform(*shape))


@aspect("edges")
@after(test_uneven_grid)
def test_far_away(student, draw):
    """takes grids far from the origin, and wide ones"""
    for grid in (uneven(draw, 9, start=1e4), 1e6 * uneven(draw, 9)):
        agree(student, grid, draw.uniform(9, low=0.1), draw.uniform(20))


globals().update(
    usual_checks(
        oracle.inverse_cdf_samples,
        lambda draw: (uneven(draw, 9), draw.uniform(9, low=0.2), draw.uniform(3, 4)),
    )
)
