"""Divides both sums by the size of the real batch."""


def critic_loss(real_scores, fake_scores):
    return (fake_scores.sum() - real_scores.sum()) / len(real_scores)
