"""Squares the mean error instead of averaging squared errors."""


def generator_loss_ls(fake_output):
    return 0.5 * (fake_output.mean() - 1).pow(2)
