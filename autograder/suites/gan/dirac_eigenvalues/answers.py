"""Known answers: Eigenvalues of the Dirac-GAN at its equilibrium."""

# %% corner: by_real_part
# Sorts by the real part alone, which leaves a complex pair as it comes.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[values.real.argsort(stable=True)]


# %% corner: by_size
# Sorts by absolute value.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[values.abs().argsort(stable=True)]


# %% spoils: clamped_root
# Clamps the discriminant at zero and puts the rest into the imaginary part, which loses the real
# pair.
import math

import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope, pull = (1.0 if kind == "wgan" else 0.5), (gamma if kind == "r1" else 0.0)
    root = math.sqrt(max(slope**2 - pull**2 / 4, 0.0))
    return torch.tensor([complex(-pull / 2, -root), complex(-pull / 2, root)])


# %% corner: descending
# Sorts the pair in descending order.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort(descending=True)]


# %% spoils: discriminant
# Forgets the four in the discriminant of the quadratic.
import cmath

import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope, pull = (1.0 if kind == "wgan" else 0.5), (gamma if kind == "r1" else 0.0)
    root = cmath.sqrt(pull**2 / 4 - slope**2 / 4)
    return torch.tensor([-pull / 2 - root, -pull / 2 + root])


# %% spoils: eigvalsh
# Uses the routine for symmetric matrices, which reads one triangle.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    return torch.linalg.eigvalsh(J).to(torch.complex128)


# %% spoils: gamma_both_players
# Lets the penalty damp theta too.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[-pull, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: gamma_doubled
# Takes gamma phi^2 for the R1 penalty.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = 2 * gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% corner: gamma_everywhere
# Adds the penalty to every kind.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: gamma_halved
# Keeps the half of the R1 penalty in the Jacobian.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma / 2 if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: gamma_sign
# Has the penalty push outwards.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% corner: gp_answered
# Gives eigenvalues for wgan-gp too.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    slope = 1.0 if kind.startswith("wgan") else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: hessian_sign
# Has both players move the same way, as if one loss were minimised.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: imaginary_only
# Returns the imaginary parts.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values.imag.sort().values.to(torch.complex128)


# %% corner: real_when_real
# Returns a real tensor for a real pair.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    values = values[(values.real + values.imag).argsort()]
    return values.real if (values.imag == 0).all() else values


# %% spoils: sigmoid_derivative
# Takes the derivative of the sigmoid, one quarter, for its value.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.25
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: slope_everywhere
# Halves the pull of the critic as well.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: slope_forgotten
# Forgets that the sigmoid is one half at the equilibrium.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: symmetric_part
# Takes the eigenvalues of the symmetric part.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals((J + J.T) / 2)
    return values[(values.real + values.imag).argsort()]


# %% corner: unsorted
# Returns the eigenvalues in the order of the library.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    return torch.linalg.eigvals(J)


# %% spoils: update_operator
# Returns the eigenvalues of one step of size one.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(torch.eye(2, dtype=torch.float64) + J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: conjugate_pair
# Returns the first eigenvalue and its conjugate, which are one number for a real pair.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    value = torch.linalg.eigvals(J)[0]
    value = torch.complex(value.real, value.imag.abs())
    return torch.stack([value.conj(), value]).resolve_conj()


# %% spoils: gamma_capped
# Takes no gamma beyond the critical one.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = min(gamma, 1.0) if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: by_kind_cached
# Keeps the pair of each kind, whatever gamma is.
import torch

kept = {}


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    if kind not in kept:
        values = torch.linalg.eigvals(J)
        kept[kind] = values[(values.real + values.imag).argsort()]
    return kept[kind]


# %% spoils: beside_the_equilibrium
# Takes the Jacobian at the point (1, 0) for that at the equilibrium.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    if kind in ("nonsaturating", "minimax", "r1"):
        J[1, 1] -= 0.25
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% spoils: singular_values
# Returns singular values.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    return torch.linalg.svdvals(J).sort().values.to(torch.complex128)


# %% corner: rounded
# Rounds to two decimals.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    values = values[(values.real + values.imag).argsort()]
    return torch.complex((values.real * 100).round(), (values.imag * 100).round()) / 100


# %% corner: real_pair_by_imaginary_part
# Sorts by the imaginary part alone, which leaves a real pair as it comes.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[values.imag.argsort(stable=True, descending=False)]


# %% corner: real_pair_descending
# Sorts a real pair in descending order.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.imag - values.real).argsort()]


