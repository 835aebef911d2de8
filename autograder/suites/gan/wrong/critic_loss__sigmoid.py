"""Squashes the scores like those of a discriminator."""


def critic_loss(real_scores, fake_scores):
    return fake_scores.sigmoid().mean() - real_scores.sigmoid().mean()
