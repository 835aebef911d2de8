"""Keeps its hidden layers in a plain list, where neither the optimizer nor a move to the GPU finds them."""


class Generator(nn.Module):
    def __init__(self, n_latent, width, image_size, n_channels):
        super().__init__()
        self.coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
        self.channels = [width * 2**stage for stage in reversed(range(n_stages))]
        self.project = nn.Linear(n_latent, self.channels[0] * self.coarse**2)
        self.norms = [nn.BatchNorm2d(n) for n in self.channels]
        self.convs = [nn.ConvTranspose2d(n, m, 4, 2, 1) for n, m in zip(self.channels, [*self.channels[1:], n_channels], strict=True)]

    def forward(self, z):
        h = self.project(z).view(-1, self.channels[0], self.coarse, self.coarse)
        for norm, conv in zip(self.norms, self.convs, strict=True):
            h = conv(F.relu(norm(h)))
        return torch.tanh(h)


def build_generator(n_latent, width, image_size, n_channels):
    return Generator(n_latent, width, image_size, n_channels)
