"""Sums over the batch."""


def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).sum() + 0.5 * fake_output.pow(2).sum()
