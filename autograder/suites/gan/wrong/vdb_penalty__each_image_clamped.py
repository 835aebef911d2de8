"""Lets every image have i_c nats for free instead of the average."""


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def excess_of(mu, logvar):
        nats = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1)
        return (nats - i_c).clamp(min=0).mean()

    over = 0.5 * (excess_of(mu_real, logvar_real) + excess_of(mu_fake, logvar_fake))

    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * over, max(0.0, beta + step_size * excess.item())
