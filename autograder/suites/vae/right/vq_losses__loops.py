"""A helper and a loop over the batch."""


def distance(moving, fixed):
    fixed = fixed.clone().detach()
    return sum(((a - b) ** 2).sum() for a, b in zip(moving, fixed, strict=True)) / len(moving)


def vq_losses(z, z_q):
    return distance(z_q, z), distance(z, z_q)
