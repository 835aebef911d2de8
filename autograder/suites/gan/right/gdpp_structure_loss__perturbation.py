"""A solver for general matrices sorted by hand for the real kernel."""

import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, vectors = torch.linalg.eig(kernel_real.detach())
    order = values.real.argsort()
    values, vectors = values.real[order], vectors.real[:, order]
    vectors = vectors / vectors.norm(dim=0)
    fake = torch.linalg.eigh(kernel_fake)[1]
    cosines = (vectors * fake).sum(0).square().sqrt()
    return (-(values - values[0]) / (values[-1] - values[0]) * cosines).sum()
