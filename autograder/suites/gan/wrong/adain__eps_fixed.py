"""Ignores the eps that is asked for."""

import torch.nn.functional as F


def adain(x, scale, bias, eps=1e-5):
    return scale[:, :, None, None] * F.instance_norm(x) + bias[:, :, None, None]
