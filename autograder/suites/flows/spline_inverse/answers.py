"""Known answers: the inverse of the monotone rational-quadratic spline."""

# %% spoils: no_smallest_size
# Leaves the smallest size of a bin out.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: size_added
# Adds the smallest size to the shares, which then fill more than the interval.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: size_not_as_share
# Takes the smallest size for a length instead of a share of the interval.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size / (2 * bound) + (1 - n_bins * min_size / (2 * bound)) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: heights_from_widths
# Takes the widths for the heights as well.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(widths)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: soft_ends
# Passes zeros through softplus for the slopes at the ends, which are 0.69 then.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = min_derivative + F.softplus(torch.cat([0 * end, derivatives, 0 * end], -1))
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: exponential_slopes
# Takes the exponential of the derivatives.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + derivatives.exp(), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: no_smallest_slope
# Leaves the smallest slope out.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: slopes_shifted
# Uses each slope one knot too late.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, end, min_derivative + F.softplus(derivatives)], -1)[
        ..., : widths.shape[-1] + 1
    ]
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: fixed_bound
# Always takes 3 for the bound.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    bound = 3.0

    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: forward_again
# Applies the forward formula.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    share = rise / h
    both = share * (1 - share)
    xi = (s * share.square() + slope * both) / (s + bend * both)
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: bin_by_widths
# Looks for the bin among the knots on the x axis.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= x_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: other_root
# Takes the other root of the quadratic equation.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b + (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: zero_by_zero
# Uses the usual formula for the root, which is 0 / 0 where the spline is straight.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = (-b + (b.square() - 4 * a * c).sqrt()) / (2 * a)
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: small_number_in_the_divisor
# Adds a small number to a divisor that can be zero.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = (-b + (b.square() - 4 * a * c).sqrt()) / (2 * a + 1e-4)
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: straight_where_nearly
# Takes the spline for straight where it is nearly so, without the gradient of its bend.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    straight = (a.abs() < 1e-3) & (a.abs() * xi.abs() < 1e-3)
    xi = torch.where(straight, rise / (h * slope), xi)
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: straight_bins
# Connects the knots by straight lines.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = rise / h
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: sign_of_c
# Has the wrong sign in c.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: heights_for_widths
# Multiplies the share by the height of the bin.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * h, y)


# %% spoils: next_slope_in_b
# Uses the slope of the next knot in b.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * next_slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: knots_detached
# Places the knots without gradients.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths).detach(), knots(heights).detach()
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: slopes_detached
# Holds the slopes constant for the gradient.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    slopes = slopes.detach()
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% spoils: clamped_outside
# Maps all that lies outside to the ends.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y.clamp(-bound, bound))


# %% spoils: nan_gradients_outside
# Lets the formula see what lies outside, and hides its nan from the value only.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = y
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% corner: naive_softplus
# Writes softplus out, which overflows.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + (1 + derivatives.exp()).log(), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% corner: naive_softmax
# Writes softmax out, which overflows.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.exp() / sizes.exp().sum(
            -1, keepdim=True
        )
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% corner: sum_of_rounded_heights
# Looks among all K + 1 knots, the last one a sum of rounded heights, which a number just below the end may exceed.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1) - bound], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots).sum(-1, keepdim=True) - 1
    k = k - (within == bound)[..., None].long() * (k == widths.shape[-1]).long()

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% corner: needs_inner_knots
# Fails for a single bin, which has no inner slope.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    steepest = derivatives.detach().max()
    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% corner: needs_an_axis
# Fails for a number without an axis.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    n = y.shape[-1]
    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% corner: changed_in_place
# Writes the result into the caller's y, if that needs no gradients.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    x = torch.where(inside, x_k + xi * w, y)
    return x if y.requires_grad else y.copy_(x.detach())


# %% corner: ends_on_the_cpu
# Makes the ends of the knots on the CPU.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full(sizes[..., :1].shape, bound, dtype=sizes.dtype)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% corner: float32_knots
# Places the knots in float32.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    def knots(sizes):
        n_bins = sizes.shape[-1]
        sizes = sizes.float()
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1).to(
            y.dtype
        )

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values, index):
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)


# %% right: newton
# Bisects without gradients, then takes two steps of Newton's method, the last one with gradients.
import torch


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    more = widths, heights, derivatives, bound, min_size, min_derivative
    inside = y.abs() <= bound
    target = torch.where(inside, y, torch.zeros_like(y))
    with torch.no_grad():
        low, high = torch.full_like(y, -bound), torch.full_like(y, bound)
        for _ in range(80):
            middle = (low + high) / 2
            below = spline_forward(middle, *more)[0] < target
            low, high = torch.where(below, middle, low), torch.where(below, high, middle)
        x = (low + high) / 2
        rate = spline_forward(x, *more)[1].exp()
    x = x + (target - spline_forward(x, *more)[0]) / rate
    return torch.where(inside, x, y)


# %% right: searchsorted
# Looks for the bin by searchsorted, and solves the quadratic equation with the stable root.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    n = widths.size(-1)

    def axis(u):
        parts = torch.softmax(u, -1) * (1 - n * min_size) + min_size
        ticks = torch.cumsum(torch.cat([torch.zeros_like(parts[..., :1]), parts], -1), -1)
        return (2 * ticks - 1) * bound

    xs, ys = axis(widths), axis(heights)
    slopes = F.pad(min_derivative + F.softplus(derivatives), (1, 1), value=1.0)
    inside = (y >= -bound) & (y <= bound)
    v = y.masked_fill(~inside, 0.0).unsqueeze(-1)
    i = torch.searchsorted(ys.detach().contiguous(), v.detach().contiguous(), right=True) - 1
    i = i.clamp(0, n - 1)
    x0, x1, y0, y1, d0, d1 = (each.gather(-1, j) for each in (xs, ys, slopes) for j in (i, i + 1))
    s, d = (y1 - y0) / (x1 - x0), v - y0
    e = d0 + d1 - 2 * s
    a, b, c = (y1 - y0) * (s - d0) + d * e, (y1 - y0) * d0 - d * e, -s * d
    root = -2 * c / (b + torch.sqrt(b**2 - 4 * a * c))
    return torch.where(inside, (root * (x1 - x0) + x0).squeeze(-1), y)


# %% right: bin_by_bin
# Computes every bin for every number, and picks.
import torch
import torch.nn.functional as F


def spline_inverse(y, widths, heights, derivatives, bound=3.0, min_size=1e-3, min_derivative=1e-3):
    K = widths.shape[-1]
    w = 2 * bound * (min_size + (1 - min_size * K) * F.softmax(widths, dim=-1))
    h = 2 * bound * (min_size + (1 - min_size * K) * F.softmax(heights, dim=-1))
    d = F.pad(min_derivative + F.softplus(derivatives), (1, 1), value=1.0)
    outside = (y < -bound) | (y > bound)
    t = y.masked_fill(outside, 0.0)
    x = y
    left, low = torch.full_like(y, -bound), torch.full_like(y, -bound)
    for k in range(K):
        high = low + h[..., k] if k < K - 1 else torch.full_like(y, bound)
        here = (t >= low) & (t <= high) & ~outside
        rise = torch.where(here, t - low, 0.5 * h[..., k])
        s = h[..., k] / w[..., k]
        e = d[..., k + 1] + d[..., k] - 2 * s
        a = h[..., k] * (s - d[..., k]) + rise * e
        b = h[..., k] * d[..., k] - rise * e
        xi = 2 * s * rise / (b + (b**2 + 4 * a * s * rise).sqrt())
        x = torch.where(here, left + xi * w[..., k], x)
        left, low = left + w[..., k], high
    return x
