"""Takes the absolute value of the mean."""


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean().abs()
