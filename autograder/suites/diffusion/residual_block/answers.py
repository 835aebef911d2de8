"""Known answers: a residual block that is told the time."""

# %% spoils: library_block
# Takes the block of dgm.unet, which scales and shifts by the embedding.
import dgm.unet

ResidualBlock = dgm.unet.ResidualBlock


# %% spoils: no_time
# Ignores the embedding.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + 0 * self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: no_shortcut
# Returns f(x) without x.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return 0 * self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: norm_after
# Normalises after the convolutions.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.norm_2(self.conv_1(F.silu(self.norm_1(x))))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: activation_first
# Activates before it normalises.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(self.norm_1(F.silu(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(self.norm_2(F.silu(h)))


# %% spoils: embedding_not_activated
# Leaves out the SiLU of the embedding.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(emb)[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: embedding_activated_after
# Activates the embedding after the linear layer.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + F.silu(self.emb(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: embedding_after_norm
# Adds the embedding behind the second norm.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        return self.shortcut(x) + self.conv_2(
            F.silu(self.norm_2(h) + self.emb(F.silu(emb))[:, :, None, None])
        )


# %% spoils: relu
# Takes ReLU for SiLU.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.relu(self.norm_1(x)))
        h = h + self.emb(F.relu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.relu(self.norm_2(h)))


# %% spoils: gelu
# Takes GELU for SiLU.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.gelu(self.norm_1(x)))
        h = h + self.emb(F.gelu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.gelu(self.norm_2(h)))


# %% spoils: other_groups
# Has one group.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(1, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(1, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: batch_norm
# Normalises over the batch.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.BatchNorm2d(n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.BatchNorm2d(n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: always_a_convolution
# Has a convolution in the shortcut also if the channels stay.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: wide_shortcut
# Has a 3x3 convolution in the shortcut.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 3, padding=1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: dropout
# Adds dropout, as the paper has it for CIFAR, which the table has not.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.dropout(F.silu(self.norm_2(h)), 0.1, self.training))


# %% spoils: rescaled_sum
# Divides the sum by the root of 2.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return (self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))) / math.sqrt(2)


# %% spoils: one_norm
# Uses the second norm twice where that is possible.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(
            F.silu((self.norm_2 if x.shape[1] == len(self.norm_2.weight) else self.norm_1)(x))
        )
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: first_embedding_for_all
# Takes the first sample's embedding for the batch.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:1, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% spoils: detached_embedding
# Detaches the embedding.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb.detach()))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% corner: other_epsilon
# Has another epsilon in its norms.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in, eps=1e-3)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out, eps=1e-3)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% corner: zero_last
# Begins with a last convolution of zeros.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)
        nn.init.zeros_(self.conv_2.weight)
        nn.init.normal_(self.conv_1.weight)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% corner: in_place
# Activates in place, also the embedding that it is given.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb, inplace=not emb.requires_grad))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


# %% right: sequential_use
# Spells the order out, with a module for the activation.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)
        self.act = nn.SiLU()

    def forward(self, x, emb):
        h = self.conv_1(self.act(self.norm_1(x)))
        h = h + self.emb(self.act(emb)).reshape(len(x), -1, 1, 1)
        h = self.conv_2(self.act(self.norm_2(h)))
        return h + self.shortcut(x)


# %% right: by_hand
# Chooses the shortcut in forward, and has no module for x itself.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1, self.norm_2 = (nn.GroupNorm(N_GROUPS, n) for n in (n_in, n_out))
        self.conv_1 = nn.Conv2d(n_in, n_out, kernel_size=3, padding="same")
        self.conv_2 = nn.Conv2d(n_out, n_out, kernel_size=3, padding="same")
        self.emb = nn.Linear(n_emb, n_out)
        if n_in != n_out:
            self.shortcut = nn.Conv2d(n_in, n_out, kernel_size=1)

    def forward(self, x, emb):
        h = self.norm_1(x)
        h = self.conv_1(h * torch.sigmoid(h))
        h = h + self.emb(emb * emb.sigmoid()).unsqueeze(-1).unsqueeze(-1)
        h = self.norm_2(h)
        h = self.conv_2(h * h.sigmoid())
        return h + (self.shortcut(x) if hasattr(self, "shortcut") else x)


# %% right: empty_sequential
# Has an empty Sequential for x itself.
class ResidualBlock(nn.Module):
    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Sequential()

    def forward(self, x, emb):
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))


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
