"""The inner product of the gap with itself."""


def feature_matching_loss(real_features, fake_features):
    gap = real_features.data.mean(0, keepdim=True) - fake_features.mean(0, keepdim=True)
    return (gap @ gap.T).squeeze()
