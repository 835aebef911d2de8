"""Weighs the two terms by beta and 1 - beta."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return (1 - beta) * bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)
