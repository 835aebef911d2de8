"""Uses log sigmoid."""

import torch.nn.functional as F


def generator_loss_minimax(fake_logits):
    return F.logsigmoid(-fake_logits).mean()
