"""Feature by feature in a loop."""


def feature_matching_loss(real_features, fake_features):
    total = 0.0
    for d in range(fake_features.shape[1]):
        goal = real_features[:, d].detach().sum() / real_features.shape[0]
        total = total + (goal - fake_features[:, d].sum() / fake_features.shape[0]) ** 2
    return total
