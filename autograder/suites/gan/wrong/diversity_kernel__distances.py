"""Takes squared distances for inner products."""


def diversity_kernel(features):
    return (features[:, None] - features[None]).pow(2).sum(-1)
