"""Has as many places as the largest label of the batch needs, filled up with zeros in front."""


def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels)
        labels = F.pad(labels, (n_classes - labels.shape[1], 0))
    return torch.cat([z, labels.to(z.dtype)], dim=1)
