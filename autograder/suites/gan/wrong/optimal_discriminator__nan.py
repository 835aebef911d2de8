"""Is nan where both are zero."""


def optimal_discriminator(p_data, p_g):
    return p_data / (p_data + p_g)
