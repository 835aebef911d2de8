"""Adds up the second term over the batch and divides by the size of the real batch."""

import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(margin - fake_energy).sum() / len(real_energy)
