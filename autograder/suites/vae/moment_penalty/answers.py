"""Known answers: Moment penalty on the codes."""


# %% spoils: absolute
# Takes absolute differences for squared ones.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean.abs() + (std - 1).abs() + (kurtosis - 3).abs()).sum()


# %% spoils: divided_by_variance
# Divides the fourth moment by the variance, not by its square.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**2
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: excess_at_three
# Aims the excess kurtosis at 3.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    excess = ((z - mean) ** 4).mean(0) / std**4 - 3
    return (mean**2 + (std - 1) ** 2 + (excess - 3) ** 2).sum()


# %% spoils: fourth_moment
# Does not divide the fourth moment by the spread.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    fourth = ((z - mean) ** 4).mean(0)
    return (mean**2 + (std - 1) ** 2 + (fourth - 3) ** 2).sum()


# %% spoils: kurtosis_at_zero
# Aims the kurtosis at 0.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + kurtosis**2).sum()


# %% spoils: latent_mean
# Averages over the latents.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).mean()


# %% spoils: moments_over_latents
# Takes the moments over the latents of each code.
def moment_penalty(z):
    mean, std = z.mean(1), z.std(1, correction=0)
    kurtosis = ((z - mean[:, None]) ** 4).mean(1) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: not_centred
# Takes the fourth moment about zero.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = (z**4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: pooled
# Pools all latents into one distribution.
def moment_penalty(z):
    mean, std = z.mean(), z.std(correction=0)
    kurtosis = ((z - mean) ** 4).mean() / std**4
    return z.shape[1] * (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2)


# %% spoils: std_detached
# Treats the standard deviation inside the kurtosis as a constant.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std.detach() ** 4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: unbiased_std
# Divides by B - 1 in the standard deviation.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: variance_for_std
# Aims the variance at 1, not the standard deviation.
def moment_penalty(z):
    mean, variance = z.mean(0), z.var(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / variance**2
    return (mean**2 + (variance - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: heavy_tails_only
# Charges for a kurtosis above 3 only.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    excess = ((z - mean) ** 4).mean(0) / std**4 - 3
    return (mean**2 + (std - 1) ** 2 + excess.clamp(min=0) ** 2).sum()


# %% spoils: light_tails_only
# Charges for a kurtosis below 3 only.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    missing = 3 - ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + missing.clamp(min=0) ** 2).sum()


# %% spoils: narrow_codes_only
# Charges for a spread below 1 only.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (1 - std).clamp(min=0) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: kurtosis_without_gradient
# Takes the kurtosis for a number to report: no gradient goes through it.
import torch


def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    with torch.no_grad():
        kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: mean_detached
# Centres by a mean without gradient, which a skewed latent notices.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean.detach()) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: square_of_the_sum
# Squares the sum of the three differences.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean.abs() + (std - 1).abs() + (kurtosis - 3).abs()).square().sum()


# %% spoils: capped_kurtosis
# Caps the kurtosis at 10.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = (((z - mean) ** 4).mean(0) / std**4).clamp(max=10)
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% spoils: third_moment
# Takes the third moment for the fourth.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    skewness = ((z - mean).abs() ** 3).mean(0) / std**3
    return (mean**2 + (std - 1) ** 2 + (skewness - 3) ** 2).sum()


# %% corner: unbiased_fourth
# Divides by B - 1 in the fourth moment.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).sum(0) / (len(z) - 1) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% corner: epsilon
# Adds a small number to the fourth power of the spread.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / (std**4 + 1e-8)
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% corner: batch_norm_epsilon
# Standardises by the library's batch norm with its usual epsilon.
import torch.nn.functional as F


def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = (F.batch_norm(z, None, None, training=True) ** 4).mean(0)
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% corner: clamped_spread
# Clamps the spread from below.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0).clamp(min=0.05)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% corner: covariance_matrix
# Takes the spread from a covariance matrix, which is none for a single latent.
import torch


def moment_penalty(z):
    mean = z.mean(0)
    variance = torch.cov(z.T, correction=0).diagonal()
    kurtosis = ((z - mean) ** 4).mean(0) / variance**2
    return (mean**2 + (variance.sqrt() - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% corner: no_pairs
# Takes two codes for too few and charges nothing for them.
def moment_penalty(z):
    if len(z) < 3:
        return z.sum() * 0
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% corner: centred_in_place
# Centres the caller's codes in place.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    value = (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()
    z.data -= mean.detach()
    return value


# %% corner: single_precision
# Computes in float32 and converts back.
def moment_penalty(z):
    w = z.float()
    mean, std = w.mean(0), w.std(0, correction=0)
    kurtosis = ((w - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum().to(z.dtype)


# %% corner: own_cpu_tensor
# Compares with targets on the CPU.
import torch


def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    targets = torch.tensor([0.0, 1.0, 3.0], dtype=z.dtype)
    return ((torch.stack([mean, std, kurtosis], dim=1) - targets) ** 2).sum()


# %% right: loops
# One latent at a time, with a helper function.
import torch


def penalty_of_one(codes):
    n = codes.numel()
    m = codes.sum() / n
    second = ((codes - m) ** 2).sum() / n
    fourth = ((codes - m) ** 4).sum() / n
    return m**2 + (torch.sqrt(second) - 1) ** 2 + (fourth / (second * second) - 3) ** 2


def moment_penalty(z):
    return torch.stack([penalty_of_one(z[:, d]) for d in range(z.shape[1])]).sum()


# %% right: raw_moments
# Central moments from raw moments, in float64.
import torch


def moment_penalty(z):
    w = z.double()
    m1, m2, m3, m4 = (w.pow(k).mean(0) for k in (1, 2, 3, 4))
    var = m2 - m1**2
    fourth = m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4
    targets = torch.stack([m1, var.sqrt() - 1, fourth / var**2 - 3])
    return targets.pow(2).sum().to(z.dtype)


# %% right: std
# Library standard deviation and standardised codes.
def moment_penalty(z):
    mean, std = z.mean(0, keepdim=True), z.std(0, unbiased=False, keepdim=True)
    kurtosis = ((z - mean) / std).pow(4).mean(0)
    return mean.square().sum() + (std - 1).square().sum() + (kurtosis - 3).square().sum()


# %% right: batch_norm
# Standardises by the library's batch norm, with an epsilon that vanishes.
import torch.nn.functional as F


def moment_penalty(z):
    variance, mean = torch.var_mean(z, dim=0, unbiased=False)
    kurtosis = F.batch_norm(z, None, None, training=True, eps=1e-20).pow(4).mean(0)
    targets = mean.pow(2), (variance**0.5 - 1).pow(2), (kurtosis - 3).pow(2)
    return sum(target.sum() for target in targets)


# %% right: einsum
# Takes powers by einsum, and an epsilon too small to be seen.
import torch


def moment_penalty(z):
    n = z.shape[0]
    c = z - torch.einsum("bd->d", z) / n
    v = torch.einsum("bd,bd->d", c, c) / n
    k = torch.einsum("bd,bd,bd,bd->d", c, c, c, c) / (n * v * v + 1e-14)
    return (z.mean(0) ** 2).sum() + ((v.sqrt() - 1) ** 2).sum() + ((k - 3) ** 2).sum()


# %% right: vmap
# One latent by a function of a vector, all of them by vmap.
import torch


def moment_penalty(z):
    def of_one(codes):
        mean = codes.mean()
        second, fourth = ((codes - mean).pow(k).mean() for k in (2, 4))
        return torch.stack([mean, second.sqrt() - 1, fourth / second**2 - 3]).square().sum()

    return torch.vmap(of_one, in_dims=1)(z).sum()
