"""Takes the log-variance for a standard deviation's logarithm."""


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logstd):
        return 0.5 * (mu.pow(2) + (2 * logstd).exp() - 1 - 2 * logstd).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())