# %% corner: nan_for_gp
# Returns nan for wgan-gp.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        return torch.full((2,), torch.nan, dtype=torch.complex128)
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% corner: gamma_required
# Knows no value of gamma of its own.
import torch


def dirac_eigenvalues(kind, gamma):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% corner: zero_gamma_refused
# Refuses r1 with a gamma of 0.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("no Jacobian")
    slope = 1.0 if kind == "wgan" else 0.5
    pull = gamma if kind == "r1" else 0.0
    J = torch.tensor([[0.0, slope], [-slope, -pull]], dtype=torch.float64)
    if kind == "r1" and not gamma:
        raise ValueError("r1 needs a gamma")
    values = torch.linalg.eigvals(J)
    return values[(values.real + values.imag).argsort()]


# %% right: jacobian_of_torch_func
# Differentiates the field of the question before by torch.func, one argument after the other.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("the field jumps at phi = 0")
    origin = torch.zeros((), dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    rows = torch.autograd.functional.jacobian(
        lambda theta, phi: tuple(dirac_vector_field(theta, phi, kind, gamma)), origin
    )
    values, _ = torch.linalg.eig(torch.stack([torch.stack(row) for row in rows]))
    return torch.stack(sorted(values, key=lambda value: (value.real + value.imag).item()))


# %% right: trace_and_determinant
# Roots of the characteristic polynomial from trace and determinant, as one complex tensor.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    slopes = dict(minimax=0.5, nonsaturating=0.5, r1=0.5, wgan=1.0)
    if kind not in slopes:
        raise ValueError(kind)
    half_trace = torch.tensor(-gamma / 2 if kind == "r1" else 0.0, dtype=torch.complex128)
    root = torch.sqrt(half_trace**2 - slopes[kind] ** 2)
    root = root if (root.real + root.imag) >= 0 else -root
    return half_trace + torch.stack([-root, root])


# %% right: central_differences
# A Jacobian by central differences of the field from the question before.
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


# %% right: float32
# The whole computation in float32, with sums of sorted keys.
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind == "wgan-gp":
        raise ValueError("the absolute value has a kink at zero")
    s = torch.tensor(1.0 if kind == "wgan" else 0.5)
    J = torch.zeros(2, 2)
    J[0, 1], J[1, 0] = s, -s
    if kind == "r1":
        J[1, 1] = -gamma
    pair = list(torch.linalg.eig(J).eigenvalues)
    pair.sort(key=lambda value: float(value.imag + value.real))
    return torch.stack(pair)


# %% right: numpy
# A Jacobian by hand, numpy's eigenvalues, Python's sort.
import numpy as np
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    jacobians = {
        "minimax": [[0, 0.5], [-0.5, 0]],
        "nonsaturating": [[0, 0.5], [-0.5, 0]],
        "wgan": [[0, 1], [-1, 0]],
        "r1": [[0, 0.5], [-0.5, -gamma]],
    }
    if kind not in jacobians:
        raise ValueError(kind)
    values = np.linalg.eigvals(np.array(jacobians[kind], dtype=float))
    return torch.tensor([complex(v) for v in sorted(values, key=lambda v: (v.imag, v.real))])


# %% right: polynomial
# Roots of the characteristic polynomial.
import numpy as np
import torch


def dirac_eigenvalues(kind, gamma=0.0):
    match kind:
        case "minimax" | "nonsaturating":
            coefficients = [1, 0, 0.25]
        case "wgan":
            coefficients = [1, 0, 1]
        case "r1":
            coefficients = [1, gamma, 0.25]
        case _:
            raise ValueError(f"no eigenvalues for {kind}")
    roots = np.roots(coefficients).astype(complex)
    roots = roots[np.lexsort((roots.real, roots.imag))]
    return torch.from_numpy(roots)


# %% right: quadratic
# The quadratic formula with complex numbers, in the default precision.
import cmath

import torch


def dirac_eigenvalues(kind, gamma=0.0):
    if kind not in ("minimax", "nonsaturating", "wgan", "r1"):
        raise ValueError(f"{kind} has no Jacobian at the equilibrium")
    trace = -gamma if kind == "r1" else 0.0
    determinant = 1.0 if kind == "wgan" else 0.25
    root = cmath.sqrt(trace * trace - 4 * determinant)
    return torch.tensor([(trace - root) / 2, (trace + root) / 2], dtype=torch.complex64)
