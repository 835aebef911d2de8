"""Has the margin on the real images."""

import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(margin - real_energy).mean() + fake_energy.mean()
