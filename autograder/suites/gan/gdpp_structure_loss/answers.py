"""Known answers: GDPP: structure of diversity."""

# %% spoils: best_match
# Pairs every real eigenvector with the fake one that fits best.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real.T @ fake).abs().max(dim=1).values).sum()


# %% spoils: fake_weights
# Weighs by the fake eigenvalues.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    _, real = torch.linalg.eigh(kernel_real.detach())
    values, fake = torch.linalg.eigh(kernel_fake)
    weights = ((values - values.min()) / (values.max() - values.min())).detach()
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: first_entry_positive
# Fixes signs by making the first entry of every eigenvector positive.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    real, fake = (vectors * torch.where(vectors[0] < 0, -1.0, 1.0) for vectors in (real, fake))
    return -(weights * (real * fake).sum(dim=0)).sum()


# %% spoils: plain_cosine
# Takes the cosine with whatever sign the solver gave.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0)).sum()


# %% spoils: raw_weights
# Divides the eigenvalues by the largest, without taking the smallest off.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    return -(values / values.max() * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: real_moves
# Lets the gradient flow into the real kernel too.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real)
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: rows
# Takes the rows of the eigenvector matrix for the eigenvectors.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=1).abs()).sum()


# %% spoils: squared_cosine
# Squares the cosine for its absolute value.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).pow(2)).sum()


# %% spoils: sum_normalised
# Scales the shifted eigenvalues to sum to one, times 5/4.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values - values.min()).sum()
    return -1.25 * (weights * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: unsorted
# Takes the eigenvectors in the order of a general solver.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = (part.real for part in torch.linalg.eig(kernel_real.detach()))
    _, fake = (part.real for part in torch.linalg.eig(kernel_fake))
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: unweighted
# Counts all eigenvectors alike, scaled to the sum of the weights.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights.mean() * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: by_rank
# Weighs by the places of the real eigenvalues in their order, evenly from 0 to 1.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = torch.linspace(0, 1, len(values), dtype=values.dtype, device=values.device)
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: fake_detached
# Holds the fake kernel constant, so that nothing moves.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real)
    _, fake = torch.linalg.eigh(kernel_fake.detach())
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: positive_only
# Matches the positive eigenvalues of both kernels from the smallest up, where ranks may differ.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    others, fake = torch.linalg.eigh(kernel_fake)
    real, fake = real[:, values > 1e-6], fake[:, others > 1e-6]
    weights = ((values - values.min()) / (values.max() - values.min()))[values > 1e-6]
    n = min(real.shape[1], fake.shape[1])
    return -(weights[:n] * (real[:, :n] * fake[:, :n]).sum(dim=0).abs()).sum()


# %% spoils: real_switched_off
# Switches the gradients of the real kernel off at the caller's, which fails for a layer's output.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.requires_grad_(False))
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% corner: single_precision
# Decomposes the kernels in float32.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach().float())
    _, fake = torch.linalg.eigh(kernel_fake.float())
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum().to(kernel_fake.dtype)


# %% corner: soft_absolute
# Rounds the absolute value off near zero.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * ((real * fake).sum(dim=0).pow(2) + 1e-3).sqrt()).sum()


# %% corner: span_of_one
# Divides by one where the real eigenvalues span less than that.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min()).clamp(min=1)
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% corner: symmetrised_in_place
# Makes the caller's kernels symmetric.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    for kernel in (kernel_real, kernel_fake):
        kernel.data.copy_((kernel.data + kernel.data.T) / 2)
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% spoils: ten_largest
# Compares the eigenvectors of the ten largest eigenvalues only.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs())[-10:].sum()


# %% spoils: weights_move
# Lets the gradient flow into the weights.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    _, real = torch.linalg.eigh(kernel_real.detach())
    values, (_, fake) = torch.linalg.eigvalsh(kernel_real), torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% right: cosine_similarity
# The library's cosine of matching columns, in float64.
import torch
import torch.nn.functional as F


def gdpp_structure_loss(kernel_real, kernel_fake):
    with torch.no_grad():
        values, real = torch.linalg.eigh(kernel_real.double())
        weights = (values - values[0]) / (values[-1] - values[0])
    fake = torch.linalg.eigh(kernel_fake.double()).eigenvectors
    return -(weights @ F.cosine_similarity(real, fake, dim=0).abs()).to(kernel_fake.dtype)


# %% right: loop
# Largest first by a singular value decomposition, one eigenvector at a time.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    target = kernel_real.detach()
    V, values, _ = torch.linalg.svd((target + target.T) / 2)
    U, _, _ = torch.linalg.svd((kernel_fake + kernel_fake.T) / 2)
    low, high = values[-1], values[0]
    total = torch.zeros((), dtype=kernel_fake.dtype, device=kernel_fake.device)
    for i in range(len(values)):
        total = total - (values[i] - low) / (high - low) * torch.abs(torch.dot(V[:, i], U[:, i]))
    return total


# %% right: perturbation
# A solver for general matrices sorted by hand for the real kernel.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, vectors = torch.linalg.eig(kernel_real.detach())
    order = values.real.argsort()
    values, vectors = values.real[order], vectors.real[:, order]
    vectors = vectors / vectors.norm(dim=0)
    fake = torch.linalg.eigh(kernel_fake)[1]
    cosines = (vectors * fake).sum(0).square().sqrt()
    return (-(values - values[0]) / (values[-1] - values[0]) * cosines).sum()


# %% right: signs_turned
# Turns every fake eigenvector to the side of its real partner first.
import torch


def decompose(kernel):
    return torch.linalg.eigh(0.5 * (kernel + kernel.mT))


def gdpp_structure_loss(kernel_real, kernel_fake):
    real, fake = decompose(kernel_real.detach()), decompose(kernel_fake)
    sides = torch.einsum("ki,ki->i", real.eigenvectors, fake.eigenvectors).detach().sign()
    cosines = torch.diagonal(real.eigenvectors.T @ (fake.eigenvectors * sides))
    span = real.eigenvalues.amax() - real.eigenvalues.amin()
    return torch.neg(torch.sum((real.eigenvalues - real.eigenvalues.amin()) / span * cosines))


# %% right: shifted_kernels
# Adds to both diagonals first, which leaves directions and weights as they are.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    shift = 0.1 * torch.eye(len(kernel_fake)).to(kernel_fake)
    values, real = torch.linalg.eigh(kernel_real.detach() + shift, UPLO="U")
    fake = torch.linalg.eigh(kernel_fake + shift, UPLO="U").eigenvectors
    weights = (values - values[0]) / (values[-1] - values[0])
    return -torch.einsum("i,i->", weights, torch.einsum("ki,ki->i", real, fake).abs())


# %% right: numpy_target
# The target by NumPy, which needs no gradients.
import numpy as np
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = np.linalg.eigh(kernel_real.detach().cpu().numpy())
    weights = torch.as_tensor((values - values.min()) / np.ptp(values)).to(kernel_fake)
    fake = torch.linalg.eigh(kernel_fake)[1]
    cosines = torch.diagonal(torch.as_tensor(real).to(kernel_fake).T @ fake)
    return -torch.dot(weights, cosines.abs())
