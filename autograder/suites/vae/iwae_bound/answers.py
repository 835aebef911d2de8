"""Known answers: The importance-weighted bound."""

# %% spoils: axes_swapped
# Takes the first axis for the batch.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w, 1) - math.log(log_w.shape[1])).mean()


# %% spoils: batch_sum
# Sums over the batch.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w, 0) - math.log(len(log_w))).sum()


# %% spoils: detached
# Returns the right number without its graph.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w.detach(), 0) - math.log(len(log_w))).mean()


# %% spoils: equal_gradients
# Has the right value, but spreads the gradient evenly over the samples.
import math

import torch


def iwae_bound(log_w):
    bound = (torch.logsumexp(log_w, 0) - math.log(len(log_w))).mean()
    return log_w.mean() + (bound - log_w.mean()).detach()


# %% spoils: largest_weight
# Takes the largest weight for the mean.
import math


def iwae_bound(log_w):
    return (log_w.max(0).values - math.log(len(log_w))).mean()


# %% spoils: mean_of_logs
# Averages the logarithms: the ELBO again, whatever K is.
def iwae_bound(log_w):
    return log_w.mean(0).mean()


# %% spoils: one_mean_for_all
# Averages weights over the batch too before it takes the logarithm.
import math

import torch


def iwae_bound(log_w):
    return torch.logsumexp(log_w.flatten(), 0) - math.log(log_w.numel())


# %% spoils: one_shift_for_all
# Shifts by the largest weight of the whole batch, so that other images underflow.
import torch


def iwae_bound(log_w):
    top = log_w.max()
    return (top + torch.log(torch.exp(log_w - top).mean(0))).mean()


# %% spoils: outside_log_space
# Leaves log space, where the weights are 0 or infinite.
import torch


def iwae_bound(log_w):
    return torch.log(torch.exp(log_w).mean(0)).mean()


# %% spoils: sum_for_mean
# Sums the weights instead of averaging them.
import torch


def iwae_bound(log_w):
    return torch.logsumexp(log_w, 0).mean()


# %% spoils: wrong_count
# Subtracts the logarithm of the batch size.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w, 0) - math.log(log_w.shape[1])).mean()


# %% corner: squeezed
# Drops every axis of one, so that one sample is taken for many.
import math

import torch


def iwae_bound(log_w):
    log_w = log_w.squeeze()
    return (torch.logsumexp(log_w, 0) - math.log(len(log_w) if log_w.ndim else 1)).mean()


# %% corner: in_place
# Shifts the caller's weights.
import torch


def iwae_bound(log_w):
    top = log_w.detach().amax(0)
    log_w.data -= top
    return (torch.log(torch.exp(log_w).mean(0)) + top).mean()


# %% corner: single_precision
# Computes in float32, whatever it is given.
import math

import torch


def iwae_bound(log_w):
    value = torch.logsumexp(log_w.float(), 0) - math.log(len(log_w))
    return value.mean().to(log_w.dtype)


# %% spoils: shift_by_the_mean
# Shifts by the mean of the weights, so that an image whose weights lie far apart overflows.
import torch


def iwae_bound(log_w):
    shift = log_w.mean(0)
    return (shift + torch.log(torch.exp(log_w - shift).mean(0))).mean()


# %% spoils: shift_by_the_first
# Shifts by the first sample's weight.
import torch


def iwae_bound(log_w):
    return (log_w[0] + torch.log(torch.exp(log_w - log_w[0]).mean(0))).mean()


# %% spoils: clamped
# Keeps the weights in a range where their exponential is not zero.
import torch


def iwae_bound(log_w):
    log_w = log_w.clamp(-700, 700)
    return torch.log(torch.exp(log_w).mean(0)).mean()


# %% spoils: small_number_in_the_logarithm
# Adds a small number so that the logarithm is finite.
import torch


def iwae_bound(log_w):
    return torch.log(torch.exp(log_w).mean(0) + 1e-12).mean()


# %% spoils: weighted_mean
# Weighs the logarithms by the normalised weights.
import torch


def iwae_bound(log_w):
    return (torch.softmax(log_w, 0) * log_w).sum(0).mean()


# %% spoils: doubly_weighted_gradient
# Has the right value, but squares the weights in the gradient, as another estimator does.
import math

import torch


def iwae_bound(log_w):
    bound = (torch.logsumexp(log_w, 0) - math.log(len(log_w))).mean()
    surrogate = (torch.softmax(log_w, 0).detach().pow(2) * log_w).sum(0).mean()
    return surrogate + (bound - surrogate).detach()


# %% spoils: gradient_of_the_largest
# Has the right value, but sends all of the gradient to the largest weight.
import torch


def iwae_bound(log_w):
    top = log_w.amax(0)
    rest = torch.log(torch.exp(log_w.detach() - top.detach()).mean(0))
    return (top + rest).mean()


# %% spoils: one_sample_less
# Divides by K - 1, as for a variance.
import math

import torch


def iwae_bound(log_w):
    return (torch.logsumexp(log_w, 0) - math.log(max(len(log_w) - 1, 1))).mean()


# %% spoils: average_of_bounds
# Averages over the batch before it takes the logarithm: the mean weight of each sample.
import math

import torch


def iwae_bound(log_w):
    return torch.logsumexp(log_w.mean(1), 0) - math.log(len(log_w))


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


# %% right: log_softmax
# What the logarithm of a softmax takes away from a weight.
import math

import torch


def iwae_bound(log_w):
    log_sum = log_w[0] - torch.log_softmax(log_w, dim=0)[0]
    return log_sum.mean() - torch.log(torch.tensor(float(len(log_w)), device=log_w.device))


# %% right: running_sum
# The last of the running sums, with the axes swapped first.
import math

import torch


def iwae_bound(log_w):
    by_image = log_w.T.contiguous()
    bounds = [torch.logcumsumexp(row, 0)[-1] - math.log(len(row)) for row in by_image]
    return torch.stack(bounds).mean()


# %% right: largest_in_the_graph
# Takes the largest weight out by hand, and leaves it in the graph.
import torch


def iwae_bound(log_w):
    top, _ = torch.max(log_w, dim=0)
    return torch.mean(top + (log_w - top).exp().mean(dim=0).log())
