"""Is the hinge of each real image's energy against a generated one's."""

import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(real_energy.mean() + margin - fake_energy).mean()
