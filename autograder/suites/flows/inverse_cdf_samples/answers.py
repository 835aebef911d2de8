"""Known answers: sampling by the inverse distribution function."""

# %% spoils: even_grid
# Takes every cell to be as wide as the others.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    share = (u - cdf[left]) / (cdf[right] - cdf[left])
    return grid[left] + share * (grid[right] - grid[left])


# %% spoils: left_heights
# Integrates with the height at the left end of each cell.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = density[:-1] * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    share = (u - cdf[left]) / (cdf[right] - cdf[left])
    return grid[left] + share * (grid[right] - grid[left])


# %% spoils: sums_for_integrals
# Sums the density over the grid points, the first included.
import torch


def inverse_cdf_samples(grid, density, u):
    cdf = density.cumsum(0)
    cdf = (cdf - cdf[0].clone()) / (cdf[-1] - cdf[0])
    right = torch.searchsorted(cdf, u.contiguous()).clamp(1, len(grid) - 1)
    left = right - 1
    rise = cdf[right] - cdf[left]
    share = (u - cdf[left]) / torch.where(rise > 0, rise, 1.0)
    return grid[left] + share * (grid[right] - grid[left])


# %% spoils: grid_points_only
# Returns the grid point where F passes u, without a line in between.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    return grid[right]


# %% spoils: middle_of_the_cell
# Returns the middle of the cell.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    return (grid[right] + grid[right - 1]) / 2


# %% spoils: not_normalised
# Takes the density to be normalised as it stands.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    share = (u - cdf[left]) / (cdf[right] - cdf[left])
    return grid[left] + share * (grid[right] - grid[left])


# %% spoils: stabilised_total
# Adds a small number to the total before it divides.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / (cdf[-1] + 1e-12)
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    share = ((u - cdf[left]) / (cdf[right] - cdf[left])).clamp(max=1)
    return grid[left] + share * (grid[right] - grid[left])


# %% spoils: parabolas
# Draws the density straight between the grid points, so that F is a parabola there.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    total = cdf[-1].clone()
    right = torch.searchsorted(cdf / total, u.contiguous()).clamp(
        int((cdf == 0).sum()), len(grid) - 1
    )
    left = right - 1
    width, area = grid[right] - grid[left], (u * total - cdf[left]) / (grid[right] - grid[left])
    slope = density[right] - density[left]
    root = (density[left] ** 2 + 2 * slope * area).clamp(min=0).sqrt()
    return grid[left] + width * (2 * area / (density[left] + root)).nan_to_num(0.0)


# %% spoils: flat_pieces
# Looks for the cell from the right, and lands in a flat piece at u = 0 and at u = 1, where it divides 0 by 0.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    right = torch.searchsorted(cdf, u.contiguous()).clamp(1, len(grid) - 1)
    left = right - 1
    share = ((u - cdf[left]) / (cdf[right] - cdf[left] + 1e-3)).clamp(0, 1)
    return grid[left] + share * (grid[right] - grid[left])


# %% spoils: sorted_samples
# Sorts the numbers, and returns the samples in that order.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    u = u.flatten().sort().values.view(u.shape)
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    share = (u - cdf[left]) / (cdf[right] - cdf[left])
    return grid[left] + share * (grid[right] - grid[left])


# %% spoils: fine_grid
# Rounds u to a table of 1,000 values.
import numpy as np
import torch


def inverse_cdf_samples(grid, density, u):
    x, p = grid.double().cpu().numpy(), density.double().cpu().numpy()
    cdf = np.concatenate([[0.0], np.cumsum((p[1:] + p[:-1]) / 2 * np.diff(x))])
    table = np.interp(np.linspace(0, 1, 1000), cdf / cdf[-1], x)
    index = (u.double().cpu().numpy() * 999).round().astype(int)
    return torch.as_tensor(table[index]).to(u)


# %% spoils: half_precision
# Keeps F in half precision.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    mass = mass / mass.sum()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)]).half().to(grid.dtype)
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    rise = cdf[right] - cdf[left]
    share = (u - cdf[left]) / torch.where(rise > 0, rise, 1.0)
    return grid[left] + share * (grid[right] - grid[left])


# %% corner: interp
# Leaves all to np.interp, which for u = 1 returns the last grid point, with density or without.
import numpy as np
import torch


