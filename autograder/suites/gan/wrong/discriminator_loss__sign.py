"""Is the value of the game, which the discriminator maximises, instead of its negative."""

import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean()
