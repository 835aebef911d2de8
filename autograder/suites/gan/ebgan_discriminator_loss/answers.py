"""Known answers: The margin loss of the energy-based GAN."""

# %% spoils: clamped_in_total
# Clamps the whole loss of a pair of means.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(real_energy.mean() + margin - fake_energy.mean())


# %% spoils: fake_detached
# Holds the energy of generated images constant.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(margin - fake_energy.detach()).mean()


# %% spoils: halved
# Averages the two terms.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return (real_energy.mean() + torch.relu(margin - fake_energy).mean()) / 2


# %% spoils: margin_on_both
# Stops charging for the energy of real images beyond the margin.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.clamp(max=margin).mean() + torch.relu(margin - fake_energy).mean()


# %% spoils: margin_on_real
# Has the margin on the real images.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(margin - real_energy).mean() + fake_energy.mean()


# %% spoils: mean_energy
# Compares the mean energy with the margin.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(margin - fake_energy.mean())


# %% spoils: no_clamp
# Leaves out the clamp, so that ever higher energies keep paying.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + margin - fake_energy.mean()


# %% spoils: only_within
# Averages the second term over the images within the margin only.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    within = fake_energy < margin
    short = ((margin - fake_energy) * within).sum() / within.sum().clamp(min=1)
    return real_energy.mean() + short


# %% spoils: pairwise
# Is the hinge of each real image's energy against a generated one's.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return torch.relu(real_energy.mean() + margin - fake_energy).mean()


# %% spoils: sign
# Charges for generated images beyond the margin instead of within.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(fake_energy - margin).mean()


# %% corner: softplus
# Has a smooth hinge in place of the margin's.
import torch.nn.functional as F


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + F.softplus(margin - fake_energy, beta=50).mean()


# %% spoils: summed
# Adds up the second term over the batch and divides by the size of the real batch.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + torch.relu(margin - fake_energy).sum() / len(real_energy)


# %% corner: capped
# Caps what an image may miss to the margin.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + (margin - fake_energy).clamp(0, 20).mean()


# %% spoils: capped_in_place
# Cuts the caller's energies at the margin, and sends gradients to images beyond it.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    fake_energy.data.clamp_(max=margin)
    return real_energy.mean() + (margin - fake_energy).mean()


# %% corner: half_precision
# Compares with the margin in half precision.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    short = torch.relu(margin - fake_energy.half()).to(fake_energy.dtype)
    return real_energy.mean() + short.mean()


# %% spoils: joined_mean
# Takes one mean over both batches together.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return 2 * torch.cat([real_energy, torch.relu(margin - fake_energy)]).mean()


# %% spoils: leaky
# Has a leaky hinge: images beyond the margin keep paying a little.
import torch.nn.functional as F


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + F.leaky_relu(margin - fake_energy, 0.01).mean()


# %% spoils: real_detached
# Holds the energy of real images constant.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.detach().mean() + torch.relu(margin - fake_energy).mean()


# %% spoils: straight_through
# Has the right value, and a slope beyond the margin as well.
import torch


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    short = margin - fake_energy
    short = short + (torch.relu(short) - short).detach()
    return real_energy.mean() + short.mean()


# %% spoils: zipped
# Walks through both batches at once, up to the end of the shorter one.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    terms = [
        real + (margin - fake).clamp(min=0)
        for real, fake in zip(real_energy, fake_energy, strict=False)
    ]
    return sum(terms) / len(terms)


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


# %% right: library
# The library's hinge loss of embeddings, for labels of minus one.
import torch
import torch.nn.functional as F


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    unlike = torch.full_like(fake_energy, -1)
    return torch.mean(real_energy) + F.hinge_embedding_loss(fake_energy, unlike, margin=margin)


# %% right: mask
# A mask of the images within the margin, in place of a clamp.
def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    within = (fake_energy < margin).to(fake_energy.dtype)
    return real_energy.sum() / real_energy.numel() + ((margin - fake_energy) * within).mean()
