"""Always makes 28 x 28 pixels and resizes them for 64."""


def build_generator(n_latent, width, image_size, n_channels):
    return nn.Sequential(
        *(nn.Linear(n_latent, 2 * width * 49), nn.Unflatten(1, (2 * width, 7, 7)), nn.BatchNorm2d(2 * width), nn.ReLU()),
        *(nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.BatchNorm2d(width), nn.ReLU()),
        *(nn.ConvTranspose2d(width, n_channels, 4, 2, 1), nn.Tanh(), nn.Upsample(size=(image_size, image_size))),
    )
