"""Uses log sigmoid, 1 - D being the sigmoid of the negative logit."""

import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    log_d, log_not_d = F.logsigmoid(real_logits), F.logsigmoid(fake_logits.neg())
    return -(log_d.mean() + log_not_d.mean())
