"""Averages the second term over the images within the margin only."""


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    within = fake_energy < margin
    short = ((margin - fake_energy) * within).sum() / within.sum().clamp(min=1)
    return real_energy.mean() + short
