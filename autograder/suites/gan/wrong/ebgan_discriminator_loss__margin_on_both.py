"""Stops charging for the energy of real images beyond the margin."""

import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.clamp(max=margin).mean() + torch.relu(margin - fake_energy).mean()
