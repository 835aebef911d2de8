"""Sums over the batch."""


def vq_losses(z, z_q):
    return (z.detach() - z_q).pow(2).sum(), (z - z_q.detach()).pow(2).sum()
