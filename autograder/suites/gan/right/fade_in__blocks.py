"""New axes of size two, then a reshape."""


def fade_in(low, high, alpha):
    B, C, H, W = low.shape
    old = low[:, :, :, None, :, None].expand(B, C, H, 2, W, 2).reshape(B, C, 2 * H, 2 * W)
    return old + alpha * (high - old)
