"""Your own photographs and drawings for a model of faces: aligned by the eyes, and on the background or paper that it was trained with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from dgm.faces import backdrop
from dgm.pictures import Eyes, Picture, align, checked_eyes, open_picture

PAPER_TONE = 0.93
"""The tone of the paper of `dgm.sketches` on average, 0 black and 1 white."""
_DARKEST_INK = 0.56  # 1 - tone / paper of the darkest twentieth of a drawn sketch, on average


def own_photo(
    path: str | Path,
    eyes: Eyes | None = None,
    *,
    background: tuple[float, float, float] | Literal["keep"] | None = None,
    size: int = 64,
    device: torch.device | str = "cpu",
) -> Tensor:
    """A photograph of a face as those of `dgm.faces` are: (1, 3, size, size) float32 in [-1, 1].

    eyes: ((x, y), (x, y)) in pixels of the picture, turned upright; None: `pick_eyes` asks.
    background: what to put behind the person: a colour (r, g, b) in [0, 1], None for the mean of
    `dgm.faces`, "keep" for nothing. What the person is: the opaque part of a picture with
    transparency, otherwise `person_mask`'s guess, which is a good one in front of a plain wall.
    Raises what `open_picture` and `checked_eyes` raise.
    """
    picture = open_picture(path)
    fine = 2 * size  # the mask is found at twice the resolution
    values = torch.cat([picture.rgb, picture.alpha])
    crop, cover = align(picture, values, _given(picture, eyes), size=fine)
    rgb, alpha = crop[:3], crop[3:] * cover
    if background != "keep":
        cut_out = bool((picture.alpha < 0.5).float().mean() > 0.01)
        person = alpha if cut_out else alpha * person_mask(rgb, cover)
        colour = None if background is None else rgb.new_tensor(background)
        rgb = torch.lerp(backdrop(fine, colour), rgb, person)
    return 2 * F.avg_pool2d(rgb, 2)[None].to(device) - 1


def own_drawing(
    path: str | Path,
    eyes: Eyes | None = None,
    *,
    size: int = 64,
    device: torch.device | str = "cpu",
) -> Tensor:
    """A drawing on paper, scanned or photographed, as those of `dgm.sketches` are: (1, 1, size, size) float32 in [-1, 1].

    eyes: as for `own_photo`. Shadows on the paper are divided out, the paper gets `PAPER_TONE`, and
    the darkest lines become as dark as a pencil's. Raises what `open_picture` and `checked_eyes` raise.
    """
    picture = open_picture(path)
    ink = 1 - picture.grey / paper_tone(picture.grey)
    ink = (ink - 0.04).clamp_min(0)  # noise of the paper
    crop, cover = align(picture, ink, _given(picture, eyes), size=size)
    crop = crop * cover  # bare paper around the picture
    darkest = torch.quantile(crop, 0.95).clamp_min(1e-6)
    crop = (crop * (_DARKEST_INK / darkest).clamp(1.0, 6.0)).clamp(0, 1)
    return 2 * (PAPER_TONE * (1 - crop))[None].to(device) - 1


def paper_tone(grey: Tensor) -> Tensor:
    """How bright bare paper is at each pixel of a drawing (1, H, W) in [0, 1]; the same shape.

    The light on a sheet changes slowly: the logarithm of the tone is a quadratic function of the
    place, fitted to what a tenth of the pixels exceed in each of 8 x 8 fields. Fields that are much
    darker than the fit are drawn on all over and leave it.
    """
    fields = F.adaptive_avg_pool2d(grey, 64)  # a field is 8 x 8 of these
    fields = fields.reshape(8, 8, 8, 8).permute(0, 2, 1, 3).reshape(64, 64)
    tones = fields.quantile(0.9, dim=1).clamp_min(0.02).log().double()
    terms, weights = _quadratic(8, 8, grey.device), torch.ones_like(tones)
    for _ in range(10):
        weighted = terms * weights[:, None]
        fit = torch.linalg.lstsq(weighted.T @ terms, weighted.T @ tones).solution
        weights = (20 * (tones - terms @ fit)).clamp(-6, 0).exp()  # a twentieth darker: a third
    height, width = grey.shape[-2:]
    tone = (_quadratic(height, width, grey.device) @ fit).exp()
    return tone.reshape(1, height, width).to(grey).clamp(0.05, 1.0)


def _quadratic(height: int, width: int, device: torch.device) -> Tensor:
    """1, x, y, x^2, x y, y^2 at the middle of each of height x width fields: (height * width, 6) float64."""
    y, x = (
        ((torch.arange(n, device=device, dtype=torch.float64) + 0.5) * 2 / n - 1)
        for n in (height, width)
    )
    y, x = (plane.flatten() for plane in torch.meshgrid(y, x, indexing="ij"))
    return torch.stack([torch.ones_like(x), x, y, x * x, x * y, y * y], 1)


def person_mask(rgb: Tensor, cover: Tensor | None = None) -> Tensor:
    """Guess which pixels of an aligned photograph (3, S, S) in [0, 1] show the person: (1, S, S) in [0, 1].

    Colours of the upper corners and edges are background, those of face and chest the person; each
    other pixel goes with the nearer colours, where a head with hair can be, and with its neighbours.
    cover: (1, S, S), 0 where the photograph ended.
    """
    size = rgb.shape[-1]
    at = (torch.arange(size, device=rgb.device) + 0.5) * 2 / size - 1
    y, x = torch.meshgrid(at, at, indexing="ij")
    near = ((x / 0.34).square() + ((y - 0.06) / 0.42).square()).sqrt() - 1  # face: surely
    chest = ((x / 0.45).square() + ((y - 1.1) / 0.22).square()).sqrt() - 1
    reach = (
        (x / 0.82).square() + ((y - 0.05) / 0.98).square()
    ).sqrt() - 1  # head and hair: at most
    body = ((x / 1.15).square() + ((y - 1.15) / 0.62).square()).sqrt() - 1
    inside, outside = torch.minimum(near, chest) < 0, torch.minimum(reach, body) > 0
    if cover is not None:
        outside = outside & (cover[0] > 0.99)
    pixels = rgb.flatten(1).T  # (S * S, 3)
    if outside.sum() < 20:
        return torch.ones_like(rgb[:1])
    nearest = [
        torch.cdist(pixels, _palette(pixels[part.flatten()])).amin(1).reshape(size, size)
        for part in (outside, inside)
    ]
    # The uncertain colours take sides by place: the closer to the middle, the more likely the person.
    place = -2.0 * torch.minimum(near / 1.2 - 0.45, body * 1.5)
    evidence = ((nearest[0] - nearest[1].clamp_max(0.08)) / 0.05).clamp(-6, 6) + place.clamp(
        -3, 1.5
    )
    evidence = torch.where(inside, 8.0, torch.where(outside, -8.0, evidence))
    mask = torch.sigmoid(evidence)[None, None]
    width = 2 * (size // 32) + 1  # neighbours within 3% of the picture
    for _ in range(6):
        smooth = F.avg_pool2d(F.pad(mask, [width // 2] * 4, mode="replicate"), width, stride=1)
        mask = torch.sigmoid(evidence + 8.0 * (smooth - 0.5))
    return mask[0]


def _palette(pixels: Tensor, n_colours: int = 6, n_rounds: int = 10) -> Tensor:
    """K-means of colours (N, 3), from a start that is the same each time: (n_colours, 3)."""
    order = pixels.sum(1).argsort()
    at = torch.linspace(0, len(pixels) - 1, n_colours, device=pixels.device).long()
    colours = pixels[order[at]]
    for _ in range(n_rounds):
        nearest = torch.cdist(pixels, colours).argmin(1)
        members = F.one_hot(nearest, n_colours).to(pixels)
        counts = members.sum(0)[:, None]
        colours = torch.where(counts > 0, members.T @ pixels / counts.clamp_min(1), colours)
    return colours


def _given(picture: Picture, eyes: Eyes | None) -> Eyes:
    return pick_eyes(picture.path) if eyes is None else eyes


def pick_eyes(path: str | Path) -> Eyes:
    """Show a picture and ask where the eyes are: ((x, y), (x, y)) in pixels of the picture, turned upright.

    In a window (a script, or `%matplotlib qt` in a notebook) click on both pupils. In a notebook
    without a window, the picture has axes and a grid to read the positions from: type four numbers,
    x and y of one eye and of the other, into the line that appears. It prints the line to write into
    the notebook, so that it runs again without you. Raises ValueError if nobody answers.
    """
    picture = open_picture(path)
    if _has_window():
        eyes = _clicked(picture)
    else:
        _show(picture)
        try:
            answer = input("x and y of one eye, x and y of the other: ")
        except (EOFError, NotImplementedError, RuntimeError, OSError):  # nobody is there to type
            raise ValueError(
                f"{path}: the eyes are not known. Read them off the picture and pass eyes=((x, y), (x, y))."
            ) from None
        numbers = answer.replace(",", " ").replace("(", " ").replace(")", " ").split()
        try:
            x_1, y_1, x_2, y_2 = map(float, numbers)
        except ValueError:
            raise ValueError(
                f"{path}: four numbers are needed (x and y of each eye), not {answer!r}"
            ) from None
        eyes = (x_1, y_1), (x_2, y_2)
    eyes = checked_eyes(eyes, picture.width, picture.height, path)
    rounded = tuple(tuple(round(value) for value in eye) for eye in eyes)
    print(f"eyes = {rounded}")
    return eyes


def _has_window() -> bool:
    """Whether matplotlib opens windows that can be clicked on."""
    import matplotlib
    from matplotlib.backends import BackendFilter, backend_registry

    windows = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    name = matplotlib.get_backend().lower()
    return (
        name in {item.lower() for item in windows} - {"nbagg", "webagg"} and sys.stdout is not None
    )


def _draw(picture: Picture, title: str) -> None:
    import matplotlib.pyplot as plt

    shape = picture.width / picture.height
    _, ax = plt.subplots(figsize=(min(9.0, 9 * shape), min(9.0, 9 / shape)), layout="constrained")
    shown = torch.lerp(torch.ones_like(picture.rgb), picture.rgb, picture.alpha)
    ax.imshow(
        shown.permute(1, 2, 0).numpy(), extent=(0, picture.width, picture.height, 0)
    )  # positions are those of the file, whatever is shown
    ax.set_title(title)
    ax.set_xlabel("x (pixels)")
    ax.set_ylabel("y (pixels)")
    ax.minorticks_on()
    ax.grid(which="both", color="white", linewidth=0.4, alpha=0.7)


def _show(picture: Picture) -> None:
    import matplotlib.pyplot as plt

    _draw(picture, f"{picture.path.name}: where are the eyes?")
    plt.show()
    plt.close()


def _clicked(picture: Picture) -> Eyes:
    import matplotlib.pyplot as plt

    _draw(picture, f"{picture.path.name}: click on both eyes")
    points = np.asarray(plt.ginput(2, timeout=120))
    plt.close()
    if points.shape != (2, 2):
        raise ValueError(f"{picture.path}: two clicks are needed, not {len(points)}")
    (x_1, y_1), (x_2, y_2) = points.tolist()
    return (x_1, y_1), (x_2, y_2)
