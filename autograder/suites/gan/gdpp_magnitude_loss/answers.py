"""Known answers: GDPP: magnitude of diversity."""

# %% spoils: diagonals
# Takes the sorted diagonals for the eigenvalues.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = kernel_real.detach().diagonal().sort().values, kernel_fake.diagonal().sort().values
    return (real - fake).abs().sum()


# %% spoils: fake_constant
# Detaches the fake kernel for the real one.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return (
        (torch.linalg.eigvalsh(kernel_real) - torch.linalg.eigvalsh(kernel_fake.detach()))
        .abs()
        .sum()
    )


# %% spoils: mean
# Averages over the eigenvalues.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).abs().mean()


# %% spoils: of_the_difference
# Takes the eigenvalues of the difference of the kernels.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return torch.linalg.eigvalsh(kernel_real.detach() - kernel_fake).abs().sum()


# %% spoils: one_norm
# Takes the Euclidean norm of all differences together.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return torch.linalg.vector_norm(real - fake)


# %% spoils: real_moves
# Lets the gradient flow into the real kernel too.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    return (torch.linalg.eigvalsh(kernel_real) - torch.linalg.eigvalsh(kernel_fake)).abs().sum()


# %% spoils: squared
# Takes squared differences.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).pow(2).sum() / 2


# %% spoils: too_much_is_free
# Charges only for eigenvalues that are too small, and doubles that.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return torch.relu(real - fake).sum()


# %% spoils: traces
# Takes the difference of the sums for the sum of the differences.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real.sum() - fake.sum()).abs()


# %% spoils: unsorted
# Takes the eigenvalues as a general solver returns them.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = (
        torch.linalg.eigvals(kernel_real.detach()).real,
        torch.linalg.eigvals(kernel_fake).real,
    )
    return (real - fake).abs().sum()


# %% spoils: capped
# Caps every difference at a hundred, against outliers.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).abs().clamp(max=100).sum()


# %% spoils: positive_fake_only
# Leaves out the eigenvalues that are zero in the fake kernel, which are the missing variety.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).abs()[fake > 1e-6].sum()


# %% spoils: positive_real_only
# Leaves out the eigenvalues that are zero in the real kernel.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).abs()[real > 1e-6].sum()


# %% corner: quotients
# Takes each eigenvalue as a quotient with its eigenvector, whose gradient is nan for equal ones.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, (_, vectors) = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigh(kernel_fake)
    fake = ((kernel_fake @ vectors) * vectors).sum(0)
    return (real - fake).abs().sum()


# %% spoils: real_switched_off
# Switches the gradients of the real kernel off at the caller's, which fails for a layer's output.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real = torch.linalg.eigvalsh(kernel_real.requires_grad_(False))
    return (real - torch.linalg.eigvalsh(kernel_fake)).abs().sum()


# %% corner: root_of_square
# Takes the root of the square for the absolute value: nan where both kernels agree.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return ((real - fake) ** 2).sqrt().sum()


# %% corner: small_ones_dropped
# Takes differences below a thousandth for rounding.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    gap = (real - fake).abs()
    return torch.where(gap < 1e-3, 0 * gap, gap).sum()


# %% corner: squeezed
# Takes away axes of length one, and with them the kernel of a batch of one.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real = torch.linalg.eigvalsh(kernel_real.detach().squeeze())
    return (real - torch.linalg.eigvalsh(kernel_fake.squeeze())).abs().sum()


# %% corner: symmetrised_in_place
# Makes the caller's kernels symmetric.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    for kernel in (kernel_real, kernel_fake):
        kernel.data.copy_((kernel.data + kernel.data.T) / 2)
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).abs().sum()


# %% spoils: ten_largest
# Compares the ten largest eigenvalues only.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    real, fake = torch.linalg.eigvalsh(kernel_real.detach()), torch.linalg.eigvalsh(kernel_fake)
    return (real - fake)[-10:].abs().sum()


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


# %% right: singular_values
# Singular values, which are the eigenvalues of such kernels.
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    target, values = torch.linalg.svdvals(kernel_real).detach(), torch.linalg.svdvals(kernel_fake)
    return torch.linalg.vector_norm(target - values, ord=1)


# %% right: numpy_target
# The target by NumPy, which needs no gradients; both kernels shifted alike.
import numpy as np
import torch


def gdpp_magnitude_loss(kernel_real, kernel_fake):
    eye = torch.eye(len(kernel_fake), dtype=kernel_fake.dtype, device=kernel_fake.device)
    target = np.linalg.eigvalsh(kernel_real.detach().cpu().numpy()) + 0.5
    values = torch.linalg.eigvalsh(kernel_fake + 0.5 * eye)
    return (values - torch.as_tensor(target).to(values)).abs().sum()
