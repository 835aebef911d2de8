"""Two log-sigmoids."""

import torch.nn.functional as F


def bernoulli_nll(x, logits):
    log_p, log_not_p = F.logsigmoid(logits), F.logsigmoid(-logits)
    return -(x * log_p + (1 - x) * log_not_p).sum() / x.shape[0]
