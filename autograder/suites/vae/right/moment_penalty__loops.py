"""One latent at a time, with a helper function."""

import torch


def penalty_of_one(codes):
    n = codes.numel()
    m = codes.sum() / n
    second = ((codes - m) ** 2).sum() / n
    fourth = ((codes - m) ** 4).sum() / n
    return m**2 + (torch.sqrt(second) - 1) ** 2 + (fourth / (second * second) - 3) ** 2


def moment_penalty(z):
    return torch.stack([penalty_of_one(z[:, d]) for d in range(z.shape[1])]).sum()
