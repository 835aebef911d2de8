"""Takes the scores for logits: the non-saturating loss."""

import torch.nn.functional as F


def wgan_generator_loss(fake_scores):
    return F.softplus(-fake_scores).mean()
