"""Known answers: the U-Net."""

# %% spoils: library
# Returns the U-Net of dgm.
import dgm.unet


class TimeUNet(dgm.unet.UNet):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__(n_channels, 8)


# %% spoils: no_skips
# Hands zeros over in place of the skips.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(
                torch.cat(
                    [F.interpolate(h, scale_factor=2.0), torch.zeros_like(skips.pop())], dim=1
                ),
                emb,
            )
        return self.last(h)


# %% spoils: skip_in_front
# Concatenates the skip in front.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([skips.pop(), F.interpolate(h, scale_factor=2.0)], dim=1), emb)
        return self.last(h)


# %% spoils: finest_skip_first
# Hands the skips over in the order in which they were made, where the sizes allow it.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            up = F.interpolate(h, scale_factor=2.0)
            skip = F.interpolate(
                skips.pop(), size=up.shape[2:], mode="bilinear", align_corners=True
            ).roll(1, 1)
            h = block(torch.cat([up, skip], dim=1), emb)
        return self.last(h)


# %% spoils: max_pooling
# Pools by the maximum.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.max_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: every_second_pixel
# Takes every second pixel.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(h[:, :, ::2, ::2] if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: bilinear
# Upsamples bilinearly.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(
                torch.cat(
                    [F.interpolate(h, scale_factor=2.0, mode="bilinear"), skips.pop()], dim=1
                ),
                emb,
            )
        return self.last(h)


# %% spoils: time_ignored
# Gives the blocks an embedding of time 0.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(0 * t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: raw_embedding
# Gives the blocks the sines and cosines without the layers of `embed`.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = time_embedding(t.to(x.dtype), self.n_emb) + 0 * self.embed.requires_grad_()(
            time_embedding(t.to(x.dtype), self.n_emb)
        )
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: relu_in_embed
# Has a ReLU in the embedding.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.ReLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: period_of_one_thousand
# Takes another largest period.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb, 1000.0))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: no_last_norm
# Leaves out group norm and SiLU at the end, though it has them.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last[2](h)


# %% spoils: residual_output
# Adds the input to the output.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return x + self.last(h)


# %% spoils: bounded_output
# Ends with a tanh.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return torch.tanh(self.last(h))


# %% spoils: pooled_before_first_block
# Pools before the first block as well, and upsamples at the end.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(
                F.interpolate(F.avg_pool2d(h, 2), scale_factor=2.0)
                if i == 0 and min(h.shape[2:]) > 1 and h.shape[2] % 2 == 0 and h.shape[3] % 2 == 0
                else (F.avg_pool2d(h, 2) if i > 0 else h),
                emb,
            )
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: skip_before_block
# Hands over what comes into a block, not what it returns, where the channels allow it.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            into = F.avg_pool2d(h, 2) if i > 0 else h
            h = block(into, emb)
            skips.append(into if into.shape == h.shape else h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: coarsest_block_twice
# Runs the coarsest block twice, like a block in the middle.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        if (
            len(self.down) > 1
            and self.down[-1](F.avg_pool2d(skips[-1], 2), emb).shape
            == F.avg_pool2d(skips[-1], 2).shape
        ):
            h = self.down[-1](h, emb)
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: first_time_for_all
# Takes the first sample's time for all.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t[:1].expand(len(x)).to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: blocks_of_its_own
# Ignores the argument `block`.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(ResidualBlock(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            ResidualBlock(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: extra_parameter
# Has a parameter that is not in the table.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.extra = nn.Parameter(torch.zeros(1))
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% spoils: detached_skips
# Detaches the skips.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError("sizes")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(
                torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop().detach()], dim=1), emb
            )
        return self.last(h)


# %% corner: any_size
# Pads images of other sizes instead of raising.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            padded = F.pad(x, (0, -x.shape[3] % factor, 0, -x.shape[2] % factor))
            return self(padded, t)[:, :, : x.shape[2], : x.shape[3]]
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% corner: runtime_error
# Leaves the error to PyTorch.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def forward(self, x, t):
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise RuntimeError
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)


# %% right: recursive
# Goes down and up by recursion.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )

    def level(self, h, emb, i):
        h = self.down[i](h, emb)
        if i + 1 == len(self.down):
            return h
        below = self.level(nn.AvgPool2d(2)(h), emb, i + 1)
        up = nn.UpsamplingNearest2d(scale_factor=2)(below)
        return self.up[len(self.up) - 1 - i](torch.cat((up, h), dim=1), emb)

    def forward(self, x, t):
        for size in x.shape[-2:]:
            if size % (1 << len(self.up)):
                raise ValueError(f"{size} cannot be halved {len(self.up)} times")
        emb = self.embed(time_embedding(t.to(dtype=x.dtype), self.n_emb))
        return self.last(self.level(self.first(x), emb, 0))


