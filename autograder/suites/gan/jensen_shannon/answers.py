"""Known answers: The Jensen-Shannon divergence."""

# %% spoils: bits
# Is measured in bits.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return (
        0.5
        * (torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m)).sum()
        / 0.6931471805599453
    )


# %% spoils: distance
# Is the square root, which is a metric but not the divergence.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return (
        (0.5 * (torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m)).sum())
        .clamp(min=0)
        .sqrt()
    )


# %% corner: epsilon
# Adds a constant to the probabilities to avoid zeros.
import torch


def jensen_shannon(p, q):
    p, q = p + 1e-6, q + 1e-6
    m = (p + q) / 2
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum()


# %% spoils: jeffreys
# Is the mean of KL(p || q) and KL(q || p).
import torch


def jensen_shannon(p, q):
    p, q = p + 1e-12, q + 1e-12
    return 0.5 * ((p - q) * (p.log() - q.log())).sum()


# %% spoils: mean
# Averages over the points.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * (torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m)).mean()


# %% spoils: mixture_detached
# Sends no gradient through the mixture of the second divergence.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return (
        0.5
        * (
            torch.xlogy(p, p) - torch.xlogy(p, m) + torch.xlogy(q, q) - torch.xlogy(q, m.detach())
        ).sum()
    )


# %% spoils: mixture_not_halved
# Compares with the sum of the two instead of their mean.
import torch


def jensen_shannon(p, q):
    m = p + q
    return (
        0.5 * (torch.xlogy(p, p) - torch.xlogy(p, m) + torch.xlogy(q, q) - torch.xlogy(q, m)).sum()
    )


# %% spoils: nan
# Is nan where a probability is zero.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * (p * torch.log(p / m) + q * torch.log(q / m)).sum()


# %% spoils: nan_at_both_zero
# Is nan where both are zero at one point.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * (torch.xlogy(p, p / m) + torch.xlogy(q, q / m)).sum()


# %% spoils: no_half
# Forgets the halves before the two divergences.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return (torch.xlogy(p, p) - torch.xlogy(p, m) + torch.xlogy(q, q) - torch.xlogy(q, m)).sum()


# %% spoils: one_side
# Has only the divergence of p from the mixture.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return (torch.xlogy(p, p) - torch.xlogy(p, m)).sum()


# %% spoils: overlap_only
# Leaves out the points where either of the two is zero.
import torch


def jensen_shannon(p, q):
    here = (p > 0) & (q > 0)
    p, q = p[here], q[here]
    m = (p + q) / 2
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum()


# %% spoils: reversed
# Has the mixture first in both divergences.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    return (
        0.5 * (2 * torch.xlogy(m, m) - torch.xlogy(m, p + 1e-12) - torch.xlogy(m, q + 1e-12)).sum()
    )


# %% right: entropies
# Subtracts the mean entropy from the entropy of the mixture.
import torch


def jensen_shannon(p, q):
    h = torch.special.entr
    return h(p.add(q).div(2)).sum() - (h(p).sum() + h(q).sum()) / 2


# %% right: game
# Solves the theorem for the divergence: the value of the game at the best discriminator.
import math

import torch


def jensen_shannon(p, q):
    value = torch.xlogy(p, p) + torch.xlogy(q, q) - torch.xlogy(p + q, p + q)
    return (value.sum() + math.log(4)) / 2


# %% right: library_kl
# Uses the library's divergence, which takes the logarithm of its first argument.
import torch.nn.functional as F


def jensen_shannon(p, q):
    m = 0.5 * (p + q)
    log_m = m.clamp(min=1e-300 if m.dtype == p.double().dtype else 1e-38).log()
    return 0.5 * F.kl_div(log_m, p, reduction="sum") + 0.5 * F.kl_div(log_m, q, reduction="sum")


# %% right: supports
# Takes each divergence over the points of its own support.
import torch


def kl(p, m):
    here = p > 0
    return (p[here] * torch.log(p[here] / m[here])).sum()


def jensen_shannon(p, q):
    m = (p + q) / 2
    return kl(p, m) / 2 + kl(q, m) / 2


# %% corner: game_of_shares
# Works with p / (p + q), where a share of 0 sends nan to the other distribution.
import math

import torch


def jensen_shannon(p, q):
    total = torch.where(p + q > 0, p + q, torch.ones_like(p))
    value = torch.xlogy(p, p / total).sum() + torch.xlogy(q, q / total).sum()
    return (value + math.log(4)) / 2


# %% corner: chosen_afterwards
# Chooses 0 for 0 log 0 after it is nan, and so sends nan to the other distribution.
import torch


def kl(p, m):
    return torch.where(p > 0, p * torch.log(p / m), torch.zeros_like(p)).sum()


def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * kl(p, m) + 0.5 * kl(q, m)


# %% corner: root_squared
# Takes the root and squares it again: nan comes back where the two are equal.
import torch


def jensen_shannon(p, q):
    m = (p + q) / 2
    twice = (torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m)).sum()
    return (twice.abs() / 2).sqrt() ** 2


# %% corner: small_left_out
# Takes probabilities below 1e-4 for zero.
import torch


def jensen_shannon(p, q):
    p, q = p * (p > 1e-4), q * (q > 1e-4)
    m = (p + q) / 2
    return 0.5 * (torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m)).sum()


# %% corner: arguments_nudged
# Adds a tiny constant to the caller's probabilities.
def jensen_shannon(p, q):
    p.data += 1e-15
    q.data += 1e-15
    m = (p + q) / 2
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum()


# %% corner: single_precision
# Computes in float32, whatever comes in.
import torch


def jensen_shannon(p, q):
    dtype, p, q = p.dtype, p.float(), q.float()
    m = (p + q) / 2
    twice = (torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m)).sum()
    return (twice / 2).to(dtype)


# %% spoils: second_detached
# Sends no gradient to the second distribution.
import torch


def jensen_shannon(p, q):
    q = q.detach()
    m = (p + q) / 2
    return 0.5 * (torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m)).sum()


# %% spoils: total_variation
# Is half the sum of absolute differences, times log 2, which agrees at both ends.
import math


def jensen_shannon(p, q):
    return 0.5 * math.log(2) * (p - q).abs().sum()


# %% right: tiny_constant
# Adds a constant inside the logarithms that counts nowhere.
def jensen_shannon(p, q):
    m = (p + q) / 2
    tiny = 1e-12
    kl_p = (p * ((p + tiny).log() - (m + tiny).log())).sum()
    return (kl_p + (q * ((q + tiny).log() - (m + tiny).log())).sum()) / 2


# %% right: mixture_constant
# Holds the mixture fixed, along which the divergences' slope is zero.
import torch


def jensen_shannon(p, q):
    log_m = torch.where(p + q > 0, (p + q) / 2, 1.0).log().detach()
    terms = [torch.xlogy(a, a) - a * log_m for a in (p, q)]
    return torch.stack(terms).sum() / 2
