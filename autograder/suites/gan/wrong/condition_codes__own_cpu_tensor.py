"""Makes the one-hot rows on the CPU."""


def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        rows = torch.zeros(len(z), n_classes, dtype=z.dtype)
        rows[torch.arange(len(z)), labels] = 1.0
        labels = rows
    return torch.cat([z, labels.to(z.dtype)], dim=1)
