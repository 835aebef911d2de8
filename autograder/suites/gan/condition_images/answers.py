"""Known answers: Conditioning the discriminator."""


# %% spoils: attributes_as_classes
# Takes the largest attribute for the class of an image.
def condition_images(x, labels, n_classes):
    if labels.ndim == 2:
        labels = labels.argmax(dim=1)
    maps = F.one_hot(labels, n_classes).to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: attributes_rounded
# Rounds attributes to whole numbers on their way.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.long().to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: detached
# Cuts the images off from their gradient.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x.data, maps], dim=1)


# %% spoils: label_in_front
# Puts the maps in front of the image.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([maps, x], dim=1)


# %% corner: own_cpu_tensor
# Makes the maps on the CPU.
def condition_images(x, labels, n_classes):
    rows = torch.eye(n_classes, dtype=x.dtype)[labels] if labels.ndim == 1 else labels.to(x.dtype)
    maps = torch.ones(len(x), n_classes, *x.shape[2:], dtype=x.dtype) * rows[:, :, None, None]
    return torch.cat([x, maps], dim=1)


# %% corner: promoted
# Leaves the dtype to the promotion rules, so that half-precision images come back in float32.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([x, labels.float()[:, :, None, None].expand(-1, -1, *x.shape[2:])], dim=1)


# %% spoils: scaled_maps
# Divides the maps by the number of pixels, so that they sum to one.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps / (x.shape[2] * x.shape[3])], dim=1)


# %% spoils: single_pixel
# Marks the class by one pixel of its map.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = x.new_zeros(len(x), n_classes, *x.shape[2:])
    maps[:, :, 0, 0] = labels.to(x.dtype)
    return torch.cat([x, maps], dim=1)


# %% spoils: square_only
# Takes images for square.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    size = x.shape[-1]
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, size, size)
    return torch.cat([x, maps], dim=1)


# %% spoils: transposed_blocks
# Mixes the maps of different images by reshaping in the wrong order.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype).T.reshape(len(x), n_classes, 1, 1).expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: normalised_attributes
# Divides attributes by their sum, as if they were probabilities.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    labels = labels / labels.sum(dim=1, keepdim=True)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: clamped_attributes
# Clamps attributes to [0, 1].
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    labels = labels.clamp(0, 1)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: thresholded_attributes
# Takes attributes for yes or no at one half.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    labels = labels > 0.5
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: smoothed_labels
# Smoothes the one-hot rows.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = 0.9 * F.one_hot(labels, n_classes) + 0.1 / n_classes
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: counted_from_one
# Takes the classes to begin at one, and the last for none.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot((labels - 1).clamp(min=0), n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% corner: squeezed
# Takes away axes of one before it looks whether it has labels or attributes.
def condition_images(x, labels, n_classes):
    labels = labels.squeeze()
    if labels.ndim == 1:
        labels = F.one_hot(labels.long(), n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% corner: told_by_the_last_size
# Takes labels for attributes where the batch has the size of the classes.
def condition_images(x, labels, n_classes):
    if labels.shape[-1] != n_classes:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% corner: column_of_labels
# Takes a single attribute for a column of labels.
def condition_images(x, labels, n_classes):
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0].long()
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% corner: labels_in_bytes
# Stores labels in 8 bits.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels.to(torch.uint8).long(), n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% corner: attributes_detached
# Cuts the attributes off from their gradient.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    labels = labels.detach()
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: unsqueezed_in_place
# Gives the caller's labels another shape.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels.unsqueeze_(1)
        labels = (labels == torch.arange(n_classes, device=labels.device)).to(torch.int64)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% corner: attributes_in_float32
# Keeps attributes in float32 on the way.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    if labels.is_floating_point():
        labels = labels.float()
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: one_map
# Has one map with the number of the class, and zeros for the rest.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.pad(labels[:, None] / n_classes, (0, n_classes - 1))
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)


# %% spoils: masked_image
# Multiplies the maps with the image's first channel.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([x, labels.to(x.dtype)[:, :, None, None] * x[:, :1]], dim=1)


# %% spoils: row_of_the_map
# Fills the first row of each map only.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = x.new_zeros(len(x), n_classes, *x.shape[2:])
    maps[:, :, 0, :] = labels.to(x.dtype)[:, :, None]
    return torch.cat([x, maps], dim=1)


# %% corner: viewed
# Flattens images by view, which fails where memory is not contiguous.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    pixels = x.view(len(x), x.shape[1], -1)
    maps = labels.to(x.dtype)[:, :, None].expand(-1, -1, pixels.shape[2])
    return torch.cat([pixels, maps], dim=1).view(len(x), -1, *x.shape[2:])


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


# %% right: padded
# Pads the channels with zeros and adds the maps.
def condition_images(x, labels, n_classes):
    rows = labels if labels.is_floating_point() else F.one_hot(labels, n_classes)
    wide = F.pad(rows.to(x), (x.shape[1], 0))
    return F.pad(x, (0, 0, 0, 0, 0, n_classes)) + wide[..., None, None]


# %% right: interpolated
# Enlarges maps of one pixel to the size of the images.
def condition_images(x, labels, n_classes):
    if labels.ndim == 1:
        labels = torch.zeros(len(x), n_classes, device=x.device).scatter_(1, labels[:, None], 1.0)
    maps = torch.broadcast_to(
        labels.to(x.dtype).reshape(len(x), n_classes, 1, 1), (len(x), n_classes, *x.shape[-2:])
    )
    return torch.concat((x, maps), dim=-3)
