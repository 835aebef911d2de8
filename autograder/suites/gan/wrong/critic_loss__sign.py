"""Returns the estimate of the distance, which a critic that minimises would make small."""


def critic_loss(real_scores, fake_scores):
    return real_scores.mean() - fake_scores.mean()
