"""Has an ELU for the leaky ReLU."""


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.ELU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1), nn.BatchNorm2d(n_out), nn.ELU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))
