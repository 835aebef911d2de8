"""Has -1 for the other classes."""


def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = 2 * F.one_hot(labels, n_classes) - 1
    return torch.cat([z, labels.to(z.dtype)], dim=1)
