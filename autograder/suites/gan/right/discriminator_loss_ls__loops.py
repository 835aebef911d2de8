"""Adds up the elements one by one."""


def discriminator_loss_ls(real_output, fake_output):
    real = [(1 - item) ** 2 for item in real_output.reshape(-1)]
    fake = [item * item for item in fake_output.reshape(-1)]
    return (sum(real) / len(real) + sum(fake) / len(fake)) / 2
