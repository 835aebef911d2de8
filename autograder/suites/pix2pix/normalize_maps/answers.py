"""Known answers: Batch norm and instance norm."""


# %% spoils: reversed
# Takes batch norm for instance norm.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if not per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt()


# %% spoils: per_image_over_channels
# Takes one mean for all channels of an image.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (1, 2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt()


# %% spoils: batch_over_channels
# Takes one mean for all channels of the batch.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 1, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt()


# %% spoils: per_pixel
# Takes the batch's mean at each pixel.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else 0
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt()


# %% spoils: unbiased
# Divides by n - 1.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    n = h.numel() / h.mean(axes).numel()
    var = centred.square().sum(axes, keepdim=True) / max(n - 1, 1)
    return centred / (var + eps).sqrt()


# %% spoils: no_root
# Divides by the variance.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + eps)


# %% spoils: eps_outside
# Adds eps to the standard deviation.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True).sqrt() + eps)


# %% spoils: not_centred
# Does not take the mean off.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return h / (centred.square().mean(axes, keepdim=True) + eps).sqrt()


# %% spoils: mean_detached
# Detaches the mean.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True).detach()
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt()


# %% spoils: statistics_detached
# Detaches the variance.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt().detach()


# %% spoils: eps_fixed
# Has an eps of its own.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + 1e-5).sqrt()


# %% spoils: second_moment
# Divides by the root of the mean square.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (h.square().mean(axes, keepdim=True) + eps).sqrt()


# %% corner: difference_of_squares
# Computes the variance as E[h^2] - E[h]^2 in the input's precision.
def normalize_maps(h, per_image, eps=1e-5):
    axes = (2, 3) if per_image else (0, 2, 3)
    m = h.mean(axes, keepdim=True)
    v = (h.square().mean(axes, keepdim=True) - m.square()).clamp(min=0)
    return (h - m) / (v + eps).sqrt()


# %% corner: single_precision
# Computes in float32.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    dtype, h = h.dtype, h.float()
    centred = h - h.mean(axes, keepdim=True)
    return (centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt()).to(dtype)


# %% corner: in_place
# Centres the caller's maps in place.
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    h.data.copy_(centred.detach())
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt()


# %% corner: library_instance_norm
# Uses the library's functions, of which one refuses a single pixel.
def normalize_maps(h, per_image, eps=1e-5):
    if per_image:
        return F.instance_norm(h, eps=eps)
    return F.batch_norm(h, None, None, training=True, eps=eps)


# %% right: std
# Uses the library's biased variance.
def normalize_maps(h, per_image, eps=1e-5):
    dims = [2, 3] if per_image else [0, 2, 3]
    variance, mean = torch.var_mean(h, dim=dims, keepdim=True, correction=0)
    return (h - mean) * torch.rsqrt(variance + eps)


# %% right: reshaped
# Reshapes, so that rows share their statistics.
def normalize_maps(h, per_image, eps=1e-5):
    b, c, height, width = h.shape
    rows = h.reshape(b * c, -1) if per_image else h.permute(1, 0, 2, 3).reshape(c, -1)
    rows = rows - rows.mean(1, keepdim=True)
    rows = rows / torch.sqrt((rows * rows).mean(1, keepdim=True) + eps)
    if per_image:
        return rows.reshape(b, c, height, width)
    return rows.reshape(c, b, height, width).permute(1, 0, 2, 3)


# %% right: image_by_image
# Norms image by image with the batch's formula.
def normalize_maps(h, per_image, eps=1e-5):
    if per_image:
        return torch.cat([normalize_maps(image[None], False, eps) for image in h])
    centred = h - h.mean((0, 2, 3))[None, :, None, None]
    variance = (centred**2).mean((0, 2, 3))[None, :, None, None]
    return centred / (variance + eps) ** 0.5
