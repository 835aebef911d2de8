"""Adds the codes up by group and divides by the counts."""


def attribute_direction(codes, has):
    group = has.long()
    sums = torch.zeros(2, codes.shape[1], dtype=codes.dtype, device=codes.device).index_add(0, group, codes)
    counts = torch.stack([(1 - group).sum(), group.sum()]).to(codes.dtype)
    without, with_it = sums / counts[:, None]
    return with_it - without
