"""Uses log sigmoid."""

import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.logsigmoid(fake_logits).mean().neg()
