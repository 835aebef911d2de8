"""Scales every sample's features to length one."""

import torch.nn.functional as F


def diversity_kernel(features):
    phi = F.normalize(features, dim=1)
    return phi @ phi.T
