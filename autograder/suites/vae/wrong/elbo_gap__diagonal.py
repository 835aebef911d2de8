"""Treats both covariances as diagonal."""


def elbo_gap(m, S, mean, cov):
    s, c = S.diagonal(), cov.diagonal()
    return 0.5 * ((s / c).sum() + ((mean - m).pow(2) / c).sum(1) - m.shape[1] + c.log().sum() - s.log().sum())
