"""Has the sign turned, so that the generator would make its images worse."""

import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return -F.softplus(-fake_logits).mean()
