"""Known answers: A DCGAN generator."""


# %% wrong: channels_doubled
# Doubles the channels towards the image.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in range(n_stages)]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: clamped
# Cuts the pixels off at -1 and 1, where no gradient passes, for the tanh.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Hardtanh())


# %% wrong: frozen_norm
# Has batch norm with momentum 0, whose statistics stay as they were initialised.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in, momentum=0.0),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: gelu
# Has a smooth activation where a ReLU was asked for.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.GELU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: grey_only
# Makes one channel, and repeats it for colour.
class Repeat(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, x):
        return x.repeat(1, self.n, 1, 1)


def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], 1], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh(), Repeat(n_channels))


# %% wrong: group_norm
# Has group norm but for the last stage.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            (nn.BatchNorm2d(n_in) if n_in == width else nn.GroupNorm(1, n_in)),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: hidden_linear
# Has a fully connected hidden layer before the projection.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [nn.Linear(n_latent, 128), nn.BatchNorm1d(128), nn.ReLU()]
    layers += [
        nn.Linear(128, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: instance_norm
# Normalises each image by itself.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.InstanceNorm2d(n_in, affine=True),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: layers_in_a_list
# Keeps its hidden layers in a plain list, where neither the optimizer nor a move to the GPU finds
# them.
class Generator(nn.Module):
    def __init__(self, n_latent, width, image_size, n_channels):
        super().__init__()
        self.coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
        self.channels = [width * 2**stage for stage in reversed(range(n_stages))]
        self.project = nn.Linear(n_latent, self.channels[0] * self.coarse**2)
        self.norms = [nn.BatchNorm2d(n) for n in self.channels]
        self.convs = [
            nn.ConvTranspose2d(n, m, 4, 2, 1)
            for n, m in zip(self.channels, [*self.channels[1:], n_channels], strict=True)
        ]

    def forward(self, z):
        h = self.project(z).view(-1, self.channels[0], self.coarse, self.coarse)
        for norm, conv in zip(self.norms, self.convs, strict=True):
            h = conv(F.relu(norm(h)))
        return torch.tanh(h)


def build_generator(n_latent, width, image_size, n_channels):
    return Generator(n_latent, width, image_size, n_channels)


# %% wrong: leaky
# Has the discriminator's leaky ReLU in the generator.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: max_pooled
# Makes the image twice as large and pools it.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=4),
            F_pool(),
        ]
    return nn.Sequential(*layers, nn.Tanh())


class F_pool(nn.Module):
    def forward(self, x):
        return F.max_pool2d(x, 2)


# %% wrong: mlp
# Is fully connected throughout: the generator before DCGAN.
def build_generator(n_latent, width, image_size, n_channels):
    sizes = [n_latent, 4 * width, 8 * width]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(n_in, n_out), nn.BatchNorm1d(n_out), nn.ReLU()]
    layers += [nn.Linear(sizes[-1], n_channels * image_size**2), nn.Tanh()]
    return nn.Sequential(*layers, nn.Unflatten(1, (n_channels, image_size, image_size)))


# %% wrong: no_activation_after_projection
# Goes from the normalised projection to the next layer without an activation.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    del layers[3]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: no_norm_after_projection
# Normalises the convolutions and forgets the projection of the code.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    del layers[2]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: no_tanh
# Ends in the image layer: small pixels at first, any size after training.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers)


# %% wrong: norm_on_image
# Has batch norm on the image as well.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.BatchNorm2d(n_channels), nn.Tanh())


# %% wrong: only_28
# Always makes 28 x 28 pixels and resizes them for 64.
def build_generator(n_latent, width, image_size, n_channels):
    return nn.Sequential(
        *(
            nn.Linear(n_latent, 2 * width * 49),
            nn.Unflatten(1, (2 * width, 7, 7)),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
        ),
        *(nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.BatchNorm2d(width), nn.ReLU()),
        *(
            nn.ConvTranspose2d(width, n_channels, 4, 2, 1),
            nn.Tanh(),
            nn.Upsample(size=(image_size, image_size)),
        ),
    )


