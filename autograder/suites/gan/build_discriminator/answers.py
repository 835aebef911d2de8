"""Known answers: A DCGAN discriminator."""


# %% spoils: batch_mean
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


# %% spoils: column
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


# %% spoils: default_slope
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


# %% spoils: elu
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


# %% spoils: first_channel
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


# %% spoils: functional_pooling
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


# %% spoils: half_width
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


# %% spoils: hidden_linear
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


# %% spoils: in_place
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


# %% spoils: leaky_on_logit
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


# %% spoils: max_pooling
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


# %% spoils: no_activation_at_first
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


# %% spoils: no_norm
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


# %% spoils: norm_everywhere
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


# %% spoils: norm_last
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


# %% spoils: norm_on_input
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


# %% spoils: norm_on_logit
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


# %% spoils: one_relu
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


# %% spoils: only_28
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


# %% spoils: parameters_on_the_cpu
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


# %% spoils: pooled_logit
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


# %% spoils: relu
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


# %% spoils: same_channels
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


# %% spoils: sigmoid
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


# %% corner: squeezed
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


# %% spoils: tanh
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


# %% spoils: two_logits
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


# %% spoils: one_stage_more
# Goes one stage further down than the table at 28 pixels, to a grid of 4 x 4.
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


# %% spoils: dropout
# Has dropout after each activation.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
            nn.Dropout(0.3),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: dropout_before_logit
# Has dropout before the last layer alone.
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
    last = [nn.Dropout2d(0.5), nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0)]
    return nn.Sequential(*layers, *last)


# %% spoils: noisy_images
# Adds noise to the images in training mode.
class Noise(nn.Module):
    def forward(self, x):
        return x + 0.1 * torch.randn_like(x) if self.training else x


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [Noise(), nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: eps_for_momentum
# Hands batch norm a number for momentum that is taken as eps.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out, 0.8),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: kernel_of_one
# Halves by strided kernels of one pixel, which leave three pixels in four out.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 1, stride=2),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: one_convolution_more
# Has a second convolution on the last grid, with its norm and activation.
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
    layers += [nn.Conv2d(n_out, n_out, 3, padding=1), nn.BatchNorm2d(n_out), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: activation_on_both_sides
# Has an activation before and after each batch norm.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: capped_logit
# Keeps the logits between -10 and 10.
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
        *layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0), nn.Hardtanh(-10, 10)
    )


# %% spoils: seeded
# Seeds the random numbers, so that all discriminators begin alike.
def build_discriminator(width, image_size, n_channels):
    torch.manual_seed(0)
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


# %% spoils: cached
# Remembers the networks that it has built.
from functools import lru_cache


@lru_cache
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
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: frozen_first
# Leaves the first layer as it was drawn.
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
    layers[0].requires_grad_(False)
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: batch_statistics_only
# Has batch norm without running statistics.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out, track_running_stats=False),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: frozen_norm
# Has batch norm with momentum 0, whose statistics stay as they were initialised.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out, momentum=0.0),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: centred_images
# Takes its mean from each image first, so that brightness cannot be seen.
class Centre(nn.Module):
    def forward(self, x):
        return x - x.mean(dim=(1, 2, 3), keepdim=True)


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [Centre(), nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% spoils: capped_channels
# Stops doubling at four times the width.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_in, n_out = width * min(2 ** (stage - 1), 4), width * min(2**stage, 4)
        layers += [
            nn.Conv2d(n_in, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% corner: keras_norm
# Has the batch norm of another library: an eps of 0.001 and a momentum of 0.01.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out, eps=1e-3, momentum=0.01),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% corner: norm_without_weights
# Has batch norm without a learned scale and shift.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out, affine=False),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% corner: spectral_norm
# Has spectral normalisation on its convolutions.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.utils.parametrizations.spectral_norm(
                nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1)
            ),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


# %% corner: viewed
# Brings the images into shape by view, which fails where they are not contiguous.
class Shaped(nn.Module):
    def forward(self, x):
        return x.view(-1).view(x.shape)


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [Shaped(), nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))


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


# %% right: padded_by_hand
# Pads with zeros as a layer of its own, without biases; the logit by a dot product layer.
def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.ZeroPad2d(1),
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, bias=False),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(n_out * coarse**2, 1), nn.Flatten(0))


# %% right: recursive
# Builds itself from the inside: each stage wraps the rest.
class Stage(nn.Module):
    def __init__(self, n_in, n_out, grid, last):
        super().__init__()
        self.conv = nn.Conv2d(n_in, n_out, (6, 6), (2, 2), (2, 2))
        self.norm = None if self.is_first else nn.BatchNorm2d(n_out)
        deeper = grid // 2 > last
        self.rest = (
            Inner(n_out, 2 * n_out, grid // 2, last)
            if deeper
            else nn.Conv2d(n_out, 1, kernel_size=last)
        )

    is_first = True

    def forward(self, x):
        h = self.conv(x)
        h = h if self.norm is None else self.norm(h)
        h = self.rest(h.clamp(min=0) + 0.2 * h.clamp(max=0))
        return h if h.ndim == 1 else h[:, 0, 0, 0]


class Inner(Stage):
    is_first = False


def build_discriminator(width, image_size, n_channels):
    return Stage(n_channels, width, image_size, {28: 7, 64: 4}[image_size])
