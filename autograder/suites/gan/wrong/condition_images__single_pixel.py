"""Marks the class by one pixel of its map."""


def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = x.new_zeros(len(x), n_classes, *x.shape[2:])
    maps[:, :, 0, 0] = labels.to(x.dtype)
    return torch.cat([x, maps], dim=1)
