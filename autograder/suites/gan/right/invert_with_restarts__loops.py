"""Keeps a running best, image by image."""

import math

import torch


def invert_with_restarts(generator, x, z_inits, search):
    codes, errors = [None] * len(x), [math.inf] * len(x)
    was_training = generator.training
    for r in range(len(z_inits)):
        ends = search(z_inits[r])
        generator.eval()
        for i in range(len(x)):
            error = ((generator(ends[i : i + 1]) - x[i : i + 1]) ** 2).sum().item()
            if error < errors[i]:
                codes[i], errors[i] = ends[i], error
        generator.train(was_training)
    return torch.stack(codes).detach(), torch.tensor(errors, dtype=x.dtype, device=x.device)
