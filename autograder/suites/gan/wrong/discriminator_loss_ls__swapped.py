"""Takes real for fake and fake for real."""


def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * real_output.pow(2).mean() + 0.5 * (fake_output - 1).pow(2).mean()
