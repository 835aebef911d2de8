"""Makes the maps on the CPU."""


def condition_images(x, labels, n_classes):
    rows = torch.eye(n_classes, dtype=x.dtype)[labels] if labels.ndim == 1 else labels.to(x.dtype)
    maps = torch.ones(len(x), n_classes, *x.shape[2:], dtype=x.dtype) * rows[:, :, None, None]
    return torch.cat([x, maps], dim=1)
