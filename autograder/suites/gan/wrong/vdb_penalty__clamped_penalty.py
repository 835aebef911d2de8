"""Clamps the penalty at zero where less passes than may."""


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess.clamp(min=0), max(0.0, beta + step_size * excess.item())
