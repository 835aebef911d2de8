"""Known answers: Nearest code of a codebook."""

# %% spoils: cosine
# Takes the code with the most similar direction.
import torch.nn.functional as F


def nearest_code(z, codebook):
    return (F.normalize(z, dim=1) @ F.normalize(codebook, dim=1).T).argmax(1)


# %% spoils: factor_forgotten
# Forgets the factor 2 of the mixed term when it expands the square.
def nearest_code(z, codebook):
    squared = z.pow(2).sum(1, keepdim=True) - z @ codebook.T + codebook.pow(2).sum(1)
    return squared.argmin(1)


# %% spoils: farthest
# Takes the farthest code.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).argmax(1)


# %% spoils: inner_product
# Takes the code with the largest inner product.
def nearest_code(z, codebook):
    return (z @ codebook.T).argmax(1)


# %% corner: int32
# Returns 32-bit indices.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).argmin(1).int()


# %% spoils: largest_coordinate
# Measures the largest difference of coordinates.
import math

import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook, p=math.inf).argmin(1)


# %% spoils: manhattan
# Measures the distance coordinate by coordinate (L1).
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook, p=1).argmin(1)


# %% corner: left_on_the_cpu
# Finds the codes with numpy and leaves the result on the CPU.
import torch


def nearest_code(z, codebook):
    points, codes = z.detach().cpu().numpy(), codebook.detach().cpu().numpy()
    return torch.from_numpy(((points[:, None] - codes[None]) ** 2).sum(axis=2).argmin(axis=1))


# %% spoils: numpy_of_a_leaf
# Goes through numpy without detaching, which works only until training begins.
import torch


def nearest_code(z, codebook):
    squares = ((z.cpu().numpy()[:, None] - codebook.cpu().numpy()[None]) ** 2).sum(axis=2)
    return torch.from_numpy(squares.argmin(axis=1)).to(z.device)


# %% spoils: cubic
# Measures the distance by third powers.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook, p=3).argmin(1)


# %% spoils: centred
# Centres codes and codebook, each about its own mean.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z - z.mean(0), codebook - codebook.mean(0)).argmin(1)


# %% spoils: own_length_only
# Expands the square without the length of the code.
def nearest_code(z, codebook):
    return (z.pow(2).sum(1, keepdim=True) - 2 * z @ codebook.T).argmin(1)


# %% spoils: soft
# Rounds a soft assignment.
import torch


def nearest_code(z, codebook):
    weights = torch.softmax(-torch.cdist(z, codebook).pow(2), dim=1)
    numbers = torch.arange(len(codebook), dtype=z.dtype, device=z.device)
    return (weights @ numbers).round().long()


# %% spoils: first_coordinates
# Compares by the first two coordinates, as in the picture.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z[:, :2], codebook[:, :2]).argmin(1)


# %% corner: squeezed
# Takes away the axis of a batch of one.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).argmin(1).squeeze()


# %% corner: squeezed_distances
# Takes away the axis of a codebook of one.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).squeeze().argmin(-1)


# %% corner: bytes
# Stores indices in 8 bits on the way.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z, codebook).argmin(1).to(torch.uint8).long()


# %% corner: half_precision
# Computes distances in half precision.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z.half().float(), codebook.half().float()).half().argmin(1)


# %% corner: single_precision
# Computes distances in float32, whatever comes in.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z.float(), codebook.float()).argmin(1)


# %% corner: sentinel
# Starts its search at a distance that it takes for large.
import torch


def nearest_code(z, codebook):
    best = torch.full(z.shape[:1], 1000.0, dtype=z.dtype, device=z.device)
    index = torch.zeros(z.shape[:1], dtype=torch.int64, device=z.device)
    for k, code in enumerate(codebook.detach()):
        distance = (z.detach() - code).norm(dim=1)
        index = torch.where(distance < best, torch.full_like(index, k), index)
        best = torch.minimum(best, distance)
    return index


# %% corner: clamped
# Clamps the codes to a range of its own.
import torch


def nearest_code(z, codebook):
    return torch.cdist(z.clamp(-10, 10), codebook).argmin(1)


# %% corner: shifted_in_place
# Centres its arguments in place before it measures.
import torch


def nearest_code(z, codebook):
    middle = codebook.detach().mean(0)
    z.data.sub_(middle)
    codebook.data.sub_(middle)
    return torch.cdist(z, codebook).argmin(1)


# %% corner: viewed
# Flattens by view, which fails where memory is not contiguous.
import torch


def nearest_code(z, codebook):
    rows = z.view(-1).reshape(len(z), 1, -1)
    return (rows - codebook.view(-1).reshape(1, len(codebook), -1)).pow(2).sum(2).argmin(1)


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


# %% right: library_min
# Takes the index from the library's min, over squared distances by einsum.
import torch


def nearest_code(z, codebook):
    difference = z.unsqueeze(1) - codebook.unsqueeze(0)
    return torch.einsum("bkd,bkd->bk", difference, difference).min(dim=-1).indices


# %% right: last_of_equals
# Goes through the codes from the last to the first, in chunks of the batch.
import torch


@torch.no_grad()
def nearest_code(z, codebook):
    found = []
    for chunk in z.split(16):
        distance = (chunk[:, None] - codebook.flip(0)).norm(dim=2)
        found.append(len(codebook) - 1 - distance.argmin(1))
    return torch.cat(found)


# %% right: sorted_lists
# Sorts lists of distances.
import math

import torch


def nearest_code(z, codebook):
    codes = codebook.tolist()
    order = [sorted(range(len(codes)), key=lambda k: math.dist(p, codes[k])) for p in z.tolist()]
    return torch.tensor([row[0] for row in order], device=z.device)
