"""The library's L1 loss, symmetrised kernels, largest first."""

import torch
import torch.nn.functional as F


def spectrum(kernel):
    values, _ = torch.linalg.eigh((kernel + kernel.transpose(0, 1)) / 2)
    return values.flip(0)


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return F.l1_loss(spectrum(kernel_fake), spectrum(kernel_real).detach(), reduction="sum")
