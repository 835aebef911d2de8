"""Known answers: The beta-VAE loss."""

# %% wrong: beta_ignored
# Ignores beta.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) + kl_divergence(mu, logvar)


# %% wrong: beta_on_both
# Puts beta on both terms.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return beta * (bernoulli_nll(x, logits) + kl_divergence(mu, logvar))


# %% wrong: beta_on_reconstruction
# Puts beta on the reconstruction.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return beta * bernoulli_nll(x, logits) + kl_divergence(mu, logvar)


# %% wrong: convex_combination
# Weighs the two terms by beta and 1 - beta.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return (1 - beta) * bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)


# %% wrong: default_four
# Has the default beta of the paper's experiments instead of one.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=4.0):
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)


# %% wrong: elbo
# Returns the bound itself, not its negative.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return -bernoulli_nll(x, logits) - beta * kl_divergence(mu, logvar)


# %% wrong: kl_subtracted
# Subtracts the KL, and so rewards distance from the prior.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) - beta * kl_divergence(mu, logvar)


# %% wrong: scaled_by_sizes
# Divides the KL by the number of latents, while the reconstruction is summed.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar) / mu.shape[1]


# %% right: inline
# Writes both terms out and calls no earlier function.
import torch.nn.functional as F


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum() / len(x)
    return rec + beta * kl


# %% right: keywords
# Extra optional arguments and a helper of its own.
# ruff: noqa: F821  (earlier answers are names of the notebook)

import torch


def both_terms(x, logits, mu, logvar):
    return bernoulli_nll(x, logits), kl_divergence(mu, logvar)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0, *, return_terms=False, **unused):
    rec, kl = both_terms(x, logits, mu, logvar)
    loss = torch.add(rec, kl, alpha=beta)
    return (loss, rec, kl) if return_terms else loss
