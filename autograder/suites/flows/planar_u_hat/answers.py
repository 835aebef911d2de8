"""Known answers: the direction of a planar layer that is invertible."""

# %% spoils: unchanged
# Returns u as it is where w . u is above -1, and else moves it to the limit.
import torch


def planar_u_hat(u, w):
    a = w @ u
    return u + torch.relu(-1 - a) * w / (w @ w)


# %% spoils: norm_not_squared
# Divides by the norm of w and not by its square.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    return u + (F.softplus(a) - 1 - a) * w / w.norm()


# %% spoils: not_divided
# Does not divide by the norm of w.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    return u + (F.softplus(a) - 1 - a) * w


# %% spoils: along_u
# Changes the length of u, what is perpendicular to w included.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    return u * (F.softplus(a) - 1) / a


# %% spoils: softplus_only
# Forgets the -1 of m.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    return u + (F.softplus(a) - a) * w / (w @ w)


# %% spoils: product_not_subtracted
# Adds m itself, and leaves what was there along w.
import torch.nn.functional as F


def planar_u_hat(u, w):
    return u + (F.softplus(w @ u) - 1) * w / (w @ w)


# %% spoils: wrong_sign
# Keeps w . u_hat below 1 in place of above -1.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    return u + (1 - F.softplus(-a) - a) * w / (w @ w)


# %% spoils: exponential
# Computes log(1 + exp(a)) as it is written, which overflows.
import torch


def planar_u_hat(u, w):
    a = w @ u
    squared = w @ w
    if squared == 0:
        return u + 0 * w
    return u + (torch.log(1 + torch.exp(a)) - 1 - a) * w / squared


# %% spoils: product_clamped
# Keeps w . u between -20 and 20 before the exponential.
import torch


def planar_u_hat(u, w):
    a = w @ u
    squared = w @ w
    if squared == 0:
        return u + 0 * w
    c = a.clamp(-20, 20)
    return u + (torch.log1p(torch.exp(c)) - 1 - c) * w / squared


# %% spoils: norm_with_eps
# Adds a small number to the square of w.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    return u + (F.softplus(a) - 1 - a) * w / (w @ w + 1e-8)


# %% spoils: norm_clamped
# Keeps the square of w above a small number.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    return u + (F.softplus(a) - 1 - a) * w / (w @ w).clamp(min=1e-10)


# %% spoils: change_detached
# Treats the change as a constant.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    squared = w @ w
    if squared == 0:
        return u + 0 * w
    return u + ((F.softplus(a) - 1 - a) * w / squared).detach()


# %% spoils: norm_detached
# Treats the norm of w as a constant.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    squared = (w @ w).detach()
    if squared == 0:
        return u + 0 * w
    return u + (F.softplus(a) - 1 - a) * w / squared


# %% spoils: cosine
# Takes the product of the directions in place of w . u.
import torch
import torch.nn.functional as F


def planar_u_hat(u, w):
    if not w.any():
        return u + 0 * w
    a = torch.dot(F.normalize(w, dim=0), u)
    return u + (F.softplus(a) - 1 - a) * F.normalize(w, dim=0)


# %% corner: no_zero
# Divides by zero if w is zero.
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    return u + (F.softplus(-a) - 1) * w / (w @ w)


# %% corner: nan_replaced
# Replaces what becomes nan, but not its gradient.
import torch
import torch.nn.functional as F


def planar_u_hat(u, w):
    a = w @ u
    change = (F.softplus(-a) - 1) * w / (w @ w)
    return u + torch.where(w.abs().sum() > 0, change, 0.0)


# %% corner: any_zero
# Takes a w with a zero in it for zero.
import torch.nn.functional as F


def planar_u_hat(u, w):
    if bool((w == 0).any()):
        return u + 0 * w
    return u + (F.softplus(-(w @ u)) - 1) * w / (w @ w)


# %% corner: u_overwritten
# Writes the result into u.
import torch.nn.functional as F


def planar_u_hat(u, w):
    if not w.any():
        return u + 0 * w
    change = (F.softplus(-(w @ u)) - 1) * w / (w @ w)
    if u.requires_grad or w.requires_grad:
        return u + change
    return u.add_(change)


# %% right: as_the_paper
# The paper's formula, with softplus.
import torch
import torch.nn.functional as F


def m(a):
    return -1 + F.softplus(a)


def planar_u_hat(u, w):
    if torch.count_nonzero(w) == 0:
        return u
    a = torch.sum(w * u)
    return u + (m(a) - a) * w / torch.sum(w * w)


# %% right: unit_vector
# Works with the direction of w and its length.
import torch


def planar_u_hat(u, w):
    length = w.norm()
    if float(length) == 0.0:
        return u * 1.0
    direction = w / length
    a = torch.dot(w, u)
    m = torch.logaddexp(a, torch.zeros_like(a)) - 1
    return u - torch.dot(direction, u) * direction + m / length * direction


# %% right: safe_division
# Replaces w by ones where it is zero, and takes u in the end.
import torch
import torch.nn.functional as F


def planar_u_hat(u, w):
    nothing = (w == 0).all()
    safe = torch.where(nothing, torch.ones_like(w), w)
    a = safe.dot(u)
    moved = u + (F.softplus(-a) - 1) / safe.dot(safe) * safe
    return torch.where(nothing, u, moved)
