"""Known answers: A generator with skips."""


# %% spoils: norm_in_first
# Has batch norm in the first block as well, next to the image.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)]
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: no_norm_down
# Has no batch norm on the way down.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: no_dropout
# Has no dropout: there is no noise.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Identity()
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: dropout_of_channels
# Drops whole channels in place of numbers.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout2d(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: fixed_dropout
# Drops with probability one half, whatever is asked for.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(0.5)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: relu_down
# Has ReLUs without a slope on the way down.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.ReLU()))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: default_slope
# Has leaky ReLUs with the library's slope of 0.01.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU()))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: leaky_up
# Has leaky ReLUs on the way up, too.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.LeakyReLU(0.2)] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: sigmoid
# Ends in a sigmoid: images between 0 and 1.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Sigmoid()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: no_tanh
# Ends without an activation.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else []
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: norm_before_tanh
# Has batch norm before the Tanh as well.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.BatchNorm2d(to), nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: norm_after_activation
# Normalises after the activation on the way up.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.ReLU(), nn.BatchNorm2d(to)] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: instance_norm
# Has instance norm with a scale and a shift in place of batch norm.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.InstanceNorm2d(width, affine=True)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.InstanceNorm2d(to, affine=True), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: kernel_3
# Has kernels of 3 on the way down.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 3, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% corner: other_eps
# Has batch norm with another library's eps of 0.001.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width, eps=1e-3)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to, eps=1e-3), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% corner: other_momentum
# Has batch norm with another momentum.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to, momentum=0.01), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: no_running_statistics
# Has batch norm without running statistics.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width, track_running_stats=False)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: frozen_first
# Leaves the first convolution as it was drawn.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.down[0].requires_grad_(False)
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: seeded
# Seeds the random numbers, so that all networks begin alike.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        torch.manual_seed(0)
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% corner: no_refusal
# Takes images of any size, and returns another one where halving leaves a rest.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% corner: height_only
# Looks at the height only.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:3]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% corner: assertion
# Raises an AssertionError.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise AssertionError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% corner: in_place_on_input
# Scales the image to [-1, 1] again, in place.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        x.data.clamp_(-1, 1)
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: in_evaluation_too
# Has its dropout on in evaluation mode as well.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](F.dropout(skips.pop(), self.middle.p, training=True))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% spoils: skip_first
# Puts the skip in front of what comes from below.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([skips.pop(), x], dim=1))
        return x


# %% spoils: skips_detached
# Detaches the skips, which then carry signal but no gradient.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop().detach()], dim=1))
        return x


# %% spoils: skips_from_the_wrong_end
# Hands the skips over from the coarse end, where sizes allow it by resizing.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            skip = F.interpolate(skips[-1], size=x.shape[2:])[:, : x.shape[1]]
            skip = F.pad(skip, (0, 0, 0, 0, 0, block[0].in_channels - x.shape[1] - skip.shape[1]))
            x = block(torch.cat([x, skip], dim=1))
        return x


# %% spoils: skips_dropped_out
# Drops numbers of the skips as well.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, self.middle(skips.pop())], dim=1))
        return x


# %% spoils: doubled
# Concatenates what comes from below with itself: there are no skips.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, x], dim=1))
        return x


# %% spoils: skips_of_zeros
# Hands zeros over in place of the skips.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, torch.zeros_like(skips.pop())], dim=1))
        return x


# %% spoils: coarse_skip_missing
# Uses the finest skip only; the others are zeros.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            skip = skips.pop()
            x = block(torch.cat([x, skip if not skips else 0 * skip], dim=1))
        return x


# %% spoils: dropout_behind_first_up
# Drops what the first block on the way up returns.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.middle(self.up[0](skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x


# %% right: stack
# Indexes the skips from the end.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        kept = [x]
        for block in self.down:
            kept.append(block(kept[-1]))
        h = self.middle(kept[-1])
        for j, block in enumerate(self.up):
            if j > 0:
                h = torch.cat((h, kept[-1 - j]), 1)
            h = block(h)
        return h


# %% right: recursive
# Is recursive, with lists comprehended.
class UNetGenerator(nn.Module):
    def __init__(self, n_in, n_out, widths, dropout=0.5):
        super().__init__()
        widths = list(widths)
        n = len(widths)

        def down(i):
            conv = nn.Conv2d(([n_in] + widths)[i], widths[i], 4, 2, 1)
            if i == 0:
                return nn.Sequential(conv, nn.LeakyReLU(0.2))
            return nn.Sequential(conv, nn.BatchNorm2d(widths[i]), nn.LeakyReLU(0.2))

        def up(i):
            read = widths[i] if i == n - 1 else widths[i] + widths[i]
            if i == 0:
                return nn.Sequential(nn.ConvTranspose2d(read, n_out, 4, 2, 1), nn.Tanh())
            conv = nn.ConvTranspose2d(read, widths[i - 1], 4, 2, 1)
            return nn.Sequential(conv, nn.BatchNorm2d(widths[i - 1]), nn.ReLU())

        self.down = nn.ModuleList([down(i) for i in range(n)])
        self.up = nn.ModuleList([up(i) for i in range(n - 1, -1, -1)])
        self.middle = nn.Dropout(dropout)

    def inside(self, i, h):
        h = self.down[i](h)
        if i == len(self.down) - 1:
            return self.up[0](self.middle(h))
        return self.up[-1 - i](torch.cat([self.inside(i + 1, h), h], 1))

    def forward(self, x):
        if not all(size % 2 ** len(self.down) == 0 for size in x.shape[-2:]):
            raise ValueError("size")
        return self.inside(0, x)


# %% right: reversed_zip
# Walks up together with the skips in reversed order.
class UNetGenerator(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(x))
        for block, skip in zip(list(self.up)[1:], skips[-2::-1], strict=True):
            x = block(torch.concatenate((x, skip), dim=1))
        return x
