"""Known answers: GDPP: structure of diversity."""

# %% wrong: best_match
# Pairs every real eigenvector with the fake one that fits best.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real.T @ fake).abs().max(dim=1).values).sum()


# %% wrong: fake_weights
# Weighs by the fake eigenvalues.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    _, real = torch.linalg.eigh(kernel_real.detach())
    values, fake = torch.linalg.eigh(kernel_fake)
    weights = ((values - values.min()) / (values.max() - values.min())).detach()
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% wrong: first_entry_positive
# Fixes signs by making the first entry of every eigenvector positive.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    real, fake = (vectors * torch.where(vectors[0] < 0, -1.0, 1.0) for vectors in (real, fake))
    return -(weights * (real * fake).sum(dim=0)).sum()


# %% wrong: plain_cosine
# Takes the cosine with whatever sign the solver gave.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0)).sum()


# %% wrong: raw_weights
# Divides the eigenvalues by the largest, without taking the smallest off.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    return -(values / values.max() * (real * fake).sum(dim=0).abs()).sum()


# %% wrong: real_moves
# Lets the gradient flow into the real kernel too.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real)
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% wrong: rows
# Takes the rows of the eigenvector matrix for the eigenvectors.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=1).abs()).sum()


# %% wrong: squared_cosine
# Squares the cosine for its absolute value.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).pow(2)).sum()


# %% wrong: sum_normalised
# Scales the shifted eigenvalues to sum to one, times 5/4.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values - values.min()).sum()
    return -1.25 * (weights * (real * fake).sum(dim=0).abs()).sum()


# %% wrong: unsorted
# Takes the eigenvectors in the order of a general solver.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = (part.real for part in torch.linalg.eig(kernel_real.detach()))
    _, fake = (part.real for part in torch.linalg.eig(kernel_fake))
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights * (real * fake).sum(dim=0).abs()).sum()


# %% wrong: unweighted
# Counts all eigenvectors alike, scaled to the sum of the weights.
import torch


def gdpp_structure_loss(kernel_real, kernel_fake):
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    return -(weights.mean() * (real * fake).sum(dim=0).abs()).sum()


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
