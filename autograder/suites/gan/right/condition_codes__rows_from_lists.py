"""Writes the rows of the labels as lists of numbers and moves them to the codes."""

import torch


def condition_codes(z, labels, n_classes):
    if labels.dtype == torch.int64:
        labels = torch.tensor([[float(k == label) for k in range(n_classes)] for label in labels.tolist()])
    return torch.cat([z, labels.to(z.device, z.dtype)], dim=1)
