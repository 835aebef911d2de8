"""Makes the image by a convolution at full resolution, from a grid with one stage more."""


class Generator(nn.Module):
    def __init__(self, n_latent, width, grid, n_stages, n_channels):
        super().__init__()
        self.grid = grid
        self.first = nn.Linear(n_latent, width * 2**n_stages * grid**2)
        self.norms, self.ups = nn.ModuleList(), nn.ModuleList()
        for k in range(n_stages, 0, -1):
            self.norms.append(nn.BatchNorm2d(width * 2**k))
            self.ups.append(nn.ConvTranspose2d(width * 2**k, width * 2 ** (k - 1), 2, stride=2))
        self.norms.append(nn.BatchNorm2d(width))
        self.last = nn.Conv2d(width, n_channels, 3, padding=1)

    def forward(self, z):
        h = self.first(z).reshape(z.shape[0], -1, self.grid, self.grid)
        for norm, up in zip(self.norms, self.ups):
            h = up(norm(h).clamp(min=0))
        return self.last(torch.relu(self.norms[-1](h))).tanh()


def build_generator(n_latent, width, image_size, n_channels):
    grid, n_stages = {28: (7, 2), 64: (4, 4)}[image_size]
    return Generator(n_latent, width, grid, n_stages, n_channels)
