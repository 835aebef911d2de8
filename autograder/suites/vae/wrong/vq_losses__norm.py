"""Takes norms for squared norms."""


def vq_losses(z, z_q):
    return (z.detach() - z_q).norm(dim=1).mean(), (z - z_q.detach()).norm(dim=1).mean()
