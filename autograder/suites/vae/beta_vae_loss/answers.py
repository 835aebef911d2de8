"""Known answers: The beta-VAE loss."""

# %% spoils: beta_ignored
# Ignores beta.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) + kl_divergence(mu, logvar)


# %% spoils: beta_on_both
# Puts beta on both terms.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return beta * (bernoulli_nll(x, logits) + kl_divergence(mu, logvar))


# %% spoils: beta_on_reconstruction
# Puts beta on the reconstruction.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return beta * bernoulli_nll(x, logits) + kl_divergence(mu, logvar)


# %% spoils: convex_combination
# Weighs the two terms by beta and 1 - beta.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return (1 - beta) * bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)


# %% spoils: default_four
# Has the default beta of the paper's experiments instead of one.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=4.0):
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)


# %% spoils: elbo
# Returns the bound itself, not its negative.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return -bernoulli_nll(x, logits) - beta * kl_divergence(mu, logvar)


# %% spoils: kl_subtracted
# Subtracts the KL, and so rewards distance from the prior.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) - beta * kl_divergence(mu, logvar)


# %% spoils: scaled_by_sizes
# Divides the KL by the number of latents, while the reconstruction is summed.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar) / mu.shape[1]


# %% spoils: kl_detached
# Adds the KL as a constant, so that nothing trains it.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu.detach(), logvar.detach())


# %% spoils: reconstruction_detached
# Adds the reconstruction as a constant: the decoder learns nothing.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits).detach() + beta * kl_divergence(mu, logvar)


# %% spoils: beta_normalised
# Multiplies beta by latents per pixel, as a table of the paper does.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    weight = beta * mu.shape[1] / x[0].numel()
    return bernoulli_nll(x, logits) + weight * kl_divergence(mu, logvar)


# %% spoils: batch_sum
# Sums both terms over the batch, as a well-known example does.
import torch.nn.functional as F


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return nll - 0.5 * beta * (1 + logvar - mu.pow(2) - logvar.exp()).sum()


# %% spoils: kl_of_the_batch
# Averages the reconstruction over the batch and sums the KL over it.
import torch.nn.functional as F


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    return nll - 0.5 * beta * (1 + logvar - mu.pow(2) - logvar.exp()).sum()


# %% spoils: rows_of_pixels
# Sums over the last dimension of an image only.
# ruff: noqa: F821  (earlier answers are names of the notebook)
import torch.nn.functional as F


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1).mean()
    return nll + beta * kl_divergence(mu, logvar)


# %% spoils: squared_error
# Takes the squared error of the probabilities for the likelihood.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return reconstruction_loss(x, logits.sigmoid()) + beta * kl_divergence(mu, logvar)


# %% spoils: logarithms_that_stop
# Takes the cross-entropy of probabilities, whose logarithms stop at -100.
# ruff: noqa: F821  (earlier answers are names of the notebook)
import torch.nn.functional as F


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    nll = F.binary_cross_entropy(logits.sigmoid(), x, reduction="sum") / len(x)
    return nll + beta * kl_divergence(mu, logvar)


# %% spoils: beta_at_least_one
# Raises every beta below one to one, which undoes a warm-up.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) + max(1.0, beta) * kl_divergence(mu, logvar)


# %% spoils: warm_up_of_its_own
# Raises beta from call to call, by a counter that it keeps.
# ruff: noqa: F821  (earlier answers are names of the notebook)
calls = 0


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    global calls
    calls += 1
    return bernoulli_nll(x, logits) + beta * min(1.0, calls / 100) * kl_divergence(mu, logvar)


# %% corner: beta_capped
# Caps beta at ten.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) + min(beta, 10.0) * kl_divergence(mu, logvar)


# %% corner: zero_taken_for_none
# Takes a beta of zero for one that was not given.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=None):
    return bernoulli_nll(x, logits) + (beta or 1.0) * kl_divergence(mu, logvar)


# %% corner: plain_number_at_zero
# Returns a plain number when beta is zero.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    loss = bernoulli_nll(x, logits)
    return loss + beta * kl_divergence(mu, logvar) if beta else loss.item()


# %% corner: kink_at_zero
# Writes the cross-entropy with relu and abs, whose slopes at 0 are both 0.
# ruff: noqa: F821  (earlier answers are names of the notebook)
import torch


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    nll = torch.relu(logits) - logits * x + torch.log1p(torch.exp(-logits.abs()))
    return nll.flatten(1).sum(1).mean() + beta * kl_divergence(mu, logvar)


# %% corner: squeezed
# Drops axes of one: a batch of single latents is summed as if it were one sample.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).squeeze()
    return bernoulli_nll(x, logits) + beta * kl.sum(-1).mean()


# %% corner: weight_by_another_name
# Calls beta by another name.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, weight=1.0):
    return bernoulli_nll(x, logits) + weight * kl_divergence(mu, logvar)


# %% corner: data_detached
# Treats the pixels as constants.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x.detach(), logits) + beta * kl_divergence(mu, logvar)


# %% corner: probabilities_in_the_logits
# Leaves the probabilities in the memory of the logits, "for a picture".
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    loss = bernoulli_nll(x, logits.clone()) + beta * kl_divergence(mu, logvar)
    logits.data.sigmoid_()
    return loss


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


# %% right: image_by_image
# Adds the terms up for each image, and then averages over the batch.
import torch.nn.functional as F


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    nll = (F.softplus(logits) - x * logits).flatten(1).sum(1)
    kl = 0.5 * (mu.square() + logvar.expm1() - logvar).sum(1)
    return (nll + beta * kl).mean()


# %% right: no_kl_at_zero
# Leaves the KL out where beta is zero.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    loss = bernoulli_nll(x, logits)
    if beta != 0:
        loss = loss + beta * kl_divergence(mu, logvar)
    return loss
