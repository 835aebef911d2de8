"""Makes its labels on the CPU, wherever the logits are."""

import torch
import torch.nn.functional as F


def generator_loss_minimax(fake_logits):
    labels = torch.zeros(fake_logits.shape, dtype=fake_logits.dtype)
    return -F.binary_cross_entropy_with_logits(fake_logits, labels)
