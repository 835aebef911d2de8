"""One logaddexp after another, image by image."""

import math

import torch


def iwae_bound(log_w):
    K, B = log_w.shape
    total = 0.0
    for i in range(B):
        running = log_w[0, i]
        for k in range(1, K):
            running = torch.logaddexp(running, log_w[k, i])
        total = total + running - math.log(K)
    return total / B