def inverse_cdf_samples(grid, density, u):
    x, p = grid.double().cpu().numpy(), density.double().cpu().numpy()
    cdf = np.concatenate([[0.0], np.cumsum((p[1:] + p[:-1]) / 2 * np.diff(x))])
    samples = np.interp(u.double().cpu().numpy(), cdf / cdf[-1], x)
    return torch.as_tensor(samples).to(u)


# %% corner: begins_at_the_grid
# Gives u = 0 the first grid point, though the mass begins later.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    right = torch.searchsorted(cdf, u.contiguous()).clamp(1, len(grid) - 1)
    left = right - 1
    rise = cdf[right] - cdf[left]
    share = torch.where(rise > 0, (u - cdf[left]) / rise, 0.0)
    return grid[left] + share * (grid[right] - grid[left])


# %% corner: ends_clamped
# Keeps u away from 0 and 1.
import torch


def inverse_cdf_samples(grid, density, u):
    u = u.clamp(1e-5, 1 - 1e-5)
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    share = (u - cdf[left]) / (cdf[right] - cdf[left])
    return grid[left] + share * (grid[right] - grid[left])


# %% corner: vectors_only
# Compares each u with the whole of F along one axis, which only a vector has.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    u = torch.atleast_1d(u.squeeze())
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    share = (u - cdf[left]) / (cdf[right] - cdf[left])
    return grid[left] + share * (grid[right] - grid[left])


# %% corner: normalised_in_place
# Divides the caller's density by its total.
import torch


def inverse_cdf_samples(grid, density, u):
    density /= torch.trapezoid(density, grid)
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    right = torch.searchsorted(cdf, u.contiguous()).clamp(int((cdf == 0).sum()), len(grid) - 1)
    left = right - 1
    share = (u - cdf[left]) / (cdf[right] - cdf[left])
    return grid[left] + share * (grid[right] - grid[left])


# %% right: numpy
# np.interp over the grid points that are no inner points of a flat piece.
import numpy as np
import torch


def inverse_cdf_samples(grid, density, u):
    x, p = grid.detach().cpu().numpy(), density.detach().cpu().numpy()
    cdf = np.zeros_like(x)
    cdf[1:] = np.cumsum((p[1:] + p[:-1]) / 2 * np.diff(x))
    cdf /= cdf[-1]
    begins, ends = np.flatnonzero(cdf == 0)[-1], np.flatnonzero(cdf == 1)[0]
    inside = slice(begins, ends + 1)
    samples = np.interp(u.detach().cpu().numpy(), cdf[inside], x[inside])
    return torch.as_tensor(samples, dtype=u.dtype).to(u.device)


# %% right: compared_with_all
# Compares each u with the whole of F, without a search, and drops the empty cells first.
import torch


def inverse_cdf_samples(grid, density, u):
    mass = torch.cumulative_trapezoid(density, grid)
    total = mass[-1]
    cells = torch.cat([mass[:1], mass.diff()]) > 0
    left, right = grid[:-1][cells], grid[1:][cells]
    top = mass[cells] / total
    bottom = torch.cat([torch.zeros_like(top[:1]), top[:-1]])
    index = (u.unsqueeze(-1) > top).sum(-1)
    return torch.lerp(left[index], right[index], (u - bottom[index]) / (top - bottom)[index])


# %% right: bisect
# One number after the other, with the standard library.
import bisect

import torch


def inverse_cdf_samples(grid, density, u):
    points, heights = grid.tolist(), density.tolist()
    cdf = [0.0]
    for n in range(1, len(points)):
        step = (heights[n] + heights[n - 1]) / 2 * (points[n] - points[n - 1])
        cdf.append(cdf[-1] + step)
    cdf = [value / cdf[-1] for value in cdf]
    samples = []
    for share in u.flatten().tolist():
        n = bisect.bisect_right(cdf, 0.0) if share == 0 else bisect.bisect_left(cdf, share)
        rise = cdf[n] - cdf[n - 1]
        samples.append(points[n - 1] + (share - cdf[n - 1]) / rise * (points[n] - points[n - 1]))
    return torch.tensor(samples, dtype=u.dtype, device=u.device).reshape(u.shape)
