"""Puts a sigmoid on the outputs first."""


def discriminator_loss_ls(real_output, fake_output):
    real, fake = real_output.sigmoid(), fake_output.sigmoid()
    return 0.5 * (real - 1).pow(2).mean() + 0.5 * fake.pow(2).mean()
