"""Known answers: a residual block that is told the time, after public solutions of another course's exercise, rewritten."""

# %% right: public_context_as_an_image
# Turns the embedding into an image of one pixel before it is added.
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Identity()

    def forward(self, x, emb):
        context = self.emb(F.silu(emb)).reshape(x.shape[0], -1, 1, 1)
        h = self.conv_1(F.silu(self.norm_1(x))) + context
        return self.conv_2(F.silu(self.norm_2(h))) + self.shortcut(x)


# %% spoils: public_scale_of_the_channels
# Multiplies the channels by one plus the embedding in place of adding it.
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Identity()

    def forward(self, x, emb):
        context = self.emb(F.silu(emb))[:, :, None, None]
        h = self.conv_1(F.silu(self.norm_1(x))) * (context + 1)
        return self.conv_2(F.silu(self.norm_2(h))) + self.shortcut(x)


# %% spoils: public_added_after_the_second_norm
# Adds the embedding behind the second norm.
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Identity()

    def forward(self, x, emb):
        h = self.norm_2(self.conv_1(F.silu(self.norm_1(x))))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.conv_2(F.silu(h)) + self.shortcut(x)


# %% corner: public_gelu
# Uses GELU in place of SiLU.
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Identity()

    def forward(self, x, emb):
        h = self.conv_1(F.gelu(self.norm_1(x)))
        h = h + self.emb(F.gelu(emb))[:, :, None, None]
        return self.conv_2(F.gelu(self.norm_2(h))) + self.shortcut(x)


# %% corner: public_dropout
# Drops a tenth of the numbers between the convolutions, while it trains.
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Identity()
        self.dropout = nn.Dropout(0.1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        h = self.dropout(F.silu(self.norm_2(h)))
        return self.conv_2(h) + self.shortcut(x)


# %% corner: public_norm_over_channels
# Divides by the root mean square over the channels of each pixel, in place of a group norm.
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Identity()

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.rms(x, self.norm_1)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.conv_2(F.silu(self.rms(h, self.norm_2))) + self.shortcut(x)

    def rms(self, x, norm):
        scaled = F.normalize(x, dim=1) * x.shape[1] ** 0.5
        return scaled * norm.weight[:, None, None] + norm.bias[:, None, None]
