"""Adds up absolute differences of the means instead of squares."""


def feature_matching_loss(real_features, fake_features):
    return (real_features.detach().mean(0) - fake_features.mean(0)).abs().sum()
