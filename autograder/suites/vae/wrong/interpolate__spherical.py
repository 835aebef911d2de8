"""Walks along the great circle."""

import torch
import torch.nn.functional as F


def interpolate(z_1, z_2, a):
    angle = torch.acos((F.normalize(z_1, dim=0) * F.normalize(z_2, dim=0)).sum())
    a = a[:, None]
    return (torch.sin(a * angle) * z_1 + torch.sin((1 - a) * angle) * z_2) / torch.sin(angle)
