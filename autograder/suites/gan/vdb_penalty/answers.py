"""Known answers: Variational discriminator bottleneck."""


# %% spoils: beta_absolute
# Takes the absolute value where beta would fall below zero.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, abs(beta + step_size * excess.item())


# %% spoils: beta_negative
# Lets beta fall below zero.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, beta + step_size * excess.item()


# %% spoils: beta_sign
# Lowers beta.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta - step_size * excess.item())


# %% spoils: beta_updated_first
# Weighs the penalty by the new beta.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    new_beta = max(0.0, beta + step_size * excess.item())
    return new_beta * excess, new_beta


# %% spoils: beta_with_graph
# Returns the next beta as a tensor that drags the graph along.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, (beta + step_size * excess).clamp(min=0)


# %% spoils: clamped_penalty
# Clamps the penalty at zero where less passes than may.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess.clamp(min=0), max(0.0, beta + step_size * excess.item())


# %% spoils: dims_averaged
# Averages the KL over the dimensions and rescales by three.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 1.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: each_image_clamped
# Lets every image have i_c nats for free instead of the average.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def excess_of(mu, logvar):
        nats = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1)
        return (nats - i_c).clamp(min=0).mean()

    over = 0.5 * (excess_of(mu_real, logvar_real) + excess_of(mu_fake, logvar_fake))

    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * over, max(0.0, beta + step_size * excess.item())


# %% spoils: fake_detached
# Holds the encodings of generated images constant.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake.detach(), logvar_fake.detach())) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: fake_only
# Takes the KL of the generated images only.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = kl(mu_fake, logvar_fake) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: gradient_through_beta
# Has the right penalty, with a gradient through the new beta added.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    new_beta = (beta + step_size * excess).clamp(min=0)
    penalty = (beta + new_beta - new_beta.detach()) * excess
    return penalty, new_beta.item()


# %% spoils: i_c_missing
# Leaves i_c out of the penalty, which has the same gradient.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    both = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake))
    return beta * both, max(0.0, beta + step_size * (both.item() - i_c))


# %% spoils: real_only
# Takes the KL of the real images only.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = kl(mu_real, logvar_real) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: reversed_kl
# Takes the KL from the prior to the encoding.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * ((1 + mu.pow(2)) / logvar.exp() - 1 + logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: rises_only
# Never lowers beta.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, beta + step_size * max(0.0, excess.item())


# %% spoils: std_for_logvar
# Takes the log-variance for a standard deviation's logarithm.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logstd):
        return 0.5 * (mu.pow(2) + (2 * logstd).exp() - 1 - 2 * logstd).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: sum_of_halves
# Adds the two KLs without the half, and twice i_c, so that beta's step is doubled.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake) - 2 * i_c
    return 0.5 * beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: weighted_by_size
# Weighs the mixture by the sizes of the batches.
import torch


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    mu, logvar = torch.cat([mu_real, mu_fake]), torch.cat([logvar_real, logvar_fake])
    excess = kl(mu, logvar) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: beta_by_penalty
# Moves beta by the penalty, which has beta in it, instead of the excess.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    penalty = beta * (0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c)
    return penalty, max(0.0, beta + step_size * penalty.item())


# %% corner: beta_capped
# Caps beta at ten.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, min(max(0.0, beta + step_size * excess.item()), 10.0)


# %% spoils: beta_rounded
# Rounds beta to four digits, which swallows the small steps that the paper takes.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, round(max(0.0, beta + step_size * excess.item()), 4)


# %% corner: clamped_logvar
# Clamps the log-variances to a range that is usual for encoders.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        logvar = logvar.clamp(-10, 10)
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% corner: default_i_c
# Takes an i_c of zero for one that was not given.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    i_c = i_c or 0.5

    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: logvar_detached
# Holds the log-variances constant, so that only the means are pulled to the prior.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    both = kl(mu_real, logvar_real.detach()) + kl(mu_fake, logvar_fake.detach())
    excess = 0.5 * both - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% corner: number_at_zero
# Returns a plain number where beta is zero.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    penalty = beta * excess if beta > 0 else 0.0
    return penalty, max(0.0, beta + step_size * excess.item())


# %% spoils: only_above
# Has a gradient only where more passes than may, with the value as it should be.
import torch


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    over = torch.relu(excess) - torch.relu(-excess).detach()
    return beta * over, max(0.0, beta + step_size * excess.item())


# %% corner: squeezed
# Takes away axes of length one, a batch of one image among them.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).squeeze().sum(-1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% spoils: stacked
# Stacks both halves, which needs batches of one size.
import torch


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    mu, logvar = torch.stack([mu_real, mu_fake]), torch.stack([logvar_real, logvar_fake])
    excess = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(-1).mean() - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% right: distributions
# torch.distributions for the KL.
import torch
from torch.distributions import Independent, Normal
from torch.distributions import kl_divergence as kl_of


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def nats(mu, logvar):
        prior = Independent(Normal(torch.zeros_like(mu), torch.ones_like(mu)), 1)
        return kl_of(Independent(Normal(mu, torch.exp(logvar / 2)), 1), prior)

    both = torch.stack(
        [nats(mu_real, logvar_real).mean(), nats(mu_fake, logvar_fake).mean()]
    ).mean()
    new_beta = max(beta + step_size * (float(both) - i_c), 0)
    return beta * (both - i_c), new_beta


# %% right: loops
# Image by image, with keywords and numpy for the dual step.
import numpy as np


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    total = 0.0
    for mu, logvar in zip((mu_real, mu_fake), (logvar_real, logvar_fake), strict=True):
        for m, v in zip(mu, logvar, strict=True):
            total = total + 0.25 * (m @ m + (v.exp() - v - 1).sum()) / len(mu)
    excess = total - i_c
    dual = np.maximum(0.0, beta + step_size * excess.detach().cpu().numpy())
    return excess * beta, float(dual)


# %% right: no_grad
# The dual step under no_grad, with relu.
import torch


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    halves = []
    for mu, logvar in ((mu_real, logvar_real), (mu_fake, logvar_fake)):
        per_image = torch.sum(mu**2 + torch.expm1(logvar) - logvar, dim=-1) / 2
        halves.append(per_image.sum() / per_image.numel())
    kl = sum(halves) / 2
    with torch.no_grad():
        new_beta = torch.relu(beta + step_size * (kl - i_c))
    return beta * kl - beta * i_c, float(new_beta)


# %% right: named_tuple
# A named tuple, and the step of beta by tensors without a graph.
from collections import namedtuple

import torch

Bottleneck = namedtuple("Bottleneck", "penalty new_beta")


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    nats = 0
    for mu, logvar in [(mu_real, logvar_real), (mu_fake, logvar_fake)]:
        nats = nats + 0.25 * torch.mean(torch.sum(mu**2 + logvar.exp() - logvar - 1, dim=1))
    step = step_size * (nats.detach() - i_c)
    return Bottleneck(beta * (nats - i_c), (step + beta).clamp_min(0).item())


# %% right: joined_with_shares
# All encodings at once, with the share that each has in the mixture; NumPy for beta.
import numpy as np
import torch


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    mu, logvar = torch.cat((mu_real, mu_fake)), torch.cat((logvar_real, logvar_fake))
    shares = [mu.new_full((len(half),), 0.5 / len(half)) for half in (mu_real, mu_fake)]
    kl = torch.einsum("b,bd->", torch.cat(shares), (mu.square() + logvar.exp() - 1 - logvar) / 2)
    return [(kl - i_c) * beta, np.maximum(beta + step_size * (kl.item() - i_c), 0)]
