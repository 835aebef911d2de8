"""Cuts the variance from the graph: the value is right, the gradient is not."""


def kl_divergence(mu, logvar):
    return 0.5 * (mu.pow(2) + logvar.exp().detach() - 1 - logvar).sum(1).mean()
