"""The dual step under no_grad, with relu."""

import torch


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    halves = []
    for mu, logvar in ((mu_real, logvar_real), (mu_fake, logvar_fake)):
        per_image = torch.sum(mu**2 + torch.expm1(logvar) - logvar, dim=-1) / 2
        halves.append(per_image.sum() / per_image.numel())
    kl = sum(halves) / 2
    with torch.no_grad():
        new_beta = torch.relu(beta + step_size * (kl - i_c))
    return beta * kl - beta * i_c, float(new_beta)
