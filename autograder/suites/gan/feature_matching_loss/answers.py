"""Known answers: Feature matching."""


# %% spoils: equal_batches
# Subtracts the batches image by image before it averages, which needs batches of one size.
def feature_matching_loss(real_features, fake_features):
    return (real_features.detach() - fake_features).mean(0).pow(2).sum()


# %% spoils: fake_detached
# Holds the generated features constant and lets gradients flow to the real ones.
def feature_matching_loss(real_features, fake_features):
    return (real_features.mean(0) - fake_features.detach().mean(0)).pow(2).sum()


# %% spoils: feature_mean
# Averages over the features as mse_loss does.
import torch.nn.functional as F


def feature_matching_loss(real_features, fake_features):
    return F.mse_loss(fake_features.mean(0), real_features.detach().mean(0))


# %% spoils: huber
# Squares small differences of the means only, as a robust loss does.
import torch


def feature_matching_loss(real_features, fake_features):
    gap = real_features.detach().mean(0) - fake_features.mean(0)
    return torch.where(gap.abs() > 1, gap.abs(), gap.pow(2)).sum()


# %% spoils: l1
# Adds up absolute differences of the means instead of squares.
def feature_matching_loss(real_features, fake_features):
    return (real_features.detach().mean(0) - fake_features.mean(0)).abs().sum()


# %% spoils: no_gradient
# Computes everything under no_grad and lets the result require gradients of itself.
import torch


def feature_matching_loss(real_features, fake_features):
    with torch.no_grad():
        value = (real_features.mean(0) - fake_features.mean(0)).pow(2).sum()
    return value.requires_grad_()


# %% spoils: one_size
# Divides both sums by the size of the real batch.
def feature_matching_loss(real_features, fake_features):
    n = len(real_features)
    gap = real_features.detach().sum(0) / n - fake_features.sum(0) / n
    return (gap**2).sum()


# %% spoils: per_sample
# Squares the difference of each pair of images before it averages.
def feature_matching_loss(real_features, fake_features):
    real = real_features.detach()
    if len(real) != len(fake_features):
        real = real.mean(0)
    return (real - fake_features).pow(2).sum(1).mean()


# %% spoils: real_not_detached
# Sends gradients to the real features too.
def feature_matching_loss(real_features, fake_features):
    return (real_features.mean(0) - fake_features.mean(0)).pow(2).sum()


# %% spoils: unsquared
# Returns the norm of the difference without its square.
def feature_matching_loss(real_features, fake_features):
    return (real_features.detach().mean(0) - fake_features.mean(0)).norm()


# %% spoils: wrong_axis
# Averages the squared differences of the per-image means over features.
def feature_matching_loss(real_features, fake_features):
    D = real_features.shape[1]
    return D * (real_features.detach().mean() - fake_features.mean()).pow(2)


# %% corner: capped
# Caps the differences of the means, against outliers.
def feature_matching_loss(real_features, fake_features):
    gap = fake_features.mean(0) - real_features.detach().mean(0)
    return gap.clamp(-100, 100).pow(2).sum()


# %% corner: half_precision
# Takes the means in half precision.
def feature_matching_loss(real_features, fake_features):
    real, fake = real_features.detach().half().mean(0), fake_features.half().mean(0)
    return (real - fake).to(fake_features.dtype).pow(2).sum()


# %% spoils: one_factor_detached
# Holds one of the two factors of the square constant, which halves the gradient.
def feature_matching_loss(real_features, fake_features):
    gap = fake_features.mean(0) - real_features.detach().mean(0)
    return (gap * gap.detach()).sum()


# %% spoils: real_switched_off
# Switches the gradients of the real features off at the caller's, which fails for a layer's output.
def feature_matching_loss(real_features, fake_features):
    real_features.requires_grad_(False)
    return (fake_features.mean(0) - real_features.mean(0)).pow(2).sum()


# %% corner: real_detached_in_place
# Cuts the caller's real features out of their graph.
def feature_matching_loss(real_features, fake_features):
    real_features.detach_()
    return (fake_features.mean(0) - real_features.mean(0)).pow(2).sum()


# %% corner: root_and_square
# Squares a root, whose gradient is nan where the means agree.
def feature_matching_loss(real_features, fake_features):
    gap = fake_features.mean(0) - real_features.detach().mean(0)
    distance = (gap**2).sum().sqrt()
    return distance**2


# %% corner: shifted_in_place
# Subtracts the real mean from the caller's features.
def feature_matching_loss(real_features, fake_features):
    fake_features.data -= real_features.detach().mean(0)
    return fake_features.mean(0).pow(2).sum()


# %% corner: squeezed
# Takes away axes of length one, a batch of one image among them.
def feature_matching_loss(real_features, fake_features):
    gap = fake_features.squeeze().mean(0) - real_features.detach().squeeze().mean(0)
    return gap.pow(2).sum()


# %% spoils: variances_matched
# Matches the mean squares of the features along with their means.
def feature_matching_loss(real_features, fake_features):
    real = real_features.detach()
    first = (real.mean(0) - fake_features.mean(0)).pow(2).sum()
    return first + 1e-3 * (real.var(0, False) - fake_features.var(0, False)).pow(2).sum()


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


# %% right: numpy_target
# The target in NumPy, which needs no gradients.
import torch


def feature_matching_loss(real_features, fake_features):
    target = real_features.detach().cpu().numpy().mean(axis=0)
    target = torch.from_numpy(target).to(fake_features)
    return ((fake_features.mean(0) - target) ** 2).sum()


# %% right: one_product
# One product of all features with the signed shares of the images.
import torch


def feature_matching_loss(real_features, fake_features):
    n, m = real_features.size(0), fake_features.size(0)
    share = torch.cat([real_features.new_full((n,), -1 / n), fake_features.new_full((m,), 1 / m)])
    return torch.linalg.vecdot(*2 * [share @ torch.cat([real_features.detach(), fake_features])])
