"""Known answers: GDPP: magnitude of diversity."""

# %% wrong: diagonals
# Takes the sorted diagonals for the eigenvalues.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = kernel_real.detach().diagonal().sort().values, kernel_fake.diagonal().sort().values
    return (real - fake).abs().sum()


# %% wrong: fake_constant
# Detaches the fake kernel for the real one.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return (
        (torch.linalg.eigvalsh(kernel_real) - torch.linalg.eigvalsh(kernel_fake.detach()))
        .abs()
        .sum()
    )


# %% wrong: mean
# Averages over the eigenvalues.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).abs().mean()


# %% wrong: of_the_difference
# Takes the eigenvalues of the difference of the kernels.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return torch.linalg.eigvalsh(kernel_real.detach() - kernel_fake).abs().sum()


# %% wrong: one_norm
# Takes the Euclidean norm of all differences together.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return torch.linalg.vector_norm(real - fake)


# %% wrong: real_moves
# Lets the gradient flow into the real kernel too.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return (torch.linalg.eigvalsh(kernel_real) - torch.linalg.eigvalsh(kernel_fake)).abs().sum()


# %% wrong: squared
# Takes squared differences.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).pow(2).sum() / 2


# %% wrong: too_much_is_free
# Charges only for eigenvalues that are too small, and doubles that.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return torch.relu(real - fake).sum()


# %% wrong: traces
# Takes the difference of the sums for the sum of the differences.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real.sum() - fake.sum()).abs()


# %% wrong: unsorted
# Takes the eigenvalues as a general solver returns them.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = (
        torch.linalg.eigvals(kernel_real.detach()).real,
        torch.linalg.eigvals(kernel_fake).real,
    )
    return (real - fake).abs().sum()


# %% right: general_solver
# A solver for general matrices, real parts sorted.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    with torch.no_grad():
        real = torch.sort(torch.linalg.eigvals(kernel_real).real)[0]
    fake = torch.sort(torch.linalg.eigvals(kernel_fake).real)[0]
    return torch.abs(real - fake).sum()


# %% right: l1_loss
# The library's L1 loss, symmetrised kernels, largest first.
import torch
import torch.nn.functional as F


def spectrum(kernel):
    values, _ = torch.linalg.eigh((kernel + kernel.transpose(0, 1)) / 2)
    return values.flip(0)


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return F.l1_loss(spectrum(kernel_fake), spectrum(kernel_real).detach(), reduction="sum")


# %% right: vectors
# Each eigenvalue as v^T K v with its eigenvector held fixed.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    target = torch.linalg.eigvalsh(kernel_real).detach()
    with torch.no_grad():
        _, vectors = torch.linalg.eigh(kernel_fake)
    loss = 0
    for i in range(len(target)):
        v = vectors[:, i]
        loss = loss + (target[i] - v @ kernel_fake @ v).abs()
    return loss
