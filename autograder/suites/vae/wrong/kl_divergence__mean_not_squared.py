"""Takes the absolute mean for the squared one."""


def kl_divergence(mu, logvar):
    return 0.5 * (mu.abs() + logvar.exp() - 1 - logvar).sum(1).mean()
