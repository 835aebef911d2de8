"""Squares the mean errors instead of averaging squared errors."""


def discriminator_loss_ls(real_output, fake_output):
    return 0.5 * (real_output.mean() - 1).pow(2) + 0.5 * fake_output.mean().pow(2)
