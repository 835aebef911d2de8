"""torch.distributions for the KL."""

import torch
from torch.distributions import Independent, Normal
from torch.distributions import kl_divergence as kl_of


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def nats(mu, logvar):
        prior = Independent(Normal(torch.zeros_like(mu), torch.ones_like(mu)), 1)
        return kl_of(Independent(Normal(mu, torch.exp(logvar / 2)), 1), prior)

    both = torch.stack([nats(mu_real, logvar_real).mean(), nats(mu_fake, logvar_fake).mean()]).mean()
    new_beta = max(beta + step_size * (float(both) - i_c), 0)
    return beta * (both - i_c), new_beta
