"""Moves phi once in each round."""

import torch


def dirac_trajectory(theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(1):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)
