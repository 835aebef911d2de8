"""Sends gradients to the real features too."""


def feature_matching_loss(real_features, fake_features):
    return (real_features.mean(0) - fake_features.mean(0)).pow(2).sum()
