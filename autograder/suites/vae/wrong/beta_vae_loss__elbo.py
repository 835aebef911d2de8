"""Returns the bound itself, not its negative."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return -bernoulli_nll(x, logits) - beta * kl_divergence(mu, logvar)
