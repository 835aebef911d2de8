"""Known answers: The margin loss of the energy-based GAN."""

# %% wrong: clamped_in_total
# Clamps the whole loss of a pair of means.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(real_energy.mean() + margin - fake_energy.mean())


# %% wrong: fake_detached
# Holds the energy of generated images constant.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(margin - fake_energy.detach()).mean()


# %% wrong: halved
# Averages the two terms.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return (real_energy.mean() + torch.relu(margin - fake_energy).mean()) / 2


# %% wrong: margin_on_both
# Stops charging for the energy of real images beyond the margin.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.clamp(max=margin).mean() + torch.relu(margin - fake_energy).mean()


# %% wrong: margin_on_real
# Has the margin on the real images.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(margin - real_energy).mean() + fake_energy.mean()


# %% wrong: mean_energy
# Compares the mean energy with the margin.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(margin - fake_energy.mean())


# %% wrong: no_clamp
# Leaves out the clamp, so that ever higher energies keep paying.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + margin - fake_energy.mean()


# %% wrong: only_within
# Averages the second term over the images within the margin only.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    within = fake_energy < margin
    short = ((margin - fake_energy) * within).sum() / within.sum().clamp(min=1)
    return real_energy.mean() + short


# %% wrong: pairwise
# Is the hinge of each real image's energy against a generated one's.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(real_energy.mean() + margin - fake_energy).mean()


# %% wrong: sign
# Charges for generated images beyond the margin instead of within.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(fake_energy - margin).mean()


# %% wrong: softplus
# Has a smooth hinge in place of the margin's.
import torch.nn.functional as F


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + F.softplus(margin - fake_energy, beta=50).mean()


# %% wrong: summed
# Adds up the second term over the batch and divides by the size of the real batch.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(margin - fake_energy).sum() / len(real_energy)


# %% right: clamp
# A clamp from below.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + (margin - fake_energy).clamp(min=0).mean()


# %% right: loop
# Python's own max, image by image.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    low = sum(real_energy) / len(real_energy)
    high = sum(max(margin - energy, 0 * energy) for energy in fake_energy) / len(fake_energy)
    return low + high


# %% right: where
# A mask and torch.where, the margin less the clipped energy.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    capped = torch.where(fake_energy < margin, fake_energy, torch.full_like(fake_energy, margin))
    return torch.mean(real_energy) + margin - torch.mean(capped)
