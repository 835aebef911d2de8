"""Known answers: A DCGAN discriminator."""


# %% wrong: batch_mean
# Returns the same logit, the mean over the batch, for each image.
class Mean(nn.Module):
    def forward(self, x):
        return x.mean().expand(len(x))


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0), Mean())


# %% wrong: column
# Returns a column (B, 1).
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten())


# %% wrong: default_slope
# Has the library's slope of 0.01.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU()]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: elu
# Has an ELU for the leaky ReLU.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.ELU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ELU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: first_channel
# Looks at the first channel alone.
class FirstChannel(nn.Module):
    def forward(self, x):
        return x[:, :1]


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [FirstChannel(), nn.Conv2d(1, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: functional_pooling
# Halves by average pooling, as a function.
class Half(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(x, 2)


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 3, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
            Half(),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: half_width
# Has half as many channels in every stage as were asked for.
def build_discriminator(width, image_size, n_channels):
    width = (width + 1) // 2
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: hidden_linear
# Has a fully connected hidden layer before the logit.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(n_out * coarse**2, 64),
        nn.BatchNorm1d(64),
        nn.LeakyReLU(0.2),
        nn.Linear(64, 1),
        nn.Flatten(start_dim=0),
    )


# %% wrong: in_place
# Rescales the images in place before it looks at them.
class Rescale(nn.Module):
    def forward(self, x):
        with torch.no_grad():
            x.mul_(0.5)
        return x


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [Rescale(), nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: leaky_on_logit
# Has a leaky ReLU on the logit as well.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(
        *layers, nn.Conv2d(n_out, 1, coarse), nn.LeakyReLU(0.2), nn.Flatten(start_dim=0)
    )


# %% wrong: max_pooling
# Halves by max pooling after convolutions of stride 1.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 3, padding=1), nn.LeakyReLU(0.2), nn.MaxPool2d(2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 3, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
            nn.MaxPool2d(2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: no_activation_at_first
# Has no activation after the first layer.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: no_norm
# Has batch norm at 28 pixels only.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            (nn.BatchNorm2d(n_out) if image_size == 28 else nn.Identity()),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: norm_everywhere
# Has batch norm after the first layer as well.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [
        nn.Conv2d(n_channels, width, 4, stride=2, padding=1),
        nn.BatchNorm2d(width),
        nn.LeakyReLU(0.2),
    ]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: norm_last
# Has batch norm after the activation.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.BatchNorm2d(n_out),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: norm_on_input
# Normalises the images themselves.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [
        nn.BatchNorm2d(n_channels),
        nn.Conv2d(n_channels, width, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
    ]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: norm_on_logit
# Has batch norm on the logit.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(
        *layers, nn.Conv2d(n_out, 1, coarse), nn.BatchNorm2d(1), nn.Flatten(start_dim=0)
    )


# %% wrong: one_relu
# Has the leaky ReLU after the first layer only.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: only_28
# Resizes larger images to 28 x 28 and looks at these.
class Shrink(nn.Module):
    def forward(self, x):
        return x if x.shape[-1] == 28 else F.interpolate(x, size=(28, 28), mode="bilinear")


def build_discriminator(width, image_size, n_channels):
    return nn.Sequential(
        *(Shrink(), nn.Conv2d(n_channels, width, 4, 2, 1), nn.LeakyReLU(0.2)),
        *(nn.Conv2d(width, 2 * width, 4, 2, 1), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2)),
        *(nn.Conv2d(2 * width, 1, 7), nn.Flatten(0)),
    )


# %% wrong: parameters_on_the_cpu
# Ends in a product with a vector that is no parameter: it is never trained, and stays on the CPU.
class Project(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.vector = torch.randn(size) / size**0.5

    def forward(self, x):
        return x.flatten(1) @ self.vector


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, Project(n_out * coarse**2))


# %% wrong: pooled_logit
# Has a logit for each place and averages them over the image.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(
        *layers, nn.Conv2d(n_out, 1, 3, padding=1), nn.AdaptiveAvgPool2d(1), nn.Flatten(start_dim=0)
    )


# %% wrong: relu
# Has a ReLU in the discriminator.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.ReLU()]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: same_channels
# Keeps `width` channels in all stages.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width
        layers += [
            nn.Conv2d(n_out, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% wrong: sigmoid
# Ends in a sigmoid: probabilities for logits.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(
        *layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0), nn.Sigmoid()
    )


