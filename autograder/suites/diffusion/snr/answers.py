"""Known answers: signal-to-noise ratio."""


# %% spoils: inverted
# Noise over signal.
def snr(alpha_bar):
    return (1 - alpha_bar) / alpha_bar


# %% spoils: of_roots
# Takes the ratio of the standard deviations.
def snr(alpha_bar):
    return (alpha_bar / (1 - alpha_bar)).sqrt()


# %% spoils: logarithm
# Returns the logarithm.
def snr(alpha_bar):
    return alpha_bar.log() - torch.log1p(-alpha_bar)


# %% spoils: decibels
# Returns decibels.
def snr(alpha_bar):
    return 10 * torch.log10(alpha_bar / (1 - alpha_bar))


# %% spoils: share
# Returns the share of the signal in the total.
def snr(alpha_bar):
    return alpha_bar / (alpha_bar + (1 - alpha_bar))


# %% spoils: epsilon
# Adds a small number to the divisor, which is not small beside 1 - alpha_bar.
def snr(alpha_bar):
    return alpha_bar / (1 - alpha_bar + 1e-4)


# %% spoils: clamped
# Keeps the ratio below a limit.
def snr(alpha_bar):
    return (alpha_bar / (1 - alpha_bar)).clamp(max=1e4)


# %% spoils: noise_squared
# Takes 1 - alpha_bar for a standard deviation.
def snr(alpha_bar):
    return alpha_bar / (1 - alpha_bar) ** 2


# %% spoils: detached_noise
# Treats the noise as a constant for gradients.
def snr(alpha_bar):
    return alpha_bar / (1 - alpha_bar.detach())


# %% corner: tiny_epsilon
# Adds a tiny number to the divisor, so that the ratio is never infinite.
def snr(alpha_bar):
    return alpha_bar / (1 - alpha_bar + 1e-12)


# %% corner: difference
# Loses small signals in a difference of nearly equal numbers.
def snr(alpha_bar):
    alpha_bar = alpha_bar.clamp(min=1e-30)
    return alpha_bar / (1 - alpha_bar)


# %% corner: float32_inside
# Computes in float32.
def snr(alpha_bar):
    a = alpha_bar.float()
    return (a / (1 - a)).to(alpha_bar.dtype)


# %% right: reciprocal
# Multiplies by the reciprocal.
def snr(alpha_bar):
    return alpha_bar * (1 - alpha_bar).reciprocal()


# %% right: by_variances
# Names the two variances.
def snr(alpha_bar):
    signal, noise = alpha_bar, torch.ones_like(alpha_bar) - alpha_bar
    return torch.div(signal, noise)


# %% right: numpy_without_gradients
# Uses NumPy when no gradient is asked for.
def snr(alpha_bar):
    if alpha_bar.requires_grad:
        return alpha_bar / (1 - alpha_bar)
    values = alpha_bar.cpu().numpy()
    return torch.as_tensor(values / (1 - values + 0.0)).to(alpha_bar)


# %% spoils: public_weight_of_the_noise_loss
# Returns ones: the weight of a loss on the noise in place of the ratio.
import torch


def snr(alpha_bar):
    return torch.ones_like(alpha_bar)


# %% corner: public_guarded_division
# Keeps the divisor above 1e-20, so that alpha_bar = 1 gives a large number and not infinity.
import torch


def snr(alpha_bar):
    return alpha_bar / (1 - alpha_bar).clamp(min=1e-20)
