"""Puts a sigmoid on the outputs first."""


def generator_loss_ls(fake_output):
    return 0.5 * (fake_output.sigmoid() - 1).pow(2).mean()
