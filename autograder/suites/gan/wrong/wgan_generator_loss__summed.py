"""Sums over the batch."""


def wgan_generator_loss(fake_scores):
    return -fake_scores.sum()
