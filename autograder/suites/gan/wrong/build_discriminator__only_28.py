"""Resizes larger images to 28 x 28 and looks at these."""


class Shrink(nn.Module):
    def forward(self, x):
        return x if x.shape[-1] == 28 else F.interpolate(x, size=(28, 28), mode="bilinear")


def build_discriminator(width, image_size, n_channels):
    return nn.Sequential(
        *(Shrink(), nn.Conv2d(n_channels, width, 4, 2, 1), nn.LeakyReLU(0.2)),
        *(nn.Conv2d(width, 2 * width, 4, 2, 1), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2)),
        *(nn.Conv2d(2 * width, 1, 7), nn.Flatten(0)),
    )
