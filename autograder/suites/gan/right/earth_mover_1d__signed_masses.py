"""Gives each x the mass 1/N and each y the mass -1/M, and sums up what is carried over each gap."""

import torch


def earth_mover_1d(x, y):
    everything = torch.cat((x, y), dim=0)
    masses = torch.cat((torch.full_like(x, 1 / x.shape[0]), torch.full_like(y, -1 / y.shape[0])))
    order = torch.argsort(everything)
    carried = torch.cumsum(masses.detach()[order], dim=0)[:-1]
    here = everything[order]
    return torch.sum(torch.abs(carried) * (here[1:] - here[:-1]))
