"""Takes the logit for that of a black pixel."""

import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(-logits, x, reduction="sum") / x.shape[0]
