"""Known answers: the signal-to-noise ratio, after public solutions of another course's exercise, rewritten."""

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
