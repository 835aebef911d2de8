"""Squares the difference of each pair of images before it averages."""


def feature_matching_loss(real_features, fake_features):
    real = real_features.detach()
    if len(real) != len(fake_features):
        real = real.mean(0)
    return (real - fake_features).pow(2).sum(1).mean()
