"""Cuts the codes off from their gradient."""


def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z.data, labels.to(z.dtype)], dim=1)
