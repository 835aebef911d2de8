"""Takes images for square."""


def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    size = x.shape[-1]
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, size, size)
    return torch.cat([x, maps], dim=1)
