"""The library's cosine of matching columns, in float64."""

import torch
import torch.nn.functional as F


def gdpp_structure_loss(kernel_real, kernel_fake):
    with torch.no_grad():
        values, real = torch.linalg.eigh(kernel_real.double())
        weights = (values - values[0]) / (values[-1] - values[0])
    fake = torch.linalg.eigh(kernel_fake.double()).eigenvectors
    return -(weights @ F.cosine_similarity(real, fake, dim=0).abs()).to(kernel_fake.dtype)
