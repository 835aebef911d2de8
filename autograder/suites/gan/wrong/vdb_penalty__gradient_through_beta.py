"""Has the right penalty, with a gradient through the new beta added."""


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    def kl(mu, logvar):
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    new_beta = (beta + step_size * excess).clamp(min=0)
    penalty = (beta + new_beta - new_beta.detach()) * excess
    return penalty, new_beta.item()
