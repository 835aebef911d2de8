"""Known answers: Nearest code of a codebook."""

# %% wrong: cosine
# Takes the code with the most similar direction.
import torch.nn.functional as F


def nearest_code(z, codebook):
    return (F.normalize(z, dim=1) @ F.normalize(codebook, dim=1).T).argmax(1)


# %% wrong: factor_forgotten
# Forgets the factor 2 of the mixed term when it expands the square.
def nearest_code(z, codebook):
    squared = z.pow(2).sum(1, keepdim=True) - z @ codebook.T + codebook.pow(2).sum(1)
    return squared.argmin(1)


# %% wrong: farthest
# Takes the farthest code.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).argmax(1)


# %% wrong: inner_product
# Takes the code with the largest inner product.
def nearest_code(z, codebook):
    return (z @ codebook.T).argmax(1)


# %% wrong: int32
# Returns 32-bit indices.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).argmin(1).int()


# %% wrong: largest_coordinate
# Measures the largest difference of coordinates.
import math

import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook, p=math.inf).argmin(1)


# %% wrong: manhattan
# Measures the distance coordinate by coordinate (L1).
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook, p=1).argmin(1)


# %% wrong: left_on_the_cpu
# Finds the codes with numpy and leaves the result on the CPU.
import torch


def nearest_code(z, codebook):
    points, codes = z.detach().cpu().numpy(), codebook.detach().cpu().numpy()
    return torch.from_numpy(((points[:, None] - codes[None]) ** 2).sum(axis=2).argmin(axis=1))


# %% right: expanded_square
# The square expanded, without the term that all codes share.
import torch


def nearest_code(z, codebook):
    half_norm = codebook.square().sum(dim=1) / 2
    return torch.argmax(z @ codebook.T - half_norm, dim=1)


# %% right: loops
# Python's min over distances, one z at a time.
import torch


def nearest_code(z, codebook):
    found = [
        min(range(len(codebook)), key=lambda k, row=row: float(((row - codebook[k]) ** 2).sum()))
        for row in z
    ]
    return torch.tensor(found, device=z.device)


# %% right: topk
# Broadcast differences, norms, and the smallest by topk.
import torch


def nearest_code(z, codebook):
    distance = torch.norm(z[:, None, :] - codebook[None, :, :], dim=2)
    return distance.topk(1, dim=1, largest=False).indices.squeeze(1)


# %% right: numpy_and_back
# Goes through numpy arrays on the CPU, and returns to the device of z.
import numpy as np
import torch


def nearest_code(z, codebook):
    points, codes = z.detach().cpu().numpy(), codebook.detach().cpu().numpy()
    squares = ((points[:, None, :] - codes[None, :, :]) ** 2).sum(axis=2)
    return torch.from_numpy(np.argmin(squares, axis=1)).to(z.device)
