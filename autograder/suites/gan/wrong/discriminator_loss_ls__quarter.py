"""Averages the two terms, halves and all."""


def discriminator_loss_ls(real_output, fake_output):
    return 0.25 * ((real_output - 1).pow(2).mean() + fake_output.pow(2).mean())
