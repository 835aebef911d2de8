"""Resizes by nearest neighbour and convolves, in a class with activations as functions."""


class Stage(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.conv = nn.Conv2d(n_in, n_out, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(n_out)

    def forward(self, x):
        return F.relu(self.norm(self.conv(F.interpolate(x, scale_factor=2))))


class Generator(nn.Module):
    def __init__(self, n_latent, width, image_size, n_channels):
        super().__init__()
        self.grid = 7 if image_size == 28 else 4
        n = 2 * width if image_size == 28 else 8 * width
        self.project = nn.Linear(n_latent, n * self.grid * self.grid)
        self.norm = nn.BatchNorm2d(n)
        self.stages = nn.ModuleList()
        while n > width:
            self.stages.append(Stage(n, n // 2))
            n //= 2
        self.image = nn.Conv2d(n, n_channels, 3, padding=1)

    def forward(self, z):
        h = self.project(z)
        h = F.relu(self.norm(h.view(len(z), -1, self.grid, self.grid)))
        for stage in self.stages:
            h = stage(h)
        return torch.tanh(self.image(F.interpolate(h, scale_factor=2)))


def build_generator(n_latent, width, image_size, n_channels):
    return Generator(n_latent, width, image_size, n_channels)
