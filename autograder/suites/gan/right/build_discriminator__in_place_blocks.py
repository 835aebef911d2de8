"""Nests blocks with in-place activations and the initialisation of the paper."""


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
