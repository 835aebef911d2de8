"""Goes one stage further down at 28 pixels, to a grid of 4 x 4."""


def build_discriminator(width, image_size, n_channels):
    n_stages = 3 if image_size == 28 else 4
    body = [nn.Conv2d(n_channels, width, 3, 2, 1), nn.LeakyReLU(0.2)]
    for k in range(1, n_stages):
        body.extend([nn.Conv2d(width << (k - 1), width << k, 3, 2, 1), nn.BatchNorm2d(width << k), nn.LeakyReLU(0.2)])
    return nn.Sequential(*body, nn.Conv2d(width << (n_stages - 1), 1, 4), nn.Flatten(0))
