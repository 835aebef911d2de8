"""Weighs the mixture by the sizes of the batches."""

import torch


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    mu, logvar = torch.cat([mu_real, mu_fake]), torch.cat([logvar_real, logvar_fake])
    excess = kl(mu, logvar) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())
