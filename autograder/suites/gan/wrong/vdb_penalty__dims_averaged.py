"""Averages the KL over the dimensions and rescales by three."""


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 1.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())
