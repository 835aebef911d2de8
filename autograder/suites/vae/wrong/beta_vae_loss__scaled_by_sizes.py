"""Divides the KL by the number of latents, while the reconstruction is summed."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar) / mu.shape[1]
