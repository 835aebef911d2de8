"""Known answers: The 1x1 convolution by parts."""

# %% spoils: full_lower
# Uses the diagonal of `lower` as well.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.tril() + eye) @ (upper.triu(1) + torch.diag(sign * log_s.exp()))
    return weight, log_s.sum()


# %% spoils: full_upper
# Uses the diagonal of `upper` as well.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.tril(-1) + eye) @ (upper.triu() + torch.diag(sign * log_s.exp()))
    return weight, log_s.sum()


# %% spoils: no_ones
# Leaves the ones on the diagonal of L out.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    weight = permutation @ lower.tril(-1) @ (upper.triu(1) + torch.diag(sign * log_s.exp()))
    return weight, log_s.sum()


# %% spoils: triangles_swapped
# Takes the upper triangle of `lower` and the lower one of `upper`.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.triu(1) + eye) @ (upper.tril(-1) + torch.diag(sign * log_s.exp()))
    return weight, log_s.sum()


# %% spoils: upper_first
# Multiplies U L instead of L U.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (upper.triu(1) + torch.diag(sign * log_s.exp())) @ (lower.tril(-1) + eye)
    return weight, log_s.sum()


# %% spoils: permuted_columns
# Multiplies by P from the right.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(sign * log_s.exp())) @ permutation
    return weight, log_s.sum()


# %% spoils: transposed_permutation
# Applies the transpose of P, which is the same for a swap only.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    inner = (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(sign * log_s.exp()))
    return permutation.T @ inner, log_s.sum()


# %% spoils: no_sign
# Leaves the signs out.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(log_s.exp()))
    return weight, log_s.sum()


# %% spoils: log_for_scale
# Puts log_s itself on the diagonal.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(sign * log_s))
    return weight, log_s.sum()


# %% spoils: signed_log_det
# Multiplies the logarithms by the signs.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(sign * log_s.exp()))
    return weight, (sign * log_s).sum()


# %% spoils: detached_log_det
# Right values, but log_s gets no gradient from the log-determinant.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(sign * log_s.exp()))
    return weight, log_s.detach().sum()


# %% spoils: rebuilt_triangles
# Builds the triangles from numbers, which cuts their gradients off.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    below, above = (each.detach() for each in (lower.tril(-1), upper.triu(1)))
    weight = permutation @ (below + eye) @ (above + torch.diag(sign * log_s.exp()))
    return weight, log_s.sum()


# %% corner: by_determinant
# Finds the log-determinant by a determinant, which under- or overflows.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(sign * log_s.exp()))
    return weight, torch.det(weight).abs().log()


# %% corner: bounded_log_s
# Bounds log_s by 20.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    log_s = log_s.clamp(-20, 20)
    weight = permutation @ (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(sign * log_s.exp()))
    return weight, log_s.sum()


# %% corner: in_place
# Clears the triangles in the arguments themselves.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    if lower.requires_grad or upper.requires_grad or log_s.requires_grad:
        left, right = lower.tril(-1), upper.triu(1)
    else:
        left, right = lower.tril_(-1), upper.triu_(1)
    return permutation @ (left + eye) @ (right + torch.diag(sign * log_s.exp())), log_s.sum()


# %% right: masks
# Masks both triangles by comparing row and column.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    n = torch.arange(len(log_s), device=log_s.device)
    below = (n[:, None] > n[None, :]).to(log_s.dtype)
    eye = (n[:, None] == n[None, :]).to(log_s.dtype)
    left = lower * below + eye
    right = upper * below.T + eye * (sign * torch.exp(log_s))
    return torch.linalg.multi_dot([permutation, left, right]), torch.sum(log_s)


# %% right: rows_moved
# Moves the rows of L U instead of multiplying by P.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    left = torch.tril(lower, -1) + torch.eye(len(sign)).to(lower)
    right = torch.triu(upper, 1) + torch.diag_embed(sign * log_s.exp())
    return [(left @ right)[permutation.argmax(dim=1)], log_s.sum()]


# %% right: scaled_columns
# Adds L diag(s) and L times the strict triangle.
import torch


def lu_weight(permutation, lower, upper, sign, log_s):
    left = lower.tril(-1) + torch.diag(torch.ones_like(log_s))
    product = left * (sign * log_s.exp()) + left @ upper.triu(1)
    return permutation @ product, sum(log_s)
