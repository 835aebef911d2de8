"""An instance with a __call__ method instead of a function."""

import torch.nn.functional as F
from torch import nn


class ReconstructionLoss(nn.Module):
    def forward(self, x, x_hat):
        return F.mse_loss(x_hat, x, reduction="sum") / x.size(0)


reconstruction_loss = ReconstructionLoss()
