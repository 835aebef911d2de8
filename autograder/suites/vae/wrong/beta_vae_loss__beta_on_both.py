"""Puts beta on both terms."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return beta * (bernoulli_nll(x, logits) + kl_divergence(mu, logvar))
