"""Calls a helper of its own that a scratch cell below the answer defines."""

import torch


def kl_divergence(mu, logvar):
    return nats_of_each_latent(mu, logvar).sum(dim=1).mean()


# %%
def nats_of_each_latent(center, log_spread):
    return 0.5 * (center.square() + torch.expm1(log_spread) - log_spread)
