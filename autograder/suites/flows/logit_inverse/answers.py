"""Known answers: The inverse of the logit transform."""

# %% spoils: alpha_forgotten
# Returns the sigmoid itself.
import torch


def logit_inverse(x, alpha=0.05):
    return torch.sigmoid(x)


# %% spoils: not_stretched
# Takes alpha away, but does not stretch.
import torch


def logit_inverse(x, alpha=0.05):
    return torch.sigmoid(x) - alpha


# %% spoils: stretched_first
# Stretches before alpha is taken away.
import torch


def logit_inverse(x, alpha=0.05):
    return torch.sigmoid(x) / (1 - 2 * alpha) - alpha


# %% spoils: one_alpha
# Stretches by 1 - alpha.
import torch


def logit_inverse(x, alpha=0.05):
    return (torch.sigmoid(x) - alpha) / (1 - alpha)


# %% spoils: pressed_again
# Presses instead of stretching.
import torch


def logit_inverse(x, alpha=0.05):
    return alpha + (1 - 2 * alpha) * torch.sigmoid(x)


# %% spoils: clamped
# Clamps the result into [0, 1].
import torch


def logit_inverse(x, alpha=0.05):
    return ((torch.sigmoid(x) - alpha) / (1 - 2 * alpha)).clamp(0, 1)


# %% spoils: tanh_of_x
# Takes tanh(x) for tanh(x / 2).
import torch


def logit_inverse(x, alpha=0.05):
    return 0.5 + torch.tanh(x) / (2 - 4 * alpha)


# %% spoils: alpha_ignored
# Takes 0.05 for every alpha.
import torch


def logit_inverse(x, alpha=0.05):
    return (torch.sigmoid(x) - 0.05) / 0.9


# %% spoils: no_gradient
# Right values, but no gradient reaches x.
import torch


def logit_inverse(x, alpha=0.05):
    return (torch.sigmoid(x.detach()) - alpha) / (1 - 2 * alpha) + 0 * x


# %% spoils: straight_gradient
# Clamps, and lets the gradient pass as if it had not.
import torch


def logit_inverse(x, alpha=0.05):
    y = (torch.sigmoid(x) - alpha) / (1 - 2 * alpha)
    return y + (y.clamp(0, 1) - y).detach()


# %% corner: overflow
# Computes e^x / (1 + e^x), which is nan where e^x overflows.
import torch


def logit_inverse(x, alpha=0.05):
    return (torch.exp(x) / (1 + torch.exp(x)) - alpha) / (1 - 2 * alpha)


# %% corner: bounded_x
# Bounds x at 6.
import torch


def logit_inverse(x, alpha=0.05):
    return (torch.sigmoid(x.clamp(-12, 12)) - alpha) / (1 - 2 * alpha)


# %% corner: single_precision
# Computes in float32 on the way.
import torch


def logit_inverse(x, alpha=0.05):
    return ((torch.sigmoid(x.float()) - alpha) / (1 - 2 * alpha)).to(x.dtype)


# %% corner: in_place
# Overwrites x where nothing needs gradients.
import torch


def logit_inverse(x, alpha=0.05):
    if x.requires_grad:
        return (torch.sigmoid(x) - alpha) / (1 - 2 * alpha)
    return x.sigmoid_().sub_(alpha).div_(1 - 2 * alpha)


# %% right: reciprocal
# Divides by 1 + e^-x.
import torch


def logit_inverse(x, alpha=0.05):
    return (1 / (1 + torch.exp(-x)) - alpha) / (1 - 2 * alpha)


# %% right: expit
# Calls torch.special.expit.
import torch


def logit_inverse(x, alpha=0.05):
    width = 1 - 2 * alpha
    return torch.special.expit(x) / width - alpha / width


# %% right: softmax
# Writes the sigmoid as a softmax over x and 0.
import torch


def logit_inverse(x, alpha=0.05):
    p = torch.stack([x, torch.zeros_like(x)]).softmax(dim=0)[0]
    return (p - alpha) / (1 - 2 * alpha)
