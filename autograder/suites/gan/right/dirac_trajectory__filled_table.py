"""Fills a table row by row and clips with minimum and maximum."""

import torch


def dirac_trajectory(theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None):
    theta = torch.as_tensor(theta).detach()
    path = theta.new_zeros(n_steps + 1, 2)
    path[0, 0], path[0, 1] = theta, torch.as_tensor(phi)
    bound = torch.inf if clip is None else clip
    for n in range(1, n_steps + 1):
        now = path[n - 1].clone()
        if not alternating:
            field = torch.stack(tuple(dirac_vector_field(now[0], now[1], kind, gamma=gamma)))
            now = now + step_size * field
            now[1] = now[1].clip(-bound, bound)
        else:
            for _ in range(n_critic):
                _, phi_dot = dirac_vector_field(now[0], now[1], kind, gamma=gamma)
                now[1] = torch.clip(now[1] + step_size * phi_dot, -bound, bound)
            theta_dot, _ = dirac_vector_field(now[0], now[1], kind, gamma=gamma)
            now[0] = now[0] + step_size * theta_dot
        path[n] = now
    return path
