"""Makes the one-hot rows in float32, whatever the dtype of the codes."""


def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z.float(), labels.float()], dim=1)
