"""Extra optional arguments and a helper of its own."""

# ruff: noqa: F821  (earlier answers are names of the notebook)

import torch


def both_terms(x, logits, mu, logvar):
    return bernoulli_nll(x, logits), kl_divergence(mu, logvar)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0, *, return_terms=False, **unused):
    rec, kl = both_terms(x, logits, mu, logvar)
    loss = torch.add(rec, kl, alpha=beta)
    return (loss, rec, kl) if return_terms else loss
