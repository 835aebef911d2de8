"""Is a class with activations as functions, 3x3 kernels and a linear layer at the end."""


class Discriminator(nn.Module):
    def __init__(self, width, image_size, n_channels):
        super().__init__()
        n_stages, grid = (2, 7) if image_size == 28 else (4, 4)
        sizes = [n_channels] + [width * 2**k for k in range(n_stages)]
        self.convs = nn.ModuleList([nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in zip(sizes[:-1], sizes[1:])])
        self.norms = nn.ModuleList([nn.BatchNorm2d(b) for b in sizes[2:]])
        self.out = nn.Linear(sizes[-1] * grid * grid, 1)

    def forward(self, x):
        h = F.leaky_relu(self.convs[0](x), 0.2)
        for conv, norm in zip(self.convs[1:], self.norms):
            h = F.leaky_relu(norm(conv(h)), negative_slope=0.2)
        return self.out(h.reshape(h.shape[0], -1)).squeeze(1)


def build_discriminator(width, image_size, n_channels):
    return Discriminator(width, image_size, n_channels)
