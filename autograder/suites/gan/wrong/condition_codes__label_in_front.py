"""Puts the condition in front of the code."""


def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([labels.to(z.dtype), z], dim=1)
