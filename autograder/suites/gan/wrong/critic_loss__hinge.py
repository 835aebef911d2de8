"""Uses the hinge loss of other GANs, which stops beyond a margin."""

import torch.nn.functional as F


def critic_loss(real_scores, fake_scores):
    return F.relu(1 + fake_scores).mean() + F.relu(1 - real_scores).mean()
