"""Returns the quantised codes: no gradient reaches the encoder."""


def straight_through(z, z_q):
    return z_q
