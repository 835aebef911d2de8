"""Is the saturating loss under this name."""

import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return -F.softplus(fake_logits).mean()