# %% wrong: own_noise
# Adds noise of its own to the code, on the CPU.
class Noisy(nn.Module):
    def forward(self, z):
        return z + torch.randn(z.shape)


def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        Noisy(),
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: relu6
# Caps the ReLU at 6.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU6(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: relu_before_norm
# Has the ReLU before the batch norm.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.ReLU(),
            nn.BatchNorm2d(n_in),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: resized_at_once
# Makes two stages on the coarse grid and resizes four-fold at the end.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels[:-1], channels[1:], strict=True):
        layers += [nn.BatchNorm2d(n_in), nn.ReLU(), nn.Conv2d(n_in, n_out, 3, padding=1)]
    layers += [
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.Upsample(size=(image_size, image_size), mode="bilinear"),
    ]
    return nn.Sequential(*layers, nn.Conv2d(width, n_channels, 3, padding=1), nn.Tanh())


# %% wrong: same_channels
# Keeps `width` channels in all stages.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% wrong: shared_network
# Builds the network once and hands the same one out again.
_built = {}


def build_generator(n_latent, width, image_size, n_channels):
    key = (n_latent, width, image_size, n_channels)
    if key not in _built:
        coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
        channels = [width * 2**stage for stage in reversed(range(n_stages))]
        layers = [
            nn.Linear(n_latent, channels[0] * coarse**2),
            nn.Unflatten(1, (channels[0], coarse, coarse)),
        ]
        for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
            layers += [
                nn.BatchNorm2d(n_in),
                nn.ReLU(),
                nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
            ]
        _built[key] = nn.Sequential(*layers, nn.Tanh())
    return _built[key]


# %% wrong: sigmoid
# Ends in a sigmoid, so that no pixel is black.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Sigmoid())


