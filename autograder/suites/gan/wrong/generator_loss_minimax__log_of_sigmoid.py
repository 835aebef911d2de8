"""Takes the logarithm of a probability, which is infinite at large logits."""

import torch


def generator_loss_minimax(fake_logits):
    return torch.log(1 - torch.sigmoid(fake_logits)).mean()
