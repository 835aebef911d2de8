"""Lets lazy layers find their sizes in a first pass, and writes the leaky ReLU as a maximum."""


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
