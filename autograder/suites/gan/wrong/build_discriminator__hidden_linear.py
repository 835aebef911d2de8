"""Has a fully connected hidden layer before the logit."""


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1), nn.BatchNorm2d(n_out), nn.LeakyReLU(0.2)]
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(n_out * coarse**2, 64),
        nn.BatchNorm1d(64),
        nn.LeakyReLU(0.2),
        nn.Linear(64, 1),
        nn.Flatten(start_dim=0),
    )
