"""Uses the library's mean squared error."""

import torch
import torch.nn.functional as F


def generator_loss_ls(fake_output):
    return 0.5 * F.mse_loss(fake_output, torch.ones_like(fake_output))
