"""Averages over the batch and sums over what further dimensions there are."""


def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).pow(2).sum() / len(real_output) + 0.5 * fake_output.pow(2).sum() / len(fake_output)
