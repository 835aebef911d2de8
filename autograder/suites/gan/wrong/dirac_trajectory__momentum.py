"""Adds momentum to both players."""

import torch


def dirac_trajectory(theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    speed_theta, speed_phi = 0.0, 0.0
    for _ in range(n_steps):
        old = phi
        for _ in range(n_critic if alternating else 1):
            speed_phi = 0.1 * speed_phi + dirac_vector_field(theta, phi, kind, gamma)[1]
            phi = phi + step_size * speed_phi
            phi = phi if clip is None else phi.clamp(-clip, clip)
        speed_theta = 0.1 * speed_theta + dirac_vector_field(theta, phi if alternating else old, kind, gamma)[0]
        theta = theta + step_size * speed_theta
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)
