"""Known answers: A convolutional encoder."""


# %% spoils: average_pooled
# Averages the last grid over all places before the linear layer.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(n_in, n_outputs))


# %% spoils: channels_constant
# Has the same number of channels in every stage.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: channels_halved
# Halves the channels from stage to stage, as the decoder does.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, grid = [], n_channels, image_size
    n_out = width * image_size // 8
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, n_out // 2, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: doubled_first
# Doubles the channels in the first stage already.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, 2 * width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: down_to_2
# Goes on to a grid of 2 x 2.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 2:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * n_in, n_outputs))


# %% spoils: dropout
# Has dropout after each stage.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
            nn.Dropout(0.2),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: frozen_norm
# Has batch norm with momentum 0, whose statistics stay as they were initialised.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out, momentum=0.0),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: group_norm
# Has group norm for batch norm.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.GroupNorm(1, n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: hidden_linear
# Has a hidden layer between the grid and the outputs.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(16 * n_in, 128),
        nn.ReLU(),
        nn.Linear(128, n_outputs),
    )


# %% spoils: instance_norm
# Normalises each image by itself.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.InstanceNorm2d(n_out, affine=True),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: kernel_4
# Has kernels of 4 x 4, as the DCGAN of the paper does.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: kernel_5
# Has kernels of 5 x 5.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 5, stride=2, padding=2),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: layers_in_a_list
# Keeps its convolutions in a plain list, where neither the optimizer nor a move to the GPU finds
# them.
class Encoder(nn.Module):
    def __init__(self, n_outputs, width, image_size, n_channels):
        super().__init__()
        sizes = [n_channels] + [width * 2**i for i in range(3 if image_size == 32 else 4)]
        self.convs = [
            nn.Conv2d(n, m, 3, stride=2, padding=1) for n, m in zip(sizes, sizes[1:], strict=False)
        ]
        self.norms = [nn.BatchNorm2d(m) for m in sizes[1:]]
        self.last = nn.Linear(16 * sizes[-1], n_outputs)

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = F.relu(norm(conv(x)))
        return self.last(x.flatten(1))


def conv_encoder(n_outputs, width, image_size, n_channels):
    return Encoder(n_outputs, width, image_size, n_channels)


# %% spoils: leaky
# Has a discriminator's leaky ReLU.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: max_pooled
# Has convolutions of stride 1, and halves by max pooling.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
            nn.MaxPool2d(2),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: mlp
# Is fully connected throughout.
def conv_encoder(n_outputs, width, image_size, n_channels):
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(n_channels * image_size**2, 8 * width),
        nn.BatchNorm1d(8 * width),
        nn.ReLU(),
        nn.Linear(8 * width, n_outputs),
    )


# %% spoils: no_activation
# Has no activation between its stages.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: no_norm
# Has no batch norm.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: no_norm_at_first
# Leaves the batch norm out after the first convolution, as a discriminator does.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            *([nn.BatchNorm2d(n_out)] if n_out > width else []),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: no_padding
# Has no padding, so that grids of 15 and 7 come out, and resizes the last one.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(16 * n_in, n_outputs)
    )


# %% spoils: norm_on_outputs
# Has batch norm on the outputs as well.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs), nn.BatchNorm1d(n_outputs)
    )


# %% spoils: only_32
# Makes every image 32 x 32 first.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [nn.AdaptiveAvgPool2d(32)], n_channels, width, 32
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: only_grey
# Looks at the first channel alone.
class First(nn.Module):
    def forward(self, x):
        return x[:, :1]


def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [First()], 1, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: own_noise
# Adds noise of its own to the outputs, on the CPU.
class Noisy(nn.Module):
    def forward(self, z):
        return z + torch.randn(z.shape)


def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs), Noisy())


# %% spoils: relu_before_norm
# Has the ReLU before the batch norm.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.BatchNorm2d(n_out),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: relu_on_outputs
# Ends in a ReLU, so that no output is negative.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs), nn.ReLU())


# %% spoils: same_network
# Builds one network and returns it at each call.
made = {}


def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    key = (n_outputs, width, image_size, n_channels)
    if key not in made:
        made[key] = nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))
    return made[key]


