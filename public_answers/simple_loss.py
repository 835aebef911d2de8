"""Known answers: the simple loss, after public solutions of another course's exercise, rewritten."""

# %% right: public_weights_of_one
# Multiplies the squared errors by weights of one, as a loss with other targets would need.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    ones = torch.ones_like(alpha_bar)[t].to(x_0.dtype).reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = q_sample(x_0, t, eps, alpha_bar)
    prediction = network(x_t, t)
    return (ones * (eps - prediction) ** 2).mean()


# %% right: public_unreduced_then_mean
# Takes the loss without a reduction, changes it in place, and averages.
import torch
from torch import nn


def simple_loss(network, x_0, t, eps, alpha_bar):
    kept = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = kept.sqrt().to(x_0.dtype) * x_0 + (1 - kept).sqrt().to(x_0.dtype) * eps
    loss = nn.MSELoss(reduction="none")(network(x_t, t), eps)
    loss *= 1.0
    return loss.mean()


# %% spoils: public_scaled_again
# Scales the data to [-1, 1], where they are already.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    x_t = q_sample(2 * x_0 - 1, t, eps, alpha_bar)
    return torch.mean((network(x_t, t) - eps) ** 2)


# %% spoils: public_weighted_by_snr
# Weights the error of the noise by the signal-to-noise ratio, which belongs to an error of the data.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    weight = (alpha_bar / (1 - alpha_bar))[t].to(x_0.dtype).reshape(-1, *[1] * (x_0.dim() - 1))
    prediction = network(q_sample(x_0, t, eps, alpha_bar), t)
    return (weight * (prediction - eps).square()).mean()


# %% spoils: public_steps_of_its_own
# Draws new steps in place of those that are handed in.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    t = torch.randint(0, len(alpha_bar), t.shape, device=t.device)
    return torch.mean((network(q_sample(x_0, t, eps, alpha_bar), t) - eps) ** 2)


# %% spoils: public_data_as_target
# Compares the prediction with the data.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    return torch.mean((network(q_sample(x_0, t, eps, alpha_bar), t) - x_0) ** 2)
