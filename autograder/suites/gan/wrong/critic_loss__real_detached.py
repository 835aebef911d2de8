"""Sends no gradient to the scores of real data."""


def critic_loss(real_scores, fake_scores):
    return fake_scores.mean() - real_scores.detach().mean()
