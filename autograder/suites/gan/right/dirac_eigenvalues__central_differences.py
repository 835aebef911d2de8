"""A Jacobian by central differences of the field from the question before."""

import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("phi = 0 is a kink")
    h, columns = 1e-4, []
    for direction in torch.eye(2, dtype=torch.float64) * h:
        ahead = torch.stack(tuple(dirac_vector_field(*direction, kind, gamma=gamma)))
        behind = torch.stack(tuple(dirac_vector_field(*-direction, kind, gamma=gamma)))
        columns.append((ahead - behind) / (2 * h))
    values = torch.linalg.eigvals(torch.stack(columns, dim=1))
    return values[torch.argsort(values.imag + values.real)]
