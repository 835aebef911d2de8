"""A mask and torch.where, the margin less the clipped energy."""

import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    capped = torch.where(fake_energy < margin, fake_energy, torch.full_like(fake_energy, margin))
    return torch.mean(real_energy) + margin - torch.mean(capped)
