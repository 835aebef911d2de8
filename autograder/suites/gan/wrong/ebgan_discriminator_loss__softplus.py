"""Has a smooth hinge in place of the margin's."""

import torch.nn.functional as F


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + F.softplus(margin - fake_energy, beta=50).mean()
