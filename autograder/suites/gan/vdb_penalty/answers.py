"""Known answers: Variational discriminator bottleneck."""


# %% wrong: beta_absolute
# Takes the absolute value where beta would fall below zero.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, abs(beta + step_size * excess.item())


# %% wrong: beta_negative
# Lets beta fall below zero.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, beta + step_size * excess.item()


# %% wrong: beta_sign
# Lowers beta.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta - step_size * excess.item())


# %% wrong: beta_updated_first
# Weighs the penalty by the new beta.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    new_beta = max(0.0, beta + step_size * excess.item())
    return new_beta * excess, new_beta


# %% wrong: beta_with_graph
# Returns the next beta as a tensor that drags the graph along.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, (beta + step_size * excess).clamp(min=0)


# %% wrong: clamped_penalty
# Clamps the penalty at zero where less passes than may.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess.clamp(min=0), max(0.0, beta + step_size * excess.item())


# %% wrong: dims_averaged
# Averages the KL over the dimensions and rescales by three.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 1.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% wrong: each_image_clamped
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


# %% wrong: fake_detached
# Holds the encodings of generated images constant.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake.detach(), logvar_fake.detach())) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% wrong: fake_only
# Takes the KL of the generated images only.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = kl(mu_fake, logvar_fake) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% wrong: gradient_through_beta
# Has the right penalty, with a gradient through the new beta added.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    new_beta = (beta + step_size * excess).clamp(min=0)
    penalty = (beta + new_beta - new_beta.detach()) * excess
    return penalty, new_beta.item()


# %% wrong: i_c_missing
# Leaves i_c out of the penalty, which has the same gradient.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    both = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake))
    return beta * both, max(0.0, beta + step_size * (both.item() - i_c))


# %% wrong: real_only
# Takes the KL of the real images only.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = kl(mu_real, logvar_real) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% wrong: reversed_kl
# Takes the KL from the prior to the encoding.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * ((1 + mu.pow(2)) / logvar.exp() - 1 + logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% wrong: rises_only
# Never lowers beta.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, beta + step_size * max(0.0, excess.item())


# %% wrong: std_for_logvar
# Takes the log-variance for a standard deviation's logarithm.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logstd):
        return 0.5 * (mu.pow(2) + (2 * logstd).exp() - 1 - 2 * logstd).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())


# %% wrong: sum_of_halves
# Adds the two KLs without the half, and twice i_c, so that beta's step is doubled.
def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake) - 2 * i_c
    return 0.5 * beta * excess, max(0.0, beta + step_size * excess.item())


# %% wrong: weighted_by_size
# Weighs the mixture by the sizes of the batches.
import torch


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    mu, logvar = torch.cat([mu_real, mu_fake]), torch.cat([logvar_real, logvar_fake])
    excess = kl(mu, logvar) - i_c
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
