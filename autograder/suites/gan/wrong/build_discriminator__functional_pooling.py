"""Halves by average pooling, as a function."""


class Half(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(x, 2)


def build_discriminator(width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [nn.Conv2d(n_out // 2, n_out, 3, padding=1), nn.BatchNorm2d(n_out), nn.LeakyReLU(0.2), Half()]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))
