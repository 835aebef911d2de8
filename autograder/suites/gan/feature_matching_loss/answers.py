"""Known answers: Feature matching."""


# %% wrong: equal_batches
# Subtracts the batches image by image before it averages, which needs batches of one size.
def feature_matching_loss(real_features, fake_features):
    return (real_features.detach() - fake_features).mean(0).pow(2).sum()


# %% wrong: fake_detached
# Holds the generated features constant and lets gradients flow to the real ones.
def feature_matching_loss(real_features, fake_features):
    return (real_features.mean(0) - fake_features.detach().mean(0)).pow(2).sum()


# %% wrong: feature_mean
# Averages over the features as mse_loss does.
import torch.nn.functional as F


def feature_matching_loss(real_features, fake_features):
    return F.mse_loss(fake_features.mean(0), real_features.detach().mean(0))


# %% wrong: huber
# Squares small differences of the means only, as a robust loss does.
import torch


def feature_matching_loss(real_features, fake_features):
    gap = real_features.detach().mean(0) - fake_features.mean(0)
    return torch.where(gap.abs() > 1, gap.abs(), gap.pow(2)).sum()


# %% wrong: l1
# Adds up absolute differences of the means instead of squares.
def feature_matching_loss(real_features, fake_features):
    return (real_features.detach().mean(0) - fake_features.mean(0)).abs().sum()


# %% wrong: no_gradient
# Computes everything under no_grad and lets the result require gradients of itself.
import torch


def feature_matching_loss(real_features, fake_features):
    with torch.no_grad():
        value = (real_features.mean(0) - fake_features.mean(0)).pow(2).sum()
    return value.requires_grad_()


# %% wrong: one_size
# Divides both sums by the size of the real batch.
def feature_matching_loss(real_features, fake_features):
    n = len(real_features)
    gap = real_features.detach().sum(0) / n - fake_features.sum(0) / n
    return (gap**2).sum()


# %% wrong: per_sample
# Squares the difference of each pair of images before it averages.
def feature_matching_loss(real_features, fake_features):
    real = real_features.detach()
    if len(real) != len(fake_features):
        real = real.mean(0)
    return (real - fake_features).pow(2).sum(1).mean()


# %% wrong: real_not_detached
# Sends gradients to the real features too.
def feature_matching_loss(real_features, fake_features):
    return (real_features.mean(0) - fake_features.mean(0)).pow(2).sum()


# %% wrong: unsquared
# Returns the norm of the difference without its square.
def feature_matching_loss(real_features, fake_features):
    return (real_features.detach().mean(0) - fake_features.mean(0)).norm()


# %% wrong: wrong_axis
# Averages the squared differences of the per-image means over features.
def feature_matching_loss(real_features, fake_features):
    D = real_features.shape[1]
    return D * (real_features.detach().mean() - fake_features.mean()).pow(2)


# %% right: helper
# The mean in a helper of a scratch cell and torch.linalg.
import torch


def feature_matching_loss(real_features, fake_features):
    return torch.dist(centre_of(real_features).detach(), centre_of(fake_features)).square()


# %%
def centre_of(features):
    return features.sum(dim=0).div(features.size(0))


# %% right: inner_product
# The inner product of the gap with itself.
def feature_matching_loss(real_features, fake_features):
    gap = real_features.data.mean(0, keepdim=True) - fake_features.mean(0, keepdim=True)
    return (gap @ gap.T).squeeze()


# %% right: loops
# Feature by feature in a loop.
def feature_matching_loss(real_features, fake_features):
    total = 0.0
    for d in range(fake_features.shape[1]):
        goal = real_features[:, d].detach().sum() / real_features.shape[0]
        total = total + (goal - fake_features[:, d].sum() / fake_features.shape[0]) ** 2
    return total


# %% right: mse_sum
# The library's squared error, summed.
import torch
import torch.nn.functional as F


def feature_matching_loss(real_features, fake_features):
    with torch.no_grad():
        goal = torch.mean(real_features, dim=0)
    return F.mse_loss(torch.mean(fake_features, dim=0), goal, reduction="sum")