# %% right: own_embedding
# Writes the sines and cosines out, with frequencies kept in a buffer.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )
        half = n_emb // 2
        places = torch.arange(half, dtype=torch.float64) / max(half - 1, 1)
        self.register_buffer("rates", 10_000.0**-places, persistent=False)

    def forward(self, x, t):
        if any(size % 2 ** len(self.up) for size in x.shape[2:]):
            raise ValueError(f"no size for {len(self.down)} levels: {tuple(x.shape)}")
        angles = t.to(x.dtype)[:, None] * self.rates.to(x.dtype)
        parts = [angles.sin(), angles.cos()]
        if self.n_emb % 2:
            parts.append(torch.zeros_like(angles[:, :1]))
        emb = self.embed(torch.cat(parts, dim=1))
        h = self.down[0](self.first(x), emb)
        skips = [h]
        for block in list(self.down)[1:]:
            h = block(F.avg_pool2d(h, kernel_size=2, stride=2), emb)
            skips.append(h)
        for block, skip in zip(self.up, skips[-2::-1]):
            h = F.interpolate(h, size=skip.shape[2:], mode="nearest")
            h = block(torch.cat([h, skip], 1), emb)
        return self.last(h)


# %% right: indexed
# Indexes levels from the coarsest one.
class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        widths = tuple(widths)
        self.sizes = n_emb, 2 ** (len(widths) - 1)
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding="same")
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for i, width in enumerate(widths):
            self.down.append(block(widths[max(0, i - 1)], width, n_emb))
        for coarse, fine in zip(widths[:0:-1], widths[-2::-1]):
            self.up.append(block(coarse + fine, fine, n_emb))
        norm = nn.GroupNorm(num_groups=N_GROUPS, num_channels=widths[0])
        conv = nn.Conv2d(widths[0], n_channels, 3, padding="same")
        self.last = nn.Sequential(norm, nn.SiLU(), conv)

    def forward(self, x, t):
        n_emb, factor = self.sizes
        if x.shape[-1] % factor != 0 or x.shape[-2] % factor != 0:
            raise ValueError("height and width")
        emb = self.embed(time_embedding(t.to(x), n_emb))
        outputs = []
        h = self.first(x)
        for i in range(len(self.down)):
            if i:
                b, c, height, width = h.shape
                h = h.reshape(b, c, height // 2, 2, width // 2, 2).mean(dim=(3, 5))
            h = self.down[i](h, emb)
            outputs.append(h)
        for i in range(len(self.up)):
            h = h.repeat_interleave(2, 2).repeat_interleave(2, 3)
            h = self.up[i](torch.cat([h, outputs[-2 - i]], 1), emb)
        return self.last(h)


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


# %% right: public_counted_down
# Keeps a list for each level, and counts its places down from the end.
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
        place = len(shortcuts) - 2
        for block in self.up:
            for module in (nn.Upsample(scale_factor=2), block):
                if isinstance(module, nn.Upsample):
                    h = module(h)
                else:
                    h = module(torch.cat([h, shortcuts[place]], dim=1), context)
                    place -= 1
        return self.last(h)


# %% spoils: public_learned_resampling
# Halves images by strided convolutions, and convolves after upsampling.
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
        self.halve = nn.ModuleList(nn.Conv2d(w, w, 2, stride=2) for w in widths[:-1])
        self.smooth = nn.ModuleList(nn.Conv2d(w, w, 3, padding=1) for w in widths[:0:-1])
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
                h = self.halve[i - 1](h)
            h = block(h, context)
            shortcuts.append(h)
        h = shortcuts.pop()
        for smooth, block in zip(self.smooth, self.up, strict=True):
            h = smooth(nn.Upsample(scale_factor=2, mode="nearest")(h))
            h = torch.concatenate([h, shortcuts.pop()], dim=1)
            h = block(h, context)
        return self.last(h)


# %% spoils: public_gelu_in_embed
# Has a GELU between the layers of the embedding, where the table has a SiLU.
import torch
import torch.nn.functional as F
from torch import nn


class TimeUNet(nn.Module):
    def __init__(self, n_channels, widths, n_emb, block):
        super().__init__()
        self.n_emb, widths = n_emb, list(widths)
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.GELU(), nn.Linear(n_emb, n_emb))
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
