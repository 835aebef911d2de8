"""Oracle: the importance-weighted bound."""

from __future__ import annotations

import math
from functools import reduce

import torch
from torch import Tensor


def iwae_bound(log_w: Tensor) -> Tensor:
    """Batch mean of log (1/K) sum_k w_k, adding one sample at a time in log space. log_w: (K, B).
    Scalar, nats.
    """
    log_sum = reduce(torch.logaddexp, log_w.double())
    return (log_sum - math.log(len(log_w))).mean().to(log_w.dtype)
