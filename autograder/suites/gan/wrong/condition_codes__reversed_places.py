"""Counts the classes from the end."""


def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(n_classes - 1 - labels, n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)
