"""Resizes bilinearly with modules, normalises the flat projection, and is called with keywords."""


def build_generator(n_latent, width, image_size, n_channels):
    small = image_size == 28
    n, grid = (2 * width, 7) if small else (8 * width, 4)
    layers = [nn.Linear(in_features=n_latent, out_features=n * grid**2), nn.BatchNorm1d(n * grid**2), nn.ReLU()]
    layers.append(nn.Unflatten(dim=1, unflattened_size=(n, grid, grid)))
    for _ in range(1 if small else 3):
        layers += [
            nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False),
            nn.Conv2d(in_channels=n, out_channels=n // 2, kernel_size=5, padding=2),
            nn.BatchNorm2d(num_features=n // 2),
            nn.ReLU(),
        ]
        n //= 2
    layers += [nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(n, n_channels, kernel_size=5, padding="same"), nn.Tanh()]
    return nn.Sequential(*layers)
