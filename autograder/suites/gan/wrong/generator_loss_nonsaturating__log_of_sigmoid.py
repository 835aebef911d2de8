"""Takes the logarithm of a probability, which is infinite at large logits."""

import torch


def generator_loss_nonsaturating(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits)).mean()
