"""Products of all pairs by broadcasting, then a sum."""


def diversity_kernel(features):
    return (features[:, None, :] * features[None, :, :]).sum(-1)
