"""Known answers: Codebook and commitment losses."""


# %% wrong: batch_sum
# Sums over the batch.
def vq_losses(z, z_q):
    return (z.detach() - z_q).pow(2).sum(), (z - z_q.detach()).pow(2).sum()


# %% wrong: latent_mean
# Averages over latents as well.
import torch.nn.functional as F


def vq_losses(z, z_q):
    return F.mse_loss(z_q, z.detach()), F.mse_loss(z, z_q.detach())


# %% wrong: no_stop_gradient
# Has no stop-gradient: each loss moves both sides.
def vq_losses(z, z_q):
    loss = (z - z_q).pow(2).sum(1).mean()
    return loss, loss


# %% wrong: norm
# Takes norms for squared norms.
def vq_losses(z, z_q):
    return (z.detach() - z_q).norm(dim=1).mean(), (z - z_q.detach()).norm(dim=1).mean()


# %% wrong: same_side_twice
# Stops the gradient on the same side in both.
def vq_losses(z, z_q):
    loss = (z.detach() - z_q).pow(2).sum(1).mean()
    return loss, loss


# %% wrong: swapped
# Returns the two losses in the other order.
def vq_losses(z, z_q):
    commitment = (z - z_q.detach()).pow(2).sum(1).mean()
    codebook = (z.detach() - z_q).pow(2).sum(1).mean()
    return commitment, codebook


# %% wrong: weighted
# Puts the usual weight of 0.25 on the commitment loss already.
def vq_losses(z, z_q):
    return (z.detach() - z_q).pow(2).sum(1).mean(), 0.25 * (z - z_q.detach()).pow(2).sum(1).mean()


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
