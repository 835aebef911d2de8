"""Mixes the maps of different images by reshaping in the wrong order."""


def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype).T.reshape(len(x), n_classes, 1, 1).expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)
