"""Multiplies the rows with a map of ones."""


def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = torch.eye(n_classes, device=x.device)[labels]
    ones = torch.ones(x.shape[-2:], dtype=x.dtype, device=x.device)
    return torch.concatenate([x, torch.einsum("bk,hw->bkhw", labels.to(x.dtype), ones)], dim=1)
