"""Takes the log-variance for the logarithm of the standard deviation."""


def kl_divergence(mu, logvar):
    return 0.5 * (mu.pow(2) + (2 * logvar).exp() - 1 - 2 * logvar).sum(1).mean()
