"""Forgets the minus."""


def wgan_generator_loss(fake_scores):
    return fake_scores.mean()
