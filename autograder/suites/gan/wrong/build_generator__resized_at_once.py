"""Makes two stages on the coarse grid and resizes four-fold at the end."""


def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [nn.Linear(n_latent, channels[0] * coarse**2), nn.Unflatten(1, (channels[0], coarse, coarse))]
    for n_in, n_out in zip(channels[:-1], channels[1:], strict=True):
        layers += [nn.BatchNorm2d(n_in), nn.ReLU(), nn.Conv2d(n_in, n_out, 3, padding=1)]
    layers += [nn.BatchNorm2d(width), nn.ReLU(), nn.Upsample(size=(image_size, image_size), mode="bilinear")]
    return nn.Sequential(*layers, nn.Conv2d(width, n_channels, 3, padding=1), nn.Tanh())
