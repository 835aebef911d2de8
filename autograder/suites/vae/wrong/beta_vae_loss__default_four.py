"""Has the default beta of the paper's experiments instead of one."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def beta_vae_loss(x, logits, mu, logvar, beta=4.0):
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)
