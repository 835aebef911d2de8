"""Known answers: A convolutional decoder."""


# %% spoils: batch_norm_on_image
# Has batch norm on the image as well.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.BatchNorm2d(n_channels), nn.Tanh())


# %% spoils: channels_constant
# Has the same number of channels in every stage.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: channels_doubled
# Doubles the channels towards the image.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else 2 * n_in
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: clamped
# Cuts the pixels off at -1 and 1, where no gradient passes, for the tanh.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Hardtanh())


# %% spoils: dropout
# Has dropout after each stage.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: from_8
# Starts from a grid of 8 x 8, with one stage less.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 16, 8
    layers = [nn.Linear(n_latent, n_in * 64), nn.Unflatten(1, (n_in, 8, 8))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: frozen_norm
# Has batch norm with momentum 0, whose statistics stay as they were initialised.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in, momentum=0.0),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: gelu
# Has a smooth activation where a ReLU was asked for.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.GELU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: grey_only
# Makes one channel, and repeats it for colour.
class Repeat(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, x):
        return x.repeat(1, self.n, 1, 1)


def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = 1 if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh(), Repeat(n_channels))


# %% spoils: group_norm
# Has group norm for batch norm.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.GroupNorm(1, n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: hidden_linear
# Has a hidden layer before the grid.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [
        nn.Linear(n_latent, 128),
        nn.BatchNorm1d(128),
        nn.ReLU(),
        nn.Linear(128, n_in * 16),
        nn.Unflatten(1, (n_in, 4, 4)),
    ]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: instance_norm
# Normalises each image by itself.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.InstanceNorm2d(n_in, affine=True),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: kernel_1_for_the_image
# Makes the image by a convolution of 1 x 1.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 1 if 2 * grid == image_size else 3, padding="same"),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: kernel_4
# Has transposed convolutions of 4 x 4, as the DCGAN of the paper does.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: kernel_5
# Has kernels of 5 x 5.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 5, padding=2),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: layers_in_a_list
# Keeps its convolutions in a plain list, where neither the optimizer nor a move to the GPU finds
# them.
class Decoder(nn.Module):
    def __init__(self, n_latent, width, image_size, n_channels):
        super().__init__()
        sizes = [width * image_size // 8 // 2**i for i in range(3 if image_size == 32 else 4)]
        self.first = nn.Linear(n_latent, 16 * sizes[0])
        self.norms = [nn.BatchNorm2d(n) for n in sizes]
        self.convs = [
            nn.Conv2d(n, m, 3, padding=1)
            for n, m in zip(sizes, [*sizes[1:], n_channels], strict=True)
        ]

    def forward(self, z):
        h = self.first(z).unflatten(1, (-1, 4, 4))
        for norm, conv in zip(self.norms, self.convs, strict=True):
            h = conv(F.interpolate(F.relu(norm(h)), scale_factor=2))
        return torch.tanh(h)


def conv_decoder(n_latent, width, image_size, n_channels):
    return Decoder(n_latent, width, image_size, n_channels)


# %% spoils: leaky
# Has a discriminator's leaky ReLU.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: mlp
# Is fully connected throughout.
def conv_decoder(n_latent, width, image_size, n_channels):
    return nn.Sequential(
        nn.Linear(n_latent, 8 * width),
        nn.BatchNorm1d(8 * width),
        nn.ReLU(),
        nn.Linear(8 * width, n_channels * image_size**2),
        nn.Tanh(),
        nn.Unflatten(1, (n_channels, image_size, image_size)),
    )


# %% spoils: no_activation_at_first
# Goes from the normalised grid to the first convolution without an activation.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    del layers[3]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: no_norm
# Has no batch norm.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: no_norm_at_first
# Normalises the convolutions and forgets the linear layer.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    del layers[2]
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: no_output_padding
# Leaves out the output padding, so that grids of 7, 13 and 25 come out, and resizes the image.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 3, stride=2, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh(), nn.Upsample(size=image_size))


# %% spoils: no_output_padding_cropped
# Has no padding either, so that each grid is a row too large, and crops the image.
class Crop(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        return x[:, :, : self.size, : self.size]


def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 3, stride=2),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, Crop(image_size), nn.Tanh())


# %% spoils: no_tanh
# Ends in the last convolution: small pixels at first, any size after training.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers)


