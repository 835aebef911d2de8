"""Is fully connected throughout: the generator before DCGAN."""


def build_generator(n_latent, width, image_size, n_channels):
    sizes = [n_latent, 4 * width, 8 * width]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(n_in, n_out), nn.BatchNorm1d(n_out), nn.ReLU()]
    layers += [nn.Linear(sizes[-1], n_channels * image_size**2), nn.Tanh()]
    return nn.Sequential(*layers, nn.Unflatten(1, (n_channels, image_size, image_size)))
