"""einsum throughout."""

import torch


def demodulate(weight, style, eps=1e-8):
    modulated = torch.einsum("oihw,bi->boihw", weight, style)
    energy = torch.einsum("boihw,boihw->bo", modulated, modulated)
    return torch.einsum("boihw,bo->boihw", modulated, (energy + eps) ** -0.5)
