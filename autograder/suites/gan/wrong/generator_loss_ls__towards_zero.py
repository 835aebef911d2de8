"""Wants outputs of 0, which is what the discriminator wants."""


def generator_loss_ls(fake_output):
    return 0.5 * fake_output.pow(2).mean()
