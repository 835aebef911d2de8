"""Takes the distance of the means, which a critic may also widen with fake data on top."""


def critic_loss(real_scores, fake_scores):
    return -(fake_scores.mean() - real_scores.mean()).abs()
