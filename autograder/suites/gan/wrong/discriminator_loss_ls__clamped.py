"""Cuts outputs to [0, 1] first."""


def discriminator_loss_ls(real_output, fake_output):
    real, fake = real_output.clamp(0, 1), fake_output.clamp(0, 1)
    return 0.5 * (real - 1).pow(2).mean() + 0.5 * fake.pow(2).mean()