# %% wrong: twice_as_wide
# Ends with twice as many channels before the image layer as was asked for.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2 ** (stage + 1) for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% right: bilinear_keywords
# Resizes bilinearly with modules, normalises the flat projection, and is called with keywords.
def build_generator(n_latent, width, image_size, n_channels):
    small = image_size == 28
    n, grid = (2 * width, 7) if small else (8 * width, 4)
    layers = [
        nn.Linear(in_features=n_latent, out_features=n * grid**2),
        nn.BatchNorm1d(n * grid**2),
        nn.ReLU(),
    ]
    layers.append(nn.Unflatten(dim=1, unflattened_size=(n, grid, grid)))
    for _ in range(1 if small else 3):
        layers += [
            nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False),
            nn.Conv2d(in_channels=n, out_channels=n // 2, kernel_size=5, padding=2),
            nn.BatchNorm2d(num_features=n // 2),
            nn.ReLU(),
        ]
        n //= 2
    layers += [
        nn.Upsample(scale_factor=2, mode="bilinear"),
        nn.Conv2d(n, n_channels, kernel_size=5, padding="same"),
        nn.Tanh(),
    ]
    return nn.Sequential(*layers)


# %% right: extra_stage
# Makes the image by a convolution at full resolution, from a grid with one stage more.
class Generator(nn.Module):
    def __init__(self, n_latent, width, grid, n_stages, n_channels):
        super().__init__()
        self.grid = grid
        self.first = nn.Linear(n_latent, width * 2**n_stages * grid**2)
        self.norms, self.ups = nn.ModuleList(), nn.ModuleList()
        for k in range(n_stages, 0, -1):
            self.norms.append(nn.BatchNorm2d(width * 2**k))
            self.ups.append(nn.ConvTranspose2d(width * 2**k, width * 2 ** (k - 1), 2, stride=2))
        self.norms.append(nn.BatchNorm2d(width))
        self.last = nn.Conv2d(width, n_channels, 3, padding=1)

    def forward(self, z):
        h = self.first(z).reshape(z.shape[0], -1, self.grid, self.grid)
        for norm, up in zip(self.norms, self.ups):
            h = up(norm(h).clamp(min=0))
        return self.last(torch.relu(self.norms[-1](h))).tanh()


def build_generator(n_latent, width, image_size, n_channels):
    grid, n_stages = {28: (7, 2), 64: (4, 4)}[image_size]
    return Generator(n_latent, width, grid, n_stages, n_channels)


# %% right: pixel_shuffle
# Doubles the resolution by shuffling channels into pixels.
def build_generator(n_latent, width, image_size, n_channels):
    grid, n_stages = {28: (7, 2), 64: (4, 4)}[image_size]
    n = width * 2 ** (n_stages - 1)
    layers = [
        nn.Linear(n_latent, n * grid**2),
        nn.Unflatten(1, (n, grid, grid)),
        nn.BatchNorm2d(n),
        nn.ReLU(True),
    ]
    while n > width:
        layers += [
            nn.Conv2d(n, 2 * n, 3, padding=1),
            nn.PixelShuffle(2),
            nn.BatchNorm2d(n // 2),
            nn.ReLU(True),
        ]
        n //= 2
    return nn.Sequential(
        *layers, nn.Conv2d(width, 4 * n_channels, 3, padding=1), nn.PixelShuffle(2), nn.Tanh()
    )


# %% right: resize_class
# Resizes by nearest neighbour and convolves, in a class with activations as functions.
class Stage(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.conv = nn.Conv2d(n_in, n_out, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(n_out)

    def forward(self, x):
        return F.relu(self.norm(self.conv(F.interpolate(x, scale_factor=2))))


class Generator(nn.Module):
    def __init__(self, n_latent, width, image_size, n_channels):
        super().__init__()
        self.grid = 7 if image_size == 28 else 4
        n = 2 * width if image_size == 28 else 8 * width
        self.project = nn.Linear(n_latent, n * self.grid * self.grid)
        self.norm = nn.BatchNorm2d(n)
        self.stages = nn.ModuleList()
        while n > width:
            self.stages.append(Stage(n, n // 2))
            n //= 2
        self.image = nn.Conv2d(n, n_channels, 3, padding=1)

    def forward(self, z):
        h = self.project(z)
        h = F.relu(self.norm(h.view(len(z), -1, self.grid, self.grid)))
        for stage in self.stages:
            h = stage(h)
        return torch.tanh(self.image(F.interpolate(h, scale_factor=2)))


def build_generator(n_latent, width, image_size, n_channels):
    return Generator(n_latent, width, image_size, n_channels)


# %% right: transposed
# The paper's own upsampling: transposed convolutions of kernel 4, stride 2 and padding 1.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% right: transposed_projection
# Projects by a transposed convolution of a 1x1 map, with in-place activations and the
# initialisation of the paper.
class To1x1(nn.Module):
    def forward(self, z):
        return z[:, :, None, None]


def build_generator(n_latent, width, image_size, n_channels):
    def block(n_in, n_out, *where):
        return nn.Sequential(
            nn.ConvTranspose2d(n_in, n_out, *where, bias=False),
            nn.BatchNorm2d(n_out),
            nn.ReLU(inplace=True),
        )

    if image_size == 28:
        body = [block(n_latent, 2 * width, 7, 1, 0), block(2 * width, width, 4, 2, 1)]
    else:
        body = [block(n_latent, 8 * width, 4, 1, 0)]
        body += [block(n * width, n * width // 2, 4, 2, 1) for n in (8, 4, 2)]
    network = nn.Sequential(
        To1x1(), *body, nn.ConvTranspose2d(width, n_channels, 4, 2, 1, bias=False), nn.Tanh()
    )
    for module in network.modules():
        if isinstance(module, nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.02)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.02)
    return network
