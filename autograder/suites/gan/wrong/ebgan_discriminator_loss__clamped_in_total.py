"""Clamps the whole loss of a pair of means."""

import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(real_energy.mean() + margin - fake_energy.mean())
