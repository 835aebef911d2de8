"""Averages over both batches together, so that the larger one weighs more."""

import torch


def discriminator_loss_ls(real_output, fake_output):
    errors = torch.cat([(real_output - 1).flatten(), fake_output.flatten()])
    return errors.pow(2).mean()
