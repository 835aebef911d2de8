"""Finds the codes with numpy and leaves the result on the CPU."""

import torch


def nearest_code(z, codebook):
    points, codes = z.detach().cpu().numpy(), codebook.detach().cpu().numpy()
    return torch.from_numpy(((points[:, None] - codes[None]) ** 2).sum(axis=2).argmin(axis=1))
