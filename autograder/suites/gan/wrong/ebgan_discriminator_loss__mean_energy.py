"""Compares the mean energy with the margin."""

import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(margin - fake_energy.mean())
