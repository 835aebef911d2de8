"""Leaves i_c out of the penalty, which has the same gradient."""


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    both = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake))
    return beta * both, max(0.0, beta + step_size * (both.item() - i_c))
