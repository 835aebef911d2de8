"""Broadcast differences, norms, and the smallest by topk."""

import torch


def nearest_code(z, codebook):
    distance = torch.norm(z[:, None, :] - codebook[None, :, :], dim=2)
    return distance.topk(1, dim=1, largest=False).indices.squeeze(1)
