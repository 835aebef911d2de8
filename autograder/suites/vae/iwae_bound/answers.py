"""Known answers: The importance-weighted bound."""

# %% wrong: axes_swapped
# Takes the first axis for the batch.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w, 1) - math.log(log_w.shape[1])).mean()


# %% wrong: batch_sum
# Sums over the batch.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w, 0) - math.log(len(log_w))).sum()


# %% wrong: detached
# Returns the right number without its graph.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w.detach(), 0) - math.log(len(log_w))).mean()


# %% wrong: equal_gradients
# Has the right value, but spreads the gradient evenly over the samples.
import math

import torch


def iwae_bound(log_w):
    bound = (torch.logsumexp(log_w, 0) - math.log(len(log_w))).mean()
    return log_w.mean() + (bound - log_w.mean()).detach()


# %% wrong: largest_weight
# Takes the largest weight for the mean.
import math


def iwae_bound(log_w):
    return (log_w.max(0).values - math.log(len(log_w))).mean()


# %% wrong: mean_of_logs
# Averages the logarithms: the ELBO again, whatever K is.
def iwae_bound(log_w):
    return log_w.mean(0).mean()


# %% wrong: one_mean_for_all
# Averages weights over the batch too before it takes the logarithm.
import math

import torch


def iwae_bound(log_w):
    return torch.logsumexp(log_w.flatten(), 0) - math.log(log_w.numel())


# %% wrong: one_shift_for_all
# Shifts by the largest weight of the whole batch, so that other images underflow.
import torch


def iwae_bound(log_w):
    top = log_w.max()
    return (top + torch.log(torch.exp(log_w - top).mean(0))).mean()


# %% wrong: outside_log_space
# Leaves log space, where the weights are 0 or infinite.
import torch


def iwae_bound(log_w):
    return torch.log(torch.exp(log_w).mean(0)).mean()


# %% wrong: sum_for_mean
# Sums the weights instead of averaging them.
import torch


def iwae_bound(log_w):
    return torch.logsumexp(log_w, 0).mean()


# %% wrong: wrong_count
# Subtracts the logarithm of the batch size.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w, 0) - math.log(log_w.shape[1])).mean()


# %% right: count_inside
# Divides by K inside the logarithm.
import math


def iwae_bound(log_w):
    return log_w.sub(math.log(log_w.size(0))).logsumexp(0).mean()


# %% right: loop
# One logaddexp after another, image by image.
import math

import torch


def iwae_bound(log_w):
    K, B = log_w.shape
    total = 0.0
    for i in range(B):
        running = log_w[0, i]
        for k in range(1, K):
            running = torch.logaddexp(running, log_w[k, i])
        total = total + running - math.log(K)
    return total / B


# %% right: manual_max
# The maximum of each image taken out by hand.
import torch


def iwae_bound(log_w):
    top = log_w.max(dim=0, keepdim=True).values.detach()
    return (torch.log(torch.mean(torch.exp(log_w - top), dim=0)) + top[0]).mean()


# %% right: scratch_cell
# Keeps its arithmetic in a class of its own, in a scratch cell below the answer, with a print left
# in it.
import torch


def iwae_bound(log_w):
    return LogAverage(dim=0)(log_w).mean()


# %%
class LogAverage:
    def __init__(self, dim):
        self.dim = dim

    def __call__(self, values):
        peak = values.max(dim=self.dim, keepdim=True).values.detach()
        return (values - peak).exp().mean(dim=self.dim).log() + peak.squeeze(self.dim)


print("LogAverage of two zeros:", LogAverage(dim=0)(torch.zeros(2, 1)))
