"""Leaves the dtype to the promotion rules, so that half-precision codes come back in float32."""


def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes).float()
    return torch.cat([z, labels], dim=1)
