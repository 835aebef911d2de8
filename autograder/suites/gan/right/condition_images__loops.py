"""Writes each map by itself."""


def condition_images(x, labels, n_classes):
    batch, channels, height, width = x.shape
    result = torch.zeros(batch, channels + n_classes, height, width, dtype=x.dtype, device=x.device)
    result[:, :channels] = x
    for k in range(n_classes):
        column = (labels == k) if labels.ndim == 1 else labels[:, k]
        result[:, channels + k] = column.to(x.dtype).reshape(-1, 1, 1)
    return result
