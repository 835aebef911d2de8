"""Is the negative of the discriminator's loss on fakes, as in a zero-sum game."""


def generator_loss_ls(fake_output):
    return -0.5 * fake_output.pow(2).mean() + 0.5
