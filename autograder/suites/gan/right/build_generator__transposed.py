"""The paper's own upsampling: transposed convolutions of kernel 4, stride 2 and padding 1."""


def build_generator(n_latent, width, image_size, n_channels):
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [nn.Linear(n_latent, channels[0] * coarse**2), nn.Unflatten(1, (channels[0], coarse, coarse))]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [nn.BatchNorm2d(n_in), nn.ReLU(), nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1)]
    return nn.Sequential(*layers, nn.Tanh())
