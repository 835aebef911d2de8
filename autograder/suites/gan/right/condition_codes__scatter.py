"""Fills a tensor of the final size in two steps."""


def condition_codes(z, labels, n_classes):
    result = z.new_zeros(z.shape[0], z.shape[1] + n_classes)
    result[:, : z.shape[1]] = z
    if labels.ndim == 2:
        result[:, z.shape[1] :] = labels
        return result
    return result.scatter(1, z.shape[1] + labels.unsqueeze(1), 1.0)
