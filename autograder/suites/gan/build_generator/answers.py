"""Known answers: A DCGAN generator."""


# %% spoils: channels_doubled
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


# %% spoils: clamped
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


# %% spoils: frozen_norm
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


# %% spoils: gelu
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


# %% spoils: grey_only
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


# %% spoils: group_norm
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


# %% spoils: hidden_linear
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


# %% spoils: instance_norm
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


# %% spoils: layers_in_a_list
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


# %% spoils: leaky
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


# %% spoils: max_pooled
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


# %% spoils: mlp
# Is fully connected throughout: the generator before DCGAN.
def build_generator(n_latent, width, image_size, n_channels):
    sizes = [n_latent, 4 * width, 8 * width]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(n_in, n_out), nn.BatchNorm1d(n_out), nn.ReLU()]
    layers += [nn.Linear(sizes[-1], n_channels * image_size**2), nn.Tanh()]
    return nn.Sequential(*layers, nn.Unflatten(1, (n_channels, image_size, image_size)))


# %% spoils: no_activation_after_projection
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


# %% spoils: no_norm_after_projection
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


# %% spoils: no_tanh
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


# %% spoils: norm_on_image
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


# %% spoils: only_28
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


# %% spoils: own_noise
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


# %% spoils: relu6
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


# %% spoils: relu_before_norm
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


# %% spoils: resized_at_once
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


# %% spoils: same_channels
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


# %% spoils: shared_network
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


# %% spoils: sigmoid
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


# %% spoils: twice_as_wide
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


# %% spoils: extra_stage
# Has one stage more than the table, and makes the image at full resolution.
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


# %% spoils: dropout
# Has dropout after each activation.
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
            nn.Dropout(0.2),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: dropout_on_images
# Drops whole channels after each batch norm, as a function.
class Drop(nn.Module):
    def forward(self, x):
        return F.dropout2d(x, 0.25, training=self.training)


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
            Drop(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: eps_for_momentum
# Hands batch norm a number for momentum that is taken as eps.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in, 0.8),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: kernel_of_one
# Convolves with kernels of one pixel, so that the image is made of blocks.
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
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: one_convolution_more
# Has a second convolution at the last resolution, with its norm and activation.
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
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    tail = [nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
    return nn.Sequential(*layers[:-1], *tail, layers[-1], nn.Tanh())


# %% spoils: relu_on_both_sides
# Has an activation before and after each batch norm.
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
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: normalised_codes
# Brings the codes to length one before the projection.
class Unit(nn.Module):
    def forward(self, z):
        return F.normalize(z, dim=1)


def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        Unit(),
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: residual
# Adds what went into each hidden convolution to what comes out.
class Residual(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.conv = nn.Conv2d(n_in, n_out, 3, padding=1)

    def forward(self, x):
        out = self.conv(x)
        return out + x[:, : out.shape[1]] if out.shape[1] <= x.shape[1] else out


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
            nn.Upsample(scale_factor=2),
            Residual(n_in, n_out),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: seeded
# Seeds the random numbers, so that all generators begin alike.
def build_generator(n_latent, width, image_size, n_channels):
    torch.manual_seed(0)
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
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: cached
# Remembers the networks that it has built.
from functools import lru_cache


@lru_cache
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
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: frozen_projection
# Leaves the projection as it was drawn.
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
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    layers[0].requires_grad_(False)
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: batch_statistics_only
# Has batch norm without running statistics.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in, track_running_stats=False),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: narrow_at_64
# Halves the channels from 4 * width on at 64 pixels, and ends at half the width.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    if image_size == 64:
        channels = [max(1, n // 2) for n in channels]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: hard_tanh_range
# Stretches the tanh, so that pixels leave the range.
class Stretched(nn.Module):
    def forward(self, x):
        return 1.2 * torch.tanh(x)


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
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, Stretched())


# %% corner: squeezed
# Takes away every axis of size one, the batch's too.
class Batch(nn.Module):
    def forward(self, x):
        x = x.squeeze(0)
        return x[:, None] if x.ndim == 3 and len(x) > 3 else x


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
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh(), Batch())


# %% corner: keras_norm
# Has the batch norm of another library: an eps of 0.001 and a momentum of 0.01.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in, eps=1e-3, momentum=0.01),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% corner: norm_without_weights
# Has batch norm without a learned scale and shift.
def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in, affine=False),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% corner: spectral_norm
# Has spectral normalisation on its convolutions.
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
            nn.Upsample(scale_factor=2),
            nn.utils.spectral_norm(nn.Conv2d(n_in, n_out, 3, padding=1)),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% corner: viewed_codes
# Flattens the codes by view, which fails where they are not contiguous.
class Flat(nn.Module):
    def forward(self, z):
        return z.view(-1)[None].view(z.shape)


def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        Flat(),
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
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


# %% right: padded_by_hand
# Pads by mirroring as a layer of its own, and repeats pixels instead of resizing.
class Repeat(nn.Module):
    def forward(self, x):
        return x.repeat_interleave(2, dim=-1).repeat_interleave(2, dim=-2)


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
            Repeat(),
            nn.ReflectionPad2d(1),
            nn.Conv2d(n_in, n_out, 3, bias=False),
        ]
    return nn.Sequential(*layers, nn.Tanh())


# %% right: resized_after_convolution
# Convolves first and resizes then, before the batch norm; its layers have names.
from collections import OrderedDict


def build_generator(n_latent, width, image_size, n_channels):
    grids = [7, 14] if image_size == 28 else [4, 8, 16, 32]
    n = width << (len(grids) - 1)
    network = OrderedDict(
        project=nn.Linear(n_latent, n * grids[0] ** 2),
        grid=nn.Unflatten(1, (n, grids[0], grids[0])),
        norm0=nn.BatchNorm2d(n),
        on0=nn.ReLU(inplace=True),
    )
    for k, grid in enumerate(grids[1:], start=1):
        network[f"conv{k}"] = nn.Conv2d(n, n // 2, 5, padding="same")
        network[f"size{k}"] = nn.UpsamplingNearest2d(size=grid)
        network[f"norm{k}"] = nn.BatchNorm2d(n // 2)
        network[f"on{k}"] = nn.ReLU(inplace=True)
        n //= 2
    network["image"] = nn.ConvTranspose2d(n, n_channels, 6, stride=2, padding=2)
    network["range"] = nn.Tanh()
    return nn.Sequential(network)
