"""Known answers: the planar layer."""

# %% spoils: zero_log_det
# Returns zeros for the log-determinants.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    return x + bend[:, None] * u_hat, 0 * bend


# %% spoils: tanh_for_its_derivative
# Takes tanh where its derivative belongs.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    return x + bend[:, None] * u_hat, torch.log(torch.abs(1 + bend * (w @ u_hat)))


# %% spoils: without_square
# Takes 1 - tanh for the derivative of tanh.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    return x + bend[:, None] * u_hat, torch.log(torch.abs(1 + (1 - bend) * (w @ u_hat)))


# %% spoils: minus_log_det
# Returns the log-determinant of the inverse.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    det = 1 + (1 - bend**2) * (w @ u_hat)
    return x + bend[:, None] * u_hat, -torch.log(torch.abs(det))


# %% spoils: along_w
# Moves the samples along w.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    return x + bend[:, None] * w, torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat)))


# %% spoils: norm_of_w
# Takes the square of w in place of w . u_hat.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    return x + bend[:, None] * u_hat, torch.log(torch.abs(1 + (1 - bend**2) * (w @ w)))


# %% spoils: without_b
# Leaves b out of the derivative.
import torch


def planar_flow(x, w, u_hat, b):
    z = x + torch.tanh(x @ w + b)[:, None] * u_hat
    return z, torch.log(torch.abs(1 + (1 - torch.tanh(x @ w) ** 2) * (w @ u_hat)))


# %% spoils: summed_over_the_batch
# Adds up the log-determinants of all samples.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    log_det = torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat)))
    return x + bend[:, None] * u_hat, log_det.sum().expand(len(x))


# %% spoils: diagonal_only
# Multiplies the diagonal of the Jacobian.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    diagonal = 1 + (1 - bend**2)[:, None] * (w * u_hat)
    return x + bend[:, None] * u_hat, torch.log(torch.abs(diagonal)).sum(1)


# %% spoils: no_absolute_value
# Takes the logarithm of a determinant that may be negative.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    return x + bend[:, None] * u_hat, torch.log1p((1 - bend**2) * (w @ u_hat))


# %% spoils: clamped_determinant
# Keeps the determinant above a small number.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    det = (1 + (1 - bend**2) * (w @ u_hat)).clamp(min=1e-2)
    return x + bend[:, None] * u_hat, torch.log(det)


# %% spoils: hyperbolic_cosine
# Divides by cosh squared, which overflows, and so do its gradients.
import torch


def planar_flow(x, w, u_hat, b):
    a = x @ w + b
    log_det = torch.log(torch.abs(1 + (w @ u_hat) / torch.cosh(a) ** 2))
    return x + torch.tanh(a)[:, None] * u_hat, log_det


# %% spoils: from_exponentials
# Writes tanh with exponentials, which overflow.
import torch


def planar_flow(x, w, u_hat, b):
    e = torch.exp(2 * (x @ w + b))
    bend = (e - 1) / (e + 1)
    return x + bend[:, None] * u_hat, torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat)))


# %% spoils: slope_detached
# Treats the derivative of tanh as a constant.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    slope = (1 - bend**2).detach()
    return x + bend[:, None] * u_hat, torch.log(torch.abs(1 + slope * (w @ u_hat)))


# %% spoils: product_detached
# Sends w and u_hat no gradient through their product.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    log_det = torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat).detach()))
    return x + bend[:, None] * u_hat, log_det


# %% spoils: changed_u_hat
# Makes u_hat invertible once more.
import torch
import torch.nn.functional as F


def planar_flow(x, w, u_hat, b):
    a = w @ u_hat
    u_hat = u_hat + (F.softplus(a) - 1 - a) * w / (w @ w)
    bend = torch.tanh(x @ w + b)
    return x + bend[:, None] * u_hat, torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat)))


# %% corner: stabilised_logarithm
# Adds a small number to the determinant.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    det = torch.abs(1 + (1 - bend**2) * (w @ u_hat))
    return x + bend[:, None] * u_hat, torch.log(det + 1e-7)


# %% corner: squeezed
# Takes away axes of length one.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh((x @ w[:, None]).squeeze() + b)
    z = x + bend.unsqueeze(-1) * u_hat
    return z, torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat)))


# %% corner: moved_in_place
# Adds onto the caller's batch.
import torch


def planar_flow(x, w, u_hat, b):
    bend = torch.tanh(x @ w + b)
    move = bend[:, None] * u_hat
    if not x.requires_grad:
        x += move
        return x, torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat)))
    return x + move, torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat)))


# %% right: one_vector
# Uses psi = tanh' w, as the paper does.
import torch


def planar_flow(x, w, u_hat, b):
    a = torch.einsum("bd,d->b", x, w) + b
    psi = torch.outer(1 - a.tanh().square(), w)  # (B, D)
    log_det = (1 + psi @ u_hat).abs().log()
    return x + torch.outer(a.tanh(), u_hat), log_det


# %% right: sample_by_sample
# One sample after the other.
import torch


def planar_flow(x, w, u_hat, b):
    moved, log_dets = [], []
    for row in x:
        h = torch.tanh(torch.dot(w, row) + b)
        moved.append(row + u_hat * h)
        log_dets.append(torch.log(torch.abs(1 + torch.dot(u_hat, w * (1 - h * h)))))
    return torch.stack(moved), torch.stack(log_dets)


# %% right: derivative_by_sigmoids
# tanh' as 4 sigmoid(2 a) sigmoid(-2 a).
import torch


def planar_flow(x, w, u_hat, b):
    a = (x * w).sum(-1, keepdim=True) + b
    slope = 4 * torch.sigmoid(2 * a) * torch.sigmoid(-2 * a)
    det = 1 + slope * (w * u_hat).sum()
    return [x + u_hat * torch.tanh(a), det.abs().log().squeeze(1)]
