"""Pictures from files, turned upright and into 8-bit RGB, and aligned by the eyes: what the course's own faces have at `EYES`."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from PIL.Image import Image

Eyes = tuple[tuple[float, float], tuple[float, float]]
"""(x, y) of both eyes in pixels from the upper left corner, x to the right and y down."""

EYES: Eyes = ((25.92, 30.72), (38.08, 30.72))
"""Where the eyes of an aligned 64x64 picture are: where those of `dgm.faces` are on average."""

MAX_PIXELS = 150_000_000
_LONGEST_SIDE = 1600  # larger pictures are shrunk when they are read
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_LEAST_DISTANCE = 8  # pixels between the eyes


@dataclass(frozen=True)
class Picture:
    """A picture, upright: rgb (3, H, W) and alpha (1, H, W), 1 where it is opaque, float32 in [0, 1].

    width, height: of the file, turned upright; positions are given in its pixels. rgb has fewer
    pixels if the file is large.
    """

    path: Path
    rgb: Tensor
    alpha: Tensor
    width: int
    height: int

    @property
    def grey(self) -> Tensor:
        """Luminance (1, H, W) in [0, 1], on white where the picture is transparent."""
        weights = self.rgb.new_tensor([0.299, 0.587, 0.114])[:, None, None]
        return (self.rgb * weights).sum(0, keepdim=True) * self.alpha + (1 - self.alpha)


def open_picture(path: str | Path) -> Picture:
    """Read a JPEG, PNG, WebP, BMP, GIF (its first frame) or TIFF file, in grey, colour or CMYK, with 8 or 16 bits.

    A photograph is turned as its EXIF orientation says. A side of more than 1,600 pixels is shrunk.
    Raises FileNotFoundError, and ValueError that names the file for HEIC, what is no picture, a
    damaged file, or more than 150 million pixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no picture {path}")
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise ValueError(
            f"{path} is a HEIC picture, which cannot be read here, whatever its name ends in. Export it as "
            "JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible; on a Mac: Preview, Export)."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is checked
            image = Image.open(path, formats=_FORMATS)
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise Image.DecompressionBombError
        image.draft(None, (_LONGEST_SIDE, _LONGEST_SIDE))  # a JPEG file is decoded at a fraction
        upright = ImageOps.exif_transpose(_eight_bits(image))
    except UnidentifiedImageError:
        raise ValueError(
            f"{path} is not a picture in a format that can be read; save it as JPEG or PNG"
        ) from None
    except Image.DecompressionBombError:
        raise ValueError(
            f"{path} has more than {MAX_PIXELS // 10**6} million pixels; save it with fewer"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # SyntaxError: Pillow, of a PNG
        raise ValueError(f"{path} is cut off or damaged ({error}); save or copy it again") from None
    if (upright.width > upright.height) != (width > height) and image.getexif().get(274, 1) >= 5:
        width, height = height, width
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    values = torch.from_numpy(np.array(upright.convert("RGBA"))).permute(2, 0, 1).float() / 255
    return Picture(path, values[:3], values[3:], width, height)


def _eight_bits(image: Image) -> Image:
    """The image with its orientation still in its metadata, 8 bits for each channel."""
    from PIL import Image as images

    if not image.mode.startswith(("I", "F")):
        return image
    levels = np.asarray(image).astype(np.float64)
    top = 65535.0 if image.mode.startswith("I") else max(1.0, float(levels.max()))
    small = images.fromarray((255 * (levels / top).clip(0, 1)).round().astype(np.uint8))
    small.getexif().update(image.getexif())
    return small


def checked_eyes(eyes: Eyes, width: int, height: int, name: str | Path) -> Eyes:
    """The eyes as floats, the left one in the picture first.

    Raises ValueError that names `name` unless they are two points inside of width x height, at least
    8 pixels apart.
    """
    try:
        (x_1, y_1), (x_2, y_2) = ((float(x), float(y)) for x, y in eyes)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: eyes must be ((x, y), (x, y)), not {eyes!r}") from None
    for x, y in ((x_1, y_1), (x_2, y_2)):
        if not (0 <= x <= width and 0 <= y <= height):
            raise ValueError(
                f"{name}: an eye at ({x:g}, {y:g}) lies outside of the picture, which has {width} x "
                f"{height} pixels. Positions count from the upper left corner, x to the right, y down."
            )
    if (apart := np.hypot(x_2 - x_1, y_2 - y_1)) < _LEAST_DISTANCE:
        raise ValueError(
            f"{name}: the eyes are {apart:.1f} pixels apart; at least {_LEAST_DISTANCE} are needed"
        )
    return ((x_1, y_1), (x_2, y_2)) if x_1 <= x_2 else ((x_2, y_2), (x_1, y_1))


def align(picture: Picture, values: Tensor, eyes: Eyes, *, size: int = 64) -> tuple[Tensor, Tensor]:
    """Turn, scale and shift so that the eyes come to `EYES`, and crop to size x size.

    values: (C, H, W), such as picture.rgb. eyes: in pixels of the file; the order does not matter.
    Returns the crop (C, size, size), continued to the outside by its last pixels, and (1, size,
    size) in [0, 1], how much of a pixel the picture covers. The map is the one similarity transform
    that takes both eyes to their places; each pixel is the mean over what it covers. Raises
    ValueError as `checked_eyes` does.
    """
    eyes = checked_eyes(eyes, picture.width, picture.height, picture.path)
    height, width = values.shape[-2:]
    shrunk = complex(width / picture.width, height / picture.height)
    left, right = (complex(x * shrunk.real, y * shrunk.imag) for x, y in eyes)
    to_left, to_right = (complex(x, y) * size / 64 for x, y in EYES)
    turn = (right - left) / (to_right - to_left)  # source pixels for one pixel of the crop
    fine = 4  # samples along a side of a pixel
    planes = torch.cat([values, torch.ones_like(values[:1])])[None]
    if (step := abs(turn) / fine) > 1:  # the samples would miss pixels: average them first
        small = max(1, round(height / step)), max(1, round(width / step))
        planes = F.interpolate(planes, size=small, mode="bilinear", antialias=True)
    at = (torch.arange(size * fine, dtype=torch.float64, device=values.device) + 0.5) / fine
    target = torch.complex(at[None, :].expand(len(at), -1), at[:, None].expand(-1, len(at)))
    source = left + turn * (target - to_left)
    grid = torch.stack([2 * source.real / width - 1, 2 * source.imag / height - 1], -1)
    grid = grid.to(values.dtype)[None]
    crop = F.grid_sample(planes[:, :-1], grid, padding_mode="border", align_corners=False)
    cover = F.grid_sample(planes[:, -1:], grid, padding_mode="zeros", align_corners=False)
    return F.avg_pool2d(crop, fine)[0], F.avg_pool2d(cover, fine)[0]
