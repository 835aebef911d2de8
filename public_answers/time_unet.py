"""Known answers: the U-Net, after public solutions of another course's exercise, rewritten."""

# %% right: public_stack_of_skips
# Pushes every output on a stack, and pops from it on the way up.
import torch
import torch.nn.functional as F
from torch import nn


class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        self.n_emb, widths = n_emb, list(widths)
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for come, go in zip([widths[0], *widths[:-1]], widths, strict=True):
            self.down.append(block(come, go, n_emb))
        for deep, level in reversed(list(zip(widths[1:], widths[:-1], strict=True))):
            self.up.append(block(deep + level, level, n_emb))
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        if any(size % 2 ** (len(self.down) - 1) for size in x.shape[-2:]):
            raise ValueError(f"images of {tuple(x.shape)} cannot be halved so often")
        context = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h = self.first(x)
        shortcuts = []
        for i, block in enumerate(self.down):
            if i:
                h = nn.AvgPool2d(2)(h)
            h = block(h, context)
            shortcuts.append(h)
        h = shortcuts.pop()
        for block in self.up:
            h = nn.Upsample(scale_factor=2, mode="nearest")(h)
            h = torch.concatenate([h, shortcuts.pop()], dim=1)
            h = block(h, context)
        return self.last(h)


# %% right: public_reversed_zip
# Walks the blocks up together with the skips in reversed order.
import torch
import torch.nn.functional as F
from torch import nn


class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        self.n_emb, widths = n_emb, list(widths)
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for come, go in zip([widths[0], *widths[:-1]], widths, strict=True):
            self.down.append(block(come, go, n_emb))
        for deep, level in reversed(list(zip(widths[1:], widths[:-1], strict=True))):
            self.up.append(block(deep + level, level, n_emb))
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        if any(size % 2 ** (len(self.down) - 1) for size in x.shape[-2:]):
            raise ValueError(f"images of {tuple(x.shape)} cannot be halved so often")
        context = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h = self.first(x)
        kept = [self.down[0](h, context)]
        for block in list(self.down)[1:]:
            kept.append(block(F.avg_pool2d(kept[-1], 2), context))
        h = kept[-1]
        for block, skip in zip(self.up, kept[:-1][::-1], strict=True):
            h = h.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
            h = block(torch.cat((h, skip), dim=1), context)
        return self.last(h)


# %% spoils: public_bilinear
# Upsamples bilinearly in place of by repeating pixels.
import torch
import torch.nn.functional as F
from torch import nn


class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        self.n_emb, widths = n_emb, list(widths)
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for come, go in zip([widths[0], *widths[:-1]], widths, strict=True):
            self.down.append(block(come, go, n_emb))
        for deep, level in reversed(list(zip(widths[1:], widths[:-1], strict=True))):
            self.up.append(block(deep + level, level, n_emb))
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        if any(size % 2 ** (len(self.down) - 1) for size in x.shape[-2:]):
            raise ValueError(f"images of {tuple(x.shape)} cannot be halved so often")
        context = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h = self.first(x)
        shortcuts = []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i else h, context)
            shortcuts.append(h)
        shortcuts.pop()
        for block in self.up:
            h = F.interpolate(h, scale_factor=2.0, mode="bilinear")
            h = block(torch.cat((h, shortcuts.pop()), dim=1), context)
        return self.last(h)


# %% spoils: public_skips_in_front
# Puts the skip in front of what comes from below.
import torch
import torch.nn.functional as F
from torch import nn


class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        self.n_emb, widths = n_emb, list(widths)
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for come, go in zip([widths[0], *widths[:-1]], widths, strict=True):
            self.down.append(block(come, go, n_emb))
        for deep, level in reversed(list(zip(widths[1:], widths[:-1], strict=True))):
            self.up.append(block(deep + level, level, n_emb))
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        if any(size % 2 ** (len(self.down) - 1) for size in x.shape[-2:]):
            raise ValueError(f"images of {tuple(x.shape)} cannot be halved so often")
        context = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h = self.first(x)
        shortcuts = []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i else h, context)
            shortcuts.append(h)
        shortcuts.pop()
        for block in self.up:
            h = F.interpolate(h, scale_factor=2.0)
            h = block(torch.cat((shortcuts.pop(), h), dim=1), context)
        return self.last(h)


# %% spoils: public_time_on_the_way_down_only
# Hands zeros in place of the embedding to the blocks on the way up.
import torch
import torch.nn.functional as F
from torch import nn


class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        self.n_emb, widths = n_emb, list(widths)
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for come, go in zip([widths[0], *widths[:-1]], widths, strict=True):
            self.down.append(block(come, go, n_emb))
        for deep, level in reversed(list(zip(widths[1:], widths[:-1], strict=True))):
            self.up.append(block(deep + level, level, n_emb))
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        if any(size % 2 ** (len(self.down) - 1) for size in x.shape[-2:]):
            raise ValueError(f"images of {tuple(x.shape)} cannot be halved so often")
        context = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h = self.first(x)
        shortcuts = []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i else h, context)
            shortcuts.append(h)
        shortcuts.pop()
        for block in self.up:
            h = F.interpolate(h, scale_factor=2.0)
            h = block(torch.cat((h, shortcuts.pop()), dim=1), torch.zeros_like(context))
        return self.last(h)


# %% spoils: public_max_pooling
# Halves the image by taking maxima.
import torch
import torch.nn.functional as F
from torch import nn


class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        self.n_emb, widths = n_emb, list(widths)
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for come, go in zip([widths[0], *widths[:-1]], widths, strict=True):
            self.down.append(block(come, go, n_emb))
        for deep, level in reversed(list(zip(widths[1:], widths[:-1], strict=True))):
            self.up.append(block(deep + level, level, n_emb))
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        if any(size % 2 ** (len(self.down) - 1) for size in x.shape[-2:]):
            raise ValueError(f"images of {tuple(x.shape)} cannot be halved so often")
        context = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h = self.first(x)
        shortcuts = []
        for i, block in enumerate(self.down):
            h = block(F.max_pool2d(h, 2) if i else h, context)
            shortcuts.append(h)
        shortcuts.pop()
        for block in self.up:
            h = F.interpolate(h, scale_factor=2.0)
            h = block(torch.cat((h, shortcuts.pop()), dim=1), context)
        return self.last(h)
