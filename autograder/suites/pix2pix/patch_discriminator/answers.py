"""Known answers: A discriminator of patches."""


# %% spoils: target_only
# Looks at the target only.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([torch.zeros_like(x), y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: target_first
# Puts the target in front of the source.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([y, x], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: source_detached
# Detaches the source.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x.detach(), y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: target_detached
# Detaches the target, so that the generator learns nothing.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y.detach()], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: sigmoid
# Ends in a sigmoid: probabilities in place of logits.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return torch.sigmoid(h)


# %% spoils: averaged
# Averages the map: one logit for the image.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h.mean((2, 3), keepdim=True)


# %% spoils: squeezed
# Takes the channel of the map away.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h.squeeze(1)


# %% spoils: norm_in_first
# Has batch norm next to the images as well.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: norm_in_last
# Has batch norm on the logits as well.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: no_norm
# Has no batch norm at all.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if False:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: instance_norm
# Has instance norm.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.InstanceNorm2d(to, affine=True))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: relu
# Has ReLUs without a slope.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.ReLU())
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: default_slope
# Has leaky ReLUs with the library's slope.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU())
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: activation_at_the_end
# Has an activation on the logits.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: constant_width
# Does not double the channels.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: padding_ignored
# Pads by 1 in each layer.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=1))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% spoils: stride_ignored
# Has a stride of 2 in the first layer and 1 in all others.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(
                nn.Conv2d(come, to, kernel, stride=2 if i == 0 else 1, padding=padding)
            )
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% corner: clamped_logits
# Keeps the logits between -30 and 30.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h.clamp(-30, 30)


# %% corner: other_eps
# Has batch norm with another eps.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to, eps=1e-3))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% corner: one_layer_forgotten
# Takes the first layer for a hidden one, even if it is the only one.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1 and i > 0
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h


# %% right: sequential
# Is one Sequential of Sequentials.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.Sequential()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        return self.blocks(h)


# %% right: list_of_layers
# Collects the layers of each block in a list, with in-place activations.
class PatchDiscriminator(nn.Module):
    def __init__(self, n_source, n_target, width, layers):
        super().__init__()
        sizes = [n_source + n_target] + [width * (2**i) for i in range(len(layers) - 1)] + [1]
        self.blocks = nn.ModuleList()
        for i, (k, s, p) in enumerate(layers):
            parts = [nn.Conv2d(sizes[i], sizes[i + 1], k, s, p)]
            if i != len(layers) - 1:
                if i != 0:
                    parts += [nn.BatchNorm2d(sizes[i + 1])]
                parts += [nn.LeakyReLU(0.2, inplace=True)]
            self.blocks.append(nn.Sequential(*parts))

    def forward(self, x, y):
        h = torch.cat((x, y), 1)
        for block in self.blocks:
            h = block(h)
        return h


# %% right: initialised
# Draws its weights as a DCGAN does.
class PatchDiscriminator(nn.Module):
    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if 0 < i and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            nn.init.normal_(block[0].weight, 0.0, 0.02)
            come = to

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h
