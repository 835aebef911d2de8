"""KL by torch.distributions, the expected error by einsum."""

import torch


def gaussian_elbo(x, W, b, sigma, m, S):
    prior = torch.distributions.MultivariateNormal(torch.zeros_like(m), torch.eye(m.shape[1]).to(S))
    q = torch.distributions.MultivariateNormal(m, S)
    likelihood = torch.distributions.Normal(m @ W.T + b, sigma).log_prob(x).sum(1)
    spread = torch.einsum("dk,kl,dl->", W, S, W) / (2 * sigma**2)
    return likelihood - spread - torch.distributions.kl_divergence(q, prior)