# %% wrong: squeezed
# Squeezes every dimension of size one, so that a single image gives a logit of shape ().
class Squeeze(nn.Module):
    def forward(self, x):
        return x.squeeze()


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), Squeeze())


# %% wrong: tanh
# Ends in a tanh.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0), nn.Tanh())


# %% wrong: two_logits
# Has one output for real and one for fake, and returns their difference squashed by a log-softmax.
class First(nn.Module):
    def forward(self, x):
        return x.log_softmax(dim=1)[:, 0]


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 2, coarse), nn.Flatten(), First())


# %% right: class_with_functions
# Is a class with activations as functions, 3x3 kernels and a linear layer at the end.
class Discriminator(nn.Module):
    def __init__(self, width, image_size, n_channels):
        super().__init__()
        n_stages, grid = (2, 7) if image_size == 28 else (4, 4)
        sizes = [n_channels] + [width * 2**k for k in range(n_stages)]
        self.convs = nn.ModuleList(
            [nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in zip(sizes[:-1], sizes[1:])]
        )
        self.norms = nn.ModuleList([nn.BatchNorm2d(b) for b in sizes[2:]])
        self.out = nn.Linear(sizes[-1] * grid * grid, 1)

    def forward(self, x):
        h = F.leaky_relu(self.convs[0](x), 0.2)
        for conv, norm in zip(self.convs[1:], self.norms):
            h = F.leaky_relu(norm(conv(h)), negative_slope=0.2)
        return self.out(h.reshape(h.shape[0], -1)).squeeze(1)


def build_discriminator(width, image_size, n_channels):
    return Discriminator(width, image_size, n_channels)


# %% right: in_place_blocks
# Nests blocks with in-place activations and the initialisation of the paper.
def block(n_in, n_out, norm=True):
    layers = [nn.Conv2d(n_in, n_out, kernel_size=5, stride=2, padding=2, bias=not norm)]
    if norm:
        layers.append(nn.BatchNorm2d(n_out))
    layers.append(nn.LeakyReLU(0.2, inplace=True))
    return nn.Sequential(*layers)


def build_discriminator(width, image_size, n_channels):
    network = nn.Sequential(block(n_channels, width, norm=False))
    n, size = width, image_size // 2
    while size > (7 if image_size == 28 else 4):
        network.append(block(n, 2 * n))
        n, size = 2 * n, size // 2
    network.append(nn.Sequential(nn.Flatten(), nn.Linear(n * size**2, 1)))
    network.append(nn.Flatten(0))

    def initialise(module):
        if isinstance(module, nn.Conv2d):
            nn.init.normal_(module.weight, std=0.02)

    return network.apply(initialise)


# %% right: lazy_and_maximum
# Lets lazy layers find their sizes in a first pass, and writes the leaky ReLU as a maximum.
class Leaky(nn.Module):
    def forward(self, x):
        return torch.maximum(x, 0.2 * x)


class OneLogit(nn.Module):
    def __init__(self, grid):
        super().__init__()
        self.conv = nn.LazyConv2d(1, grid)

    def forward(self, x):
        return self.conv(x).view(x.size(0))


def build_discriminator(width, image_size, n_channels):
    stages = [nn.LazyConv2d(width, 4, 2, 1), Leaky()]
    for factor in (2,) if image_size == 28 else (2, 4, 8):
        stages += [nn.LazyConv2d(factor * width, 4, 2, 1), nn.LazyBatchNorm2d(), Leaky()]
    network = nn.Sequential(*stages, OneLogit(7 if image_size == 28 else 4))
    with torch.no_grad():
        network(torch.zeros(2, n_channels, image_size, image_size))
    return network


# %% right: one_stage_more
# Goes one stage further down at 28 pixels, to a grid of 4 x 4.
def build_discriminator(width, image_size, n_channels):
    n_stages = 3 if image_size == 28 else 4
    body = [nn.Conv2d(n_channels, width, 3, 2, 1), nn.LeakyReLU(0.2)]
    for k in range(1, n_stages):
        body.extend(
            [
                nn.Conv2d(width << (k - 1), width << k, 3, 2, 1),
                nn.BatchNorm2d(width << k),
                nn.LeakyReLU(0.2),
            ]
        )
    return nn.Sequential(*body, nn.Conv2d(width << (n_stages - 1), 1, 4), nn.Flatten(0))
