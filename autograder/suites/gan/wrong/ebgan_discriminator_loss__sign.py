"""Charges for generated images beyond the margin instead of within."""

import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(fake_energy - margin).mean()
