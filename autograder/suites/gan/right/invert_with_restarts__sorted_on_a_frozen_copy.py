"""Sorts the runs of each image by their errors, on a frozen copy of the generator."""

import copy

import torch


def invert_with_restarts(generator, x, z_inits, search):
    frozen = copy.deepcopy(generator).eval().requires_grad_(False)
    ends = [search(z_init).detach() for z_init in z_inits]
    errors = [(frozen(z) - x).square().flatten(1).sum(1) for z in ends]
    z, error = [], []
    for i in range(len(x)):
        ranked = sorted(range(len(ends)), key=lambda r: errors[r][i].item())
        z.append(ends[ranked[0]][i])
        error.append(errors[ranked[0]][i])
    return torch.stack(z), torch.stack(error)
