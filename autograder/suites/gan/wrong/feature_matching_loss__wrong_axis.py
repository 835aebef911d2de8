"""Averages the squared differences of the per-image means over features."""


def feature_matching_loss(real_features, fake_features):
    D = real_features.shape[1]
    return D * (real_features.detach().mean() - fake_features.mean()).pow(2)
