"""Forgets the halves."""


def discriminator_loss_ls(real_output, fake_output):
    return (real_output - 1).pow(2).mean() + fake_output.pow(2).mean()
