"""Takes the log-variance for the standard deviation itself."""


def kl_divergence(mu, logvar):
    return 0.5 * (mu.pow(2) + logvar.pow(2) - 1 - logvar.pow(2).log()).sum(1).mean()
