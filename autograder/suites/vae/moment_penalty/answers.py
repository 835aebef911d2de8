"""Known answers: Moment penalty on the codes."""


# %% wrong: absolute
# Takes absolute differences for squared ones.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean.abs() + (std - 1).abs() + (kurtosis - 3).abs()).sum()


# %% wrong: divided_by_variance
# Divides the fourth moment by the variance, not by its square.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**2
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% wrong: excess_at_three
# Aims the excess kurtosis at 3.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    excess = ((z - mean) ** 4).mean(0) / std**4 - 3
    return (mean**2 + (std - 1) ** 2 + (excess - 3) ** 2).sum()


# %% wrong: fourth_moment
# Does not divide the fourth moment by the spread.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    fourth = ((z - mean) ** 4).mean(0)
    return (mean**2 + (std - 1) ** 2 + (fourth - 3) ** 2).sum()


# %% wrong: kurtosis_at_zero
# Aims the kurtosis at 0.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + kurtosis**2).sum()


# %% wrong: latent_mean
# Averages over the latents.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).mean()


# %% wrong: moments_over_latents
# Takes the moments over the latents of each code.
def moment_penalty(z):
    mean, std = z.mean(1), z.std(1, correction=0)
    kurtosis = ((z - mean[:, None]) ** 4).mean(1) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% wrong: not_centred
# Takes the fourth moment about zero.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = (z**4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% wrong: pooled
# Pools all latents into one distribution.
def moment_penalty(z):
    mean, std = z.mean(), z.std(correction=0)
    kurtosis = ((z - mean) ** 4).mean() / std**4
    return z.shape[1] * (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2)


# %% wrong: std_detached
# Treats the standard deviation inside the kurtosis as a constant.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std.detach() ** 4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% wrong: unbiased_std
# Divides by B - 1 in the standard deviation.
def moment_penalty(z):
    mean, std = z.mean(0), z.std(0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()


# %% wrong: variance_for_std
# Aims the variance at 1, not the standard deviation.
def moment_penalty(z):
    mean, variance = z.mean(0), z.var(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / variance**2
    return (mean**2 + (variance - 1) ** 2 + (kurtosis - 3) ** 2).sum()


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
