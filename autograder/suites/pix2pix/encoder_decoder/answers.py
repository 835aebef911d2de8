"""Known answers: A generator with a bottleneck."""


# %% spoils: norm_in_first
# Has batch norm in the first block as well, next to the image.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: no_norm_down
# Has no batch norm on the way down.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: no_dropout
# Has no dropout: there is no noise.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: dropout_of_channels
# Drops whole channels in place of numbers.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: fixed_dropout
# Drops with probability one half, whatever is asked for.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: relu_down
# Has ReLUs without a slope on the way down.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: default_slope
# Has leaky ReLUs with the library's slope of 0.01.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: leaky_up
# Has leaky ReLUs on the way up, too.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.LeakyReLU(0.2)] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: sigmoid
# Ends in a sigmoid: images between 0 and 1.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Sigmoid()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: no_tanh
# Ends without an activation.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else []
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: norm_before_tanh
# Has batch norm before the Tanh as well.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.BatchNorm2d(to), nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: norm_after_activation
# Normalises after the activation on the way up.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.ReLU(), nn.BatchNorm2d(to)] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: instance_norm
# Has instance norm with a scale and a shift in place of batch norm.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.InstanceNorm2d(to, affine=True), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: kernel_3
# Has kernels of 3 on the way down.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% corner: other_eps
# Has batch norm with another library's eps of 0.001.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to, eps=1e-3), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% corner: other_momentum
# Has batch norm with another momentum.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to, momentum=0.01), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: no_running_statistics
# Has batch norm without running statistics.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: frozen_first
# Leaves the first convolution as it was drawn.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: seeded
# Seeds the random numbers, so that all networks begin alike.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% corner: no_refusal
# Takes images of any size, and returns another one where halving leaves a rest.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% corner: height_only
# Looks at the height only.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:3]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% corner: assertion
# Raises an AssertionError.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise AssertionError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% corner: in_place_on_input
# Scales the image to [-1, 1] again, in place.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        x.data.clamp_(-1, 1)
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: in_evaluation_too
# Has its dropout on in evaluation mode as well.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = F.dropout(x, self.middle.p, training=True)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: dropout_in_front
# Drops pixels of the image in place of numbers in the middle.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        x = self.middle(x)
        for block in self.down:
            x = block(x)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: additive_skip
# Adds the input's brightness to the output of the middle.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        first = x
        for block in self.down:
            x = block(x)
        x = self.middle(x) + 0.1 * first.mean((1, 2, 3), keepdim=True)
        for block in self.up:
            x = block(x)
        return x


# %% spoils: detached_middle
# Detaches the middle, so that the way down learns nothing.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x.detach())
        for block in self.up:
            x = block(x)
        return x


# %% right: sequential_lists
# Walks over all parts in one loop.
class EncoderDecoder(nn.Module):
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
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))

    def forward(self, x: Tensor) -> Tensor:
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        h = x
        for part in [*self.down, self.middle, *self.up]:
            h = part(h)
        return h


# %% right: helper_functions
# Builds its blocks by helper functions, with in-place activations.
def down_block(n_in, n_out, first):
    block = nn.Sequential(nn.Conv2d(n_in, n_out, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1)))
    if not first:
        block.append(nn.BatchNorm2d(n_out))
    return block.append(nn.LeakyReLU(0.2, inplace=True))


def up_block(n_in, n_out, last):
    conv = nn.ConvTranspose2d(n_in, n_out, kernel_size=4, stride=2, padding=1)
    if last:
        return nn.Sequential(conv, nn.Tanh())
    return nn.Sequential(conv, nn.BatchNorm2d(n_out), nn.ReLU(True))


class EncoderDecoder(nn.Module):
    def __init__(self, n_in, n_out, widths, dropout=0.5):
        super().__init__()
        widths = list(widths)
        self.down = nn.ModuleList(
            down_block(a, b, i == 0) for i, (a, b) in enumerate(zip([n_in] + widths, widths))
        )
        self.middle = nn.Dropout(p=dropout)
        back = widths[::-1] + [n_out]
        self.up = nn.ModuleList(
            up_block(a, b, i == len(widths) - 1) for i, (a, b) in enumerate(zip(back, back[1:]))
        )

    def forward(self, x):
        height, width = x.shape[-2:]
        factor = 2 ** len(self.down)
        if height % factor != 0 or width % factor != 0:
            raise ValueError("size")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x


# %% right: recursive
# Goes down and up by recursion, with weights drawn as for a DCGAN.
class EncoderDecoder(nn.Module):
    def __init__(self, n_in, n_out, widths, dropout=0.5):
        super().__init__()
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        before = n_in
        for width in widths:
            layers = [nn.Conv2d(before, width, 4, 2, 1)]
            if before != n_in or len(self.down):
                layers.append(nn.BatchNorm2d(width))
            self.down.append(nn.Sequential(*layers, nn.LeakyReLU(negative_slope=0.2)))
            before = width
        self.middle = nn.Dropout(dropout)
        for width in [*reversed(widths[:-1])]:
            layers = nn.ConvTranspose2d(before, width, 4, 2, 1), nn.BatchNorm2d(width), nn.ReLU()
            self.up.append(nn.Sequential(*layers))
            before = width
        self.up.append(nn.Sequential(nn.ConvTranspose2d(before, n_out, 4, 2, 1), nn.Tanh()))
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.normal_(module.weight, 0.0, 0.02)

    def level(self, h, i):
        if i == len(self.down):
            return self.middle(h)
        return self.up[len(self.up) - 1 - i](self.level(self.down[i](h), i + 1))

    def forward(self, x):
        if x.size(2) % 2 ** len(self.down) or x.size(3) % 2 ** len(self.down):
            raise ValueError(x.shape)
        return self.level(x, 0)
