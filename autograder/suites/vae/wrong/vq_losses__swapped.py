"""Returns the two losses in the other order."""


def vq_losses(z, z_q):
    commitment = (z - z_q.detach()).pow(2).sum(1).mean()
    codebook = (z.detach() - z_q).pow(2).sum(1).mean()
    return commitment, codebook
