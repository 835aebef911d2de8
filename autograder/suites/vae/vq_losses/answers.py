"""Known answers: Codebook and commitment losses."""


# %% spoils: batch_sum
# Sums over the batch.
def vq_losses(z, z_q):
    return (z.detach() - z_q).pow(2).sum(), (z - z_q.detach()).pow(2).sum()


# %% spoils: latent_mean
# Averages over latents as well.
import torch.nn.functional as F


def vq_losses(z, z_q):
    return F.mse_loss(z_q, z.detach()), F.mse_loss(z, z_q.detach())


# %% spoils: no_stop_gradient
# Has no stop-gradient: each loss moves both sides.
def vq_losses(z, z_q):
    loss = (z - z_q).pow(2).sum(1).mean()
    return loss, loss


# %% spoils: norm
# Takes norms for squared norms.
def vq_losses(z, z_q):
    return (z.detach() - z_q).norm(dim=1).mean(), (z - z_q.detach()).norm(dim=1).mean()


# %% spoils: same_side_twice
# Stops the gradient on the same side in both.
def vq_losses(z, z_q):
    loss = (z.detach() - z_q).pow(2).sum(1).mean()
    return loss, loss


# %% spoils: swapped
# Returns the two losses in the other order.
def vq_losses(z, z_q):
    commitment = (z - z_q.detach()).pow(2).sum(1).mean()
    codebook = (z.detach() - z_q).pow(2).sum(1).mean()
    return commitment, codebook


# %% spoils: weighted
# Puts the usual weight of 0.25 on the commitment loss already.
def vq_losses(z, z_q):
    return (z.detach() - z_q).pow(2).sum(1).mean(), 0.25 * (z - z_q.detach()).pow(2).sum(1).mean()


# %% spoils: bare_root
# Squares a root, whose gradient is nan where a code meets its vector exactly.
def vq_losses(z, z_q):
    def squared(a, b):
        return (a - b).pow(2).sum(dim=1).sqrt().pow(2).mean()

    return squared(z.detach(), z_q), squared(z, z_q.detach())


# %% spoils: both_move
# Stops the gradient in the codebook loss only.
def vq_losses(z, z_q):
    return (z.detach() - z_q).pow(2).sum(1).mean(), (z - z_q).pow(2).sum(1).mean()


# %% spoils: marked_as_constant
# Stops a gradient by marking the caller's own tensor.
def vq_losses(z, z_q):
    commitment = (z - z_q.detach()).pow(2).sum(1).mean()
    z.requires_grad_(False)
    return (z - z_q).pow(2).sum(1).mean(), commitment


# %% spoils: huber
# Is linear where a latent is off by more than one.
import torch.nn.functional as F


def vq_losses(z, z_q):
    def distance(a, b):
        return 2 * F.huber_loss(a, b, reduction="sum", delta=1.0) / len(a)

    return distance(z_q, z.detach()), distance(z, z_q.detach())


# %% spoils: data_difference
# Takes the values without gradients, as when losses are only printed.
def vq_losses(z, z_q):
    with torch.no_grad():
        loss = (z - z_q).pow(2).sum(1).mean()
    return loss, loss.clone()


# %% spoils: total
# Adds the two losses up.
def vq_losses(z, z_q):
    return (z.detach() - z_q).pow(2).sum(1).mean() + (z - z_q.detach()).pow(2).sum(1).mean()


# %% spoils: half_of_the_square
# Puts a half in front of both.
def vq_losses(z, z_q):
    return 0.5 * (z.detach() - z_q).pow(2).sum(1).mean(), 0.5 * (z - z_q.detach()).pow(2).sum(
        1
    ).mean()


# %% spoils: stacked_difference
# Shares one difference and detaches the wrong thing: the difference itself.
def vq_losses(z, z_q):
    difference = (z - z_q).detach()
    return ((difference * (z.detach() - z_q)).sum(1)).mean(), (difference * z).sum(1).mean()


# %% corner: squeezed
# Takes a batch of one, or codes of one number, for a vector.
def vq_losses(z, z_q):
    z, z_q = z.squeeze(), z_q.squeeze()
    return (z.detach() - z_q).pow(2).sum(1).mean(), (z - z_q.detach()).pow(2).sum(1).mean()


# %% corner: epsilon
# Takes distances below a threshold for zero.
def vq_losses(z, z_q):
    def squared(a, b):
        loss = (a - b).pow(2).sum(1).mean()
        return torch.where(loss > 1e-6, loss, 0 * loss)

    return squared(z.detach(), z_q), squared(z, z_q.detach())


# %% corner: in_single_precision
# Computes in float32 and converts back.
def vq_losses(z, z_q):
    a, b = z.float(), z_q.float()
    return (
        (a.detach() - b).pow(2).sum(1).mean().to(z.dtype),
        (a - b.detach()).pow(2).sum(1).mean().to(z.dtype),
    )


# %% corner: own_cpu_tensor
# Starts its sum with a tensor of its own on the CPU.
def vq_losses(z, z_q):
    def distance(moving, fixed):
        total = torch.zeros(1, dtype=z.dtype)
        for a, b in zip(moving, fixed.detach(), strict=True):
            total = total + (a - b).pow(2).sum()
        return total[0] / len(moving)

    return distance(z_q, z), distance(z, z_q)


# %% corner: flattened
# Flattens by view, which fails where memory is not contiguous.
def vq_losses(z, z_q):
    a, b = z.view(-1), z_q.view(-1)
    return (
        (a.detach() - b).pow(2).sum() / len(z),
        (a - b.detach()).pow(2).sum() / len(z),
    )


# %% right: loops
# A helper and a loop over the batch.
def distance(moving, fixed):
    fixed = fixed.clone().detach()
    return sum(((a - b) ** 2).sum() for a, b in zip(moving, fixed, strict=True)) / len(moving)


def vq_losses(z, z_q):
    return distance(z_q, z), distance(z, z_q)


# %% right: mse
# mse_loss, scaled back to a sum over latents.
import torch.nn.functional as F


def vq_losses(z, z_q):
    D = z.shape[1]
    return D * F.mse_loss(z_q, z.detach()), D * F.mse_loss(z, z_q.detach())


# %% right: named
# Returns a named tuple; squares the library's norm, whose gradient at zero is zero.
from typing import NamedTuple


class Losses(NamedTuple):
    codebook: torch.Tensor
    commitment: torch.Tensor


def vq_losses(z, z_q):
    def squared(a, b):
        return torch.linalg.vector_norm(a - b, dim=-1).square().mean()

    return Losses(squared(z.detach(), z_q), squared(z, z_q.detach()))


# %% right: einsum_in_a_list
# Takes the inner products by einsum, under no_grad for the side that stands still.
def vq_losses(z, z_q):
    with torch.no_grad():
        still_z, still_q = z.clone(), z_q.clone()
    differences = still_z - z_q, z - still_q
    return [torch.einsum("bd,bd->", d, d) / d.shape[0] for d in differences]


# %% right: wide
# Computes in float64, whatever comes in.
def vq_losses(z, z_q):
    a, b = z.double(), z_q.double()
    codebook = torch.var(torch.stack([a.detach(), b]), dim=0, correction=0).sum(1).mean() * 4
    commitment = ((a - b.detach()) ** 2).mean(0).sum()
    return codebook.to(z.dtype), commitment.to(z.dtype)
