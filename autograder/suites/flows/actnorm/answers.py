"""Known answers: Actnorm."""

# %% spoils: every_batch
# Initialises at every batch, like batch norm.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: flag_outside_state
# Keeps the flag as a plain attribute, which no state_dict holds: a loaded layer initialises again.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.initialised = False

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised = True
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: flag_not_persistent
# Registers the flag as a buffer that is left out of the state.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False), persistent=False)

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: new_parameters
# Makes new parameters at initialisation, which an optimizer made before does not hold.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias = nn.Parameter(-x.mean(dim=(0, 2, 3)))
                self.log_scale = nn.Parameter(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: without_h_w
# Counts one pixel in the log-determinant.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, self.log_scale.sum().expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: height_squared
# Takes the width to be the height in the log-determinant.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] ** 2 * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: per_batch
# Multiplies the log-determinant by the batch size.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x[:, 0].numel() * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: log_det_sign
# Gives the log-determinant of the inverse.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (-x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: log_det_of_scale
# Sums scales instead of their logarithms.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.exp().sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: per_pixel
# Takes statistics over the batch only and averages them over the pixels.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=0, correction=0).mean(dim=(1, 2)) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: one_for_all_channels
# Takes one mean and one width for all channels.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean().expand(x.shape[1]))
                self.log_scale.copy_(-torch.log(x.std(correction=0).expand(x.shape[1]) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: unbiased
# Divides by the number of values less one, which is nan for a single value.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3)) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: variance_for_std
# Scales by the variance.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.var(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: shift_after_scale
# Adds the bias after the scale, although it is minus the mean.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * x + self.bias[:, None, None]
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return (z - self.bias[:, None, None]) * torch.exp(-self.log_scale)[:, None, None]


# %% spoils: inverse_order
# Takes the bias away before it divides by the scale in the inverse.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return (z - self.bias[:, None, None]) * torch.exp(-self.log_scale)[:, None, None]


# %% spoils: inverse_initialises
# Initialises in the inverse as well.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        if self.training and not self.initialised:
            self(z)
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: initialises_in_evaluation
# Initialises from the first call in evaluation mode, too.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: evaluation_counts
# Counts a first call in evaluation mode, and never initialises after it.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: graph_of_statistics
# Normalises the first batch by its own statistics, through which gradients flow.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
            mean = x.mean(dim=(0, 2, 3), keepdim=True)
            std = x.std(dim=(0, 2, 3), correction=0, keepdim=True) + 1e-6
            log_det = x.shape[2] * x.shape[3] * -std.log().sum()
            return (x - mean) / std, log_det.expand(len(x))
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: only_with_gradients
# Does not initialise under torch.no_grad().
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised and torch.is_grad_enabled():
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: frozen_after_no_grad
# Makes parameters that need no gradients if the first call is under torch.no_grad().
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
            self.bias.requires_grad_(torch.is_grad_enabled())
            self.log_scale.requires_grad_(torch.is_grad_enabled())
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: detached_log_det
# Right values, but no gradient flows through the log-determinant.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.detach().sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: buffers_not_parameters
# Keeps scale and shift as buffers, which are never trained.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.register_buffer("bias", torch.zeros(n_channels))
        self.register_buffer("log_scale", torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% spoils: shared_flag
# Keeps the flag in the class: the first layer's batch initialises for all.
import torch
from torch import nn


class ActNorm(nn.Module):
    initialised = torch.tensor(False)

    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% corner: guessed_from_parameters
# Takes a layer for a new one as long as its bias is 0, as after a first batch of zero mean.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.bias.any():
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% corner: no_eps
# Divides by the standard deviation itself, which is 0 for a constant channel.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0)))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% corner: eps_in_the_root
# Adds 1e-6 to the variance.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log((x.var(dim=(0, 2, 3), correction=0) + 1e-6).sqrt()))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% corner: large_eps
# Adds 1e-5 and not 1e-6.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-5))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% corner: third_parameter
# Holds the flag as a parameter, which an optimizer sees.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.initialised = nn.Parameter(torch.tensor(0.0), requires_grad=False)

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(1.0)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% corner: single_precision
# Computes the statistics in float32.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.float().mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% corner: in_place
# Adds the bias to its argument in place where that needs no gradients.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        moved = (
            x + self.bias[:, None, None]
            if x.requires_grad
            else x.add_(self.bias.detach()[:, None, None])
        )
        moved = (
            moved + (self.bias - self.bias.detach())[:, None, None]
            if not x.requires_grad
            else moved
        )
        z = self.log_scale.exp()[:, None, None] * moved
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% right: other_shapes_inside
# Broadcasts by views of the parameters, counts first batches, and writes through .data.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("seen", torch.tensor(0.0))

    def forward(self, x):
        if self.training and self.seen == 0:
            rows = x.detach().transpose(0, 1).flatten(1)
            mean = rows.mean(1)
            variance = (rows - mean[:, None]).pow(2).mean(1)
            self.bias.data.copy_(-mean)
            self.log_scale.data.copy_((1 / (variance.sqrt() + 1e-6)).log())
            self.seen += 1
        scale = self.log_scale.exp().view(1, -1, 1, 1)
        log_det = torch.ones_like(x[:, 0]).flatten(1).sum(1) * self.log_scale.sum()
        return (x + self.bias.view(1, -1, 1, 1)) * scale, log_det

    def inverse(self, z):
        return z / self.log_scale.exp().view(1, -1, 1, 1) - self.bias.view(1, -1, 1, 1)


# %% right: extra_state
# Keeps the flag as extra state of the module.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.initialised = False

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised = True
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def get_extra_state(self):
        return torch.tensor(self.initialised)

    def set_extra_state(self, state):
        self.initialised = bool(state)

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% right: einsum_and_list
# Multiplies by einsum and returns a list.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x):
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                self.log_scale.copy_(-torch.log(x.std(dim=(0, 2, 3), correction=0) + 1e-6))
                self.initialised.fill_(True)
        moved = x + self.bias[None, :, None, None]
        z = torch.einsum("c,bchw->bchw", self.log_scale.exp(), moved)
        per_pixel = self.log_scale[None, :, None, None].expand_as(x)
        return [z, per_pixel.sum(dim=(1, 2, 3))]

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %% right: helper_module
# Counts in a buffer of integers and normalises through a helper below.
import torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, n_channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("n_batches", torch.zeros(1, dtype=torch.long))

    def forward(self, x):
        if self.training and self.n_batches.item() < 1:
            with torch.no_grad():
                mean, std = moments(x)
                self.bias.sub_(mean + self.bias)
                self.log_scale.copy_(-torch.log(std + 1e-6))
                self.n_batches.add_(1)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        return z, (x.shape[2] * x.shape[3] * self.log_scale.sum()).expand(len(x))

    def inverse(self, z):
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]


# %%
def moments(x):
    variance, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0)
    return mean, variance.sqrt()
