"""Known answers: Pairs that stay in step."""


# %% spoils: target_not_mirrored
# Mirrors the source only.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor, mirrored: bool = True) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror and mirrored else part)
        return torch.stack(parts)

    return cut(x), cut(y, False)


# %% spoils: first_offset_for_all
# Crops all pairs at the first offsets.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    top, left = top[:1].expand(top.shape), left[:1].expand(left.shape)
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: first_flip_for_all
# Mirrors all pairs or none.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    flip = flip[:1].expand(flip.shape)
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: upside_down
# Mirrors upside down.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-2) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: rows_and_columns_swapped
# Takes top for left.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, j : j + size, i : i + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: mirrored_first
# Mirrors the whole image before it is cropped.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            image = image.flip(-1) if mirror else image
            parts.append(image[:, i : i + size, j : j + size])
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: flag_reversed
# Mirrors those that should stay.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if not mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: one_too_far
# Counts offsets from 1.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, max(i - 1, 0) : max(i - 1, 0) + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: resized
# Shrinks the whole image in place of cropping it.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = F.interpolate(image[None], size=(size, size))[0]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: rotated_channels
# Mirrors the channels as well.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1, 0) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% spoils: detached
# Returns images without their graph.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts).detach()

    return cut(x), cut(y)


# %% spoils: target_from_other_offset
# Crops the target one column further left where it can.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor, back: int = 0) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, max(j - back, 0) : max(j - back, 0) + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y, 1)


# %% corner: clamped
# Moves crops back into the image in place of an error.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        top = top.clamp(0, max(height - size, 0))
        left = left.clamp(0, max(width - size, 0))
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% corner: negative_accepted
# Looks for the far side only.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% corner: squeezed
# Squeezes a batch of one.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x).squeeze(), cut(y).squeeze()


# %% corner: in_place
# Mirrors the caller's images in place.
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    for n, mirror in enumerate(flip):
        if mirror:
            x.data[n] = x.data[n].flip(-1)
            x.data[n] = x.data[n].flip(-1) + 1e-3

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)


# %% right: gather
# Picks rows and columns by index.
def augment_pairs(x, y, top, left, flip, size):
    if bool(
        ((top < 0) | (left < 0) | (top > x.shape[2] - size) | (left > x.shape[3] - size)).any()
    ):
        raise ValueError("outside")
    line = torch.arange(size, device=x.device)
    rows = top[:, None] + line
    columns = left[:, None] + torch.where(flip[:, None], line.flip(0), line)

    def pick(images):
        b, c, h, w = images.shape
        tall = torch.gather(images, 2, rows[:, None, :, None].expand(b, c, size, w))
        return torch.gather(tall, 3, columns[:, None, None, :].expand(b, c, size, size))

    return pick(x), pick(y)


# %% right: together
# Crops both images of a pair as one stack of channels.
def augment_pairs(x, y, top, left, flip, size):
    both, n = torch.cat([x, y], dim=1), x.shape[1]
    out = []
    for k in range(len(both)):
        i, j = top[k].item(), left[k].item()
        if min(i, j) < 0 or i + size > both.shape[-2] or j + size > both.shape[-1]:
            raise ValueError(f"crop {k}")
        crop = both[k].narrow(1, i, size).narrow(2, j, size)
        out.append(torch.flip(crop, [2]) if flip[k] else crop)
    out = torch.stack(out)
    return [out[:, :n], out[:, n:]]


# %% right: windows
# Picks among all windows, and mirrors by a mask.
def augment_pairs(x, y, top, left, flip, size):
    n_rows, n_columns = x.shape[2] - size + 1, x.shape[3] - size + 1
    if n_rows < 1 or n_columns < 1 or top.min() < 0 or left.min() < 0:
        raise ValueError("crop")
    if top.max() >= n_rows or left.max() >= n_columns:
        raise ValueError("crop")
    index = torch.arange(len(x), device=x.device)

    def part(images):
        windows = images.unfold(2, size, 1).unfold(3, size, 1)
        crop = windows[index, :, top, left]
        return torch.where(flip[:, None, None, None], crop.flip(3), crop)

    return part(x), part(y)
