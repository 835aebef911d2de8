"""Rounds attributes to whole numbers on their way."""


def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.long().to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)
