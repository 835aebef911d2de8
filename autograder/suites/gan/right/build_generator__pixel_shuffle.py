"""Doubles the resolution by shuffling channels into pixels."""


def build_generator(n_latent, width, image_size, n_channels):
    grid, n_stages = {28: (7, 2), 64: (4, 4)}[image_size]
    n = width * 2 ** (n_stages - 1)
    layers = [nn.Linear(n_latent, n * grid**2), nn.Unflatten(1, (n, grid, grid)), nn.BatchNorm2d(n), nn.ReLU(True)]
    while n > width:
        layers += [nn.Conv2d(n, 2 * n, 3, padding=1), nn.PixelShuffle(2), nn.BatchNorm2d(n // 2), nn.ReLU(True)]
        n //= 2
    return nn.Sequential(*layers, nn.Conv2d(width, 4 * n_channels, 3, padding=1), nn.PixelShuffle(2), nn.Tanh())
