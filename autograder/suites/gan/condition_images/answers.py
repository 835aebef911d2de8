"""Known answers: Conditioning the discriminator."""


# %% wrong: attributes_as_classes
# Takes the largest attribute for the class of an image.
def condition_images(x, labels, n_classes):
    if labels.ndim == 2:
        labels = labels.argmax(dim=1)
    maps = F.one_hot(labels, n_classes).to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% wrong: attributes_rounded
# Rounds attributes to whole numbers on their way.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.long().to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% wrong: detached
# Cuts the images off from their gradient.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x.data, maps], dim=1)


# %% wrong: label_in_front
# Puts the maps in front of the image.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([maps, x], dim=1)


# %% wrong: own_cpu_tensor
# Makes the maps on the CPU.
def condition_images(x, labels, n_classes):
    rows = torch.eye(n_classes, dtype=x.dtype)[labels] if labels.ndim == 1 else labels.to(x.dtype)
    maps = torch.ones(len(x), n_classes, *x.shape[2:], dtype=x.dtype) * rows[:, :, None, None]
    return torch.cat([x, maps], dim=1)


# %% wrong: promoted
# Leaves the dtype to the promotion rules, so that half-precision images come back in float32.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([x, labels.float()[:, :, None, None].expand(-1, -1, *x.shape[2:])], dim=1)


# %% wrong: scaled_maps
# Divides the maps by the number of pixels, so that they sum to one.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps / (x.shape[2] * x.shape[3])], dim=1)


# %% wrong: single_pixel
# Marks the class by one pixel of its map.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = x.new_zeros(len(x), n_classes, *x.shape[2:])
    maps[:, :, 0, 0] = labels.to(x.dtype)
    return torch.cat([x, maps], dim=1)


# %% wrong: square_only
# Takes images for square.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    size = x.shape[-1]
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, size, size)
    return torch.cat([x, maps], dim=1)


# %% wrong: transposed_blocks
# Mixes the maps of different images by reshaping in the wrong order.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype).T.reshape(len(x), n_classes, 1, 1).expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% right: einsum
# Multiplies the rows with a map of ones.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = torch.eye(n_classes, device=x.device)[labels]
    ones = torch.ones(x.shape[-2:], dtype=x.dtype, device=x.device)
    return torch.concatenate([x, torch.einsum("bk,hw->bkhw", labels.to(x.dtype), ones)], dim=1)


# %% right: loops
# Writes each map by itself.
def condition_images(x, labels, n_classes):
    batch, channels, height, width = x.shape
    result = torch.zeros(batch, channels + n_classes, height, width, dtype=x.dtype, device=x.device)
    result[:, :channels] = x
    for k in range(n_classes):
        column = (labels == k) if labels.ndim == 1 else labels[:, k]
        result[:, channels + k] = column.to(x.dtype).reshape(-1, 1, 1)
    return result


# %% right: repeat
# Repeats the rows over height and width.
def condition_images(x, labels, n_classes):
    rows = (
        torch.nn.functional.one_hot(labels, num_classes=n_classes) if labels.dim() == 1 else labels
    )
    rows = rows.type_as(x).unsqueeze(-1).unsqueeze(-1)
    return torch.cat((x, rows.repeat(1, 1, x.size(2), x.size(3))), 1)