# %% spoils: silu
# Has a smooth activation where a ReLU was asked for.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.SiLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% spoils: tanh_on_outputs
# Ends in a tanh, which keeps the outputs in [-1, 1].
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs), nn.Tanh())


# %% spoils: two_layers_a_stage
# Has a second convolution, of stride 1, in each stage.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
            nn.Conv2d(n_out, n_out, 3, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% corner: eps
# Has batch norm with an eps of 0.001.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out, eps=1e-3),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% corner: momentum
# Takes the second argument of batch norm for the momentum: the eps is what it sets.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out, 1e-4, 0.2),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% corner: single_image
# Loses the batch axis of a single image, and the last axis of a single output.
class Encoder(nn.Module):
    def __init__(self, body, last):
        super().__init__()
        self.body, self.last = body, last

    def forward(self, x):
        return self.last(self.body(x).squeeze().flatten(-3)).squeeze()


def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return Encoder(nn.Sequential(*layers), nn.Linear(16 * n_in, n_outputs))


# %% right: convolution_at_the_end
# Ends in a convolution over the whole last grid.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Conv2d(n_in, n_outputs, 4), nn.Flatten())


# %% right: nested
# Nests its stages, whose convolutions have no bias.
def stage(n_in, n_out):
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, (3, 3), (2, 2), (1, 1), bias=False), nn.BatchNorm2d(n_out), nn.ReLU()
    )


def conv_encoder(n_outputs, width, image_size, n_channels):
    sizes = [n_channels, width, 2 * width, 4 * width] + [8 * width] * (image_size == 64)
    stages = [stage(n, m) for n, m in zip(sizes, sizes[1:], strict=False)]
    return nn.Sequential(*stages, nn.Flatten(), nn.Linear(sizes[-1] * 16, n_outputs))


# %% right: own_class
# Is a class of its own, with functions for the activations and small initial weights.
class Encoder(nn.Module):
    def __init__(self, n_outputs, width, image_size, n_channels):
        super().__init__()
        sizes = [n_channels] + [width * 2**i for i in range(3 if image_size == 32 else 4)]
        self.convs = nn.ModuleList(
            nn.Conv2d(n, m, 3, stride=2, padding=1) for n, m in zip(sizes, sizes[1:], strict=False)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(m) for m in sizes[1:])
        self.last = nn.Linear(16 * sizes[-1], n_outputs)
        for conv in self.convs:
            nn.init.normal_(conv.weight, 0.0, 0.02)

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = torch.maximum(norm(conv(x)), torch.zeros((), dtype=x.dtype, device=x.device))
        return self.last(x.reshape(len(x), -1))


def conv_encoder(n_outputs, width, image_size, n_channels):
    return Encoder(n_outputs, width, image_size, n_channels)


# %% right: padded_by_hand
# Pads on the right and at the bottom alone, as TensorFlow does.
def conv_encoder(n_outputs, width, image_size, n_channels):
    layers, n_in, n_out, grid = [], n_channels, width, image_size
    while grid > 4:
        layers += [
            nn.ZeroPad2d((0, 1, 0, 1)),
            nn.Conv2d(n_in, n_out, 3, stride=2),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in, n_out, grid = n_out, 2 * n_out, grid // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n_in, n_outputs))


# %% right: written_out
# Writes the layers of both sizes out.
def conv_encoder(n_outputs, width, image_size, n_channels):
    w = width
    body = nn.Sequential(
        *(nn.Conv2d(n_channels, w, 3, 2, 1), nn.BatchNorm2d(w), nn.ReLU(inplace=True)),
        *(nn.Conv2d(w, 2 * w, 3, 2, 1), nn.BatchNorm2d(2 * w), nn.ReLU(inplace=True)),
        *(nn.Conv2d(2 * w, 4 * w, 3, 2, 1), nn.BatchNorm2d(4 * w), nn.ReLU(inplace=True)),
    )
    if image_size == 32:
        return nn.Sequential(body, nn.Flatten(), nn.Linear(4 * w * 4 * 4, n_outputs))
    body.extend([nn.Conv2d(4 * w, 8 * w, 3, 2, 1), nn.BatchNorm2d(8 * w), nn.ReLU(inplace=True)])
    return nn.Sequential(body, nn.Flatten(), nn.Linear(8 * w * 4 * 4, n_outputs))
