"""Projects by a transposed convolution of a 1x1 map, with in-place activations and the initialisation of the paper."""


class To1x1(nn.Module):
    def forward(self, z):
        return z[:, :, None, None]


def build_generator(n_latent, width, image_size, n_channels):
    def block(n_in, n_out, *where):
        return nn.Sequential(nn.ConvTranspose2d(n_in, n_out, *where, bias=False), nn.BatchNorm2d(n_out), nn.ReLU(inplace=True))

    if image_size == 28:
        body = [block(n_latent, 2 * width, 7, 1, 0), block(2 * width, width, 4, 2, 1)]
    else:
        body = [block(n_latent, 8 * width, 4, 1, 0)]
        body += [block(n * width, n * width // 2, 4, 2, 1) for n in (8, 4, 2)]
    network = nn.Sequential(To1x1(), *body, nn.ConvTranspose2d(width, n_channels, 4, 2, 1, bias=False), nn.Tanh())
    for module in network.modules():
        if isinstance(module, nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.02)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.02)
    return network