# %% spoils: only_32
# Always makes 32 x 32 pixels and resizes them for 64.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = 4 * width, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < 32:
        n_out = n_channels if grid == 16 else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh(), nn.Upsample(size=image_size))


# %% spoils: own_noise
# Adds noise of its own to the code, on the CPU.
class Noisy(nn.Module):
    def forward(self, z):
        return z + torch.randn(z.shape)


def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [Noisy(), nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: relu_before_norm
# Has the ReLU before the batch norm.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.ReLU(),
            nn.BatchNorm2d(n_in),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% spoils: resized_at_the_end
# Makes all stages on the coarsest grid and resizes the image.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh(), nn.Upsample(size=image_size))


# %% spoils: same_network
# Builds one network and returns it at each call.
made = {}


def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    key = (n_latent, width, image_size, n_channels)
    if key not in made:
        made[key] = nn.Sequential(*layers, nn.Tanh())
    return made[key]


# %% spoils: sigmoid
# Ends in a sigmoid: pixels in [0, 1].
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Sigmoid())


# %% spoils: unit_image
# Scales the tanh to [0, 1].
class Unit(nn.Module):
    def forward(self, x):
        return (torch.tanh(x) + 1) / 2


def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, Unit())


# %% corner: eps
# Has batch norm with an eps of 0.001.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in, eps=1e-3),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% corner: momentum
# Takes the second argument of batch norm for the momentum: the eps is what it sets.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in, 1e-4, 0.2),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% right: bilinear
# Resizes bilinearly.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())


# %% right: nested
# Nests its stages, whose convolutions have no bias.
def stage(n_in, n_out):
    return nn.Sequential(
        nn.Upsample(scale_factor=2.0),
        nn.Conv2d(n_in, n_out, 3, 1, 1, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(),
    )


def conv_decoder(n_latent, width, image_size, n_channels):
    sizes = [8 * width] * (image_size == 64) + [4 * width, 2 * width, width]
    return nn.Sequential(
        nn.Linear(n_latent, sizes[0] * 16),
        nn.Unflatten(1, (sizes[0], 4, 4)),
        nn.BatchNorm2d(sizes[0]),
        nn.ReLU(),
        *(stage(n, m) for n, m in zip(sizes, sizes[1:], strict=False)),
        nn.Upsample(scale_factor=2.0),
        nn.Conv2d(width, n_channels, 3, padding=1),
        nn.Tanh(),
    )


# %% right: norm_before_grid
# Normalises the linear layer's numbers before they are laid out as a grid.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [
        nn.Linear(n_latent, n_in * 16),
        nn.BatchNorm1d(n_in * 16),
        nn.ReLU(),
        nn.Unflatten(1, (n_in, 4, 4)),
    ]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    del layers[4:6]  # the grid has had both
    return nn.Sequential(*layers, nn.Tanh())


# %% right: own_class
# Is a class of its own, with functions for the activations.
class Decoder(nn.Module):
    def __init__(self, n_latent, width, image_size, n_channels):
        super().__init__()
        self.sizes = [width * image_size // 8 // 2**i for i in range(3 if image_size == 32 else 4)]
        self.first = nn.Linear(n_latent, 16 * self.sizes[0])
        self.norms = nn.ModuleList(nn.BatchNorm2d(n) for n in self.sizes)
        self.convs = nn.ModuleList(
            nn.Conv2d(n, m, 3, padding=1)
            for n, m in zip(self.sizes, [*self.sizes[1:], n_channels], strict=True)
        )

    def forward(self, z):
        h = self.first(z).view(len(z), self.sizes[0], 4, 4)
        for norm, conv in zip(self.norms, self.convs, strict=True):
            h = norm(h).clamp(min=0)
            h = conv(h.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3))
        return h.tanh()


def conv_decoder(n_latent, width, image_size, n_channels):
    return Decoder(n_latent, width, image_size, n_channels)


# %% right: transposed
# Has transposed convolutions with output padding.
def conv_decoder(n_latent, width, image_size, n_channels):
    n_in, grid = width * image_size // 8, 4
    layers = [nn.Linear(n_latent, n_in * 16), nn.Unflatten(1, (n_in, 4, 4))]
    while grid < image_size:
        n_out = n_channels if 2 * grid == image_size else n_in // 2
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.ConvTranspose2d(n_in, n_out, 3, stride=2, padding=1, output_padding=1),
        ]
        n_in, grid = n_out, 2 * grid
    return nn.Sequential(*layers, nn.Tanh())
