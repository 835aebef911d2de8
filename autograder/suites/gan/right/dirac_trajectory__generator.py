"""A Python generator yields the points; islice takes as many as are wanted."""

from itertools import islice

import torch


def rounds(point, step, alternating, n_critic, cut):
    while True:
        yield point
        theta, phi = point
        if alternating:
            for _ in range(n_critic):
                phi = cut(step(theta, phi)[1])
            theta = step(theta, phi)[0]
        else:
            theta, phi = step(theta, phi)
            phi = cut(phi)
        point = torch.stack([theta, phi])


def dirac_trajectory(theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None):
    def step(theta, phi):
        t, p = dirac_vector_field(theta=theta, phi=phi, kind=kind, gamma=gamma)
        return torch.add(theta, t, alpha=step_size), torch.add(phi, p, alpha=step_size)

    def cut(phi):
        return phi if clip is None else torch.clamp(phi, min=-clip, max=clip)

    start = torch.stack([torch.as_tensor(theta), torch.as_tensor(phi)])
    return torch.stack(list(islice(rounds(start, step, alternating, n_critic, cut), n_steps + 1)))
