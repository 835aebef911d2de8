"""Takes absolute errors."""


def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output - 1).abs().mean() + 0.5 * fake_output.abs().mean()
