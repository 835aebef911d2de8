"""Takes the eigenvectors in the order of a general solver."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = (part.real for part in torch.linalg.eig(kernel_real.detach()))
    _, fake = (part.real for part in torch.linalg.eig(kernel_fake))
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()
