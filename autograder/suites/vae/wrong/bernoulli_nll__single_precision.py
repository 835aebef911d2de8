"""Works in float32 whatever it is given."""

import torch.nn.functional as F


def bernoulli_nll(x, logits):
    nll = F.binary_cross_entropy_with_logits(logits.float(), x.float(), reduction="sum") / x.shape[0]
    return nll.to(logits.dtype)
