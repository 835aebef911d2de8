"""Figures of the notebooks: image grids, labelled rows, loss curves, interpolation strips, points and densities of the plane.

Each is shown at once. `picture` draws what needs functions that may not be written yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dgm.plane import grid_points

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dgm.training import History

Range = tuple[float, float]


def picture(draw: Callable[[], object]) -> None:
    """Draw at once, or say that functions are missing; to be written as a decorator, `@picture`.

    draw: takes no argument and draws. Only its NotImplementedError is caught, which a function
    raises until it is written; every other error is the reader's to see.
    """
    try:
        draw()
    except NotImplementedError:
        print("this picture appears once the functions above it are written")


def image_grid(
    images: Tensor, *, n_columns: int = 8, value_range: Range = (-1.0, 1.0), pad: int = 1
) -> np.ndarray:
    """Tile images (N, C, H, W), C = 1 or 3, into one picture (rows, columns, 3) of floats in [0, 1], white between the tiles.

    Raises ValueError for another shape or no image.
    """
    if images.ndim != 4 or images.shape[1] not in (1, 3) or len(images) == 0:
        raise ValueError(
            f"images must be (N, C, H, W) with C = 1 or 3 and N > 0, not {tuple(images.shape)}"
        )
    low, high = value_range
    unit = ((images.detach().cpu().float() - low) / (high - low)).clamp(0, 1).expand(-1, 3, -1, -1)
    n, _, height, width = unit.shape
    n_columns = min(n_columns, n)
    n_rows = -(-n // n_columns)
    sheet = torch.ones(3, n_rows * (height + pad) - pad, n_columns * (width + pad) - pad)
    for i, image in enumerate(unit):
        top, left = (i // n_columns) * (height + pad), (i % n_columns) * (width + pad)
        sheet[:, top : top + height, left : left + width] = image
    return sheet.permute(1, 2, 0).numpy()


def show_images(
    images: Tensor, title: str, *, n_columns: int = 8, value_range: Range = (-1.0, 1.0)
) -> None:
    """Show images (N, C, H, W) as one grid under a title."""
    sheet = image_grid(images, n_columns=n_columns, value_range=value_range)
    figure, axes = _subplots(
        1,
        1,
        size=(
            _inches(min(n_columns, len(images))),
            _inches(min(n_columns, len(images))) * len(sheet) / sheet.shape[1],
        ),
    )
    _picture(axes[0], sheet, title)
    _show(figure)


def show_grids(
    grids: Mapping[str, Tensor], title: str, *, n_columns: int = 8, value_range: Range = (-1.0, 1.0)
) -> None:
    """Show several sets of images side by side, one grid with its name for each."""
    sheets = {
        name: image_grid(images, n_columns=n_columns, value_range=value_range)
        for name, images in grids.items()
    }
    tallest = max(len(sheet) / sheet.shape[1] for sheet in sheets.values())
    width = min(4.2, 13 / len(sheets))
    figure, axes = _subplots(1, len(sheets), size=(width * len(sheets), width * tallest + 0.7))
    for ax, (name, sheet) in zip(axes, sheets.items(), strict=True):
        _picture(ax, sheet, name)
    figure.suptitle(title)
    _show(figure)


def show_rows(
    rows: Mapping[str, Tensor],
    title: str,
    *,
    value_range: Range = (-1.0, 1.0),
    columns: Sequence[str] = (),
) -> None:
    """Show named rows of images (each (N, C, H, W)) one above the other: inputs over reconstructions, one strip for each model.

    columns: labels under the columns, if any.
    """
    n = max(len(images) for images in rows.values())
    tile = max(images.shape[-1] / images.shape[-2] for images in rows.values())
    label = 0.1 * max(len(name) for name in rows)  # inches that the longest name takes
    figure, axes = _subplots(
        len(rows), 1, size=(0.78 * n * tile + label, 0.78 * len(rows) + 0.5 + 0.25 * bool(columns))
    )
    for ax, (name, images) in zip(axes, rows.items(), strict=True):
        ax.imshow(
            image_grid(images, n_columns=len(images), value_range=value_range),
            interpolation="nearest",
        )
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
        ax.spines[:].set_visible(False)
    if columns:
        width = rows[name].shape[-1] + 1
        axes[-1].set_xticks(
            [i * width + (width - 1) / 2 for i in range(len(columns))], list(columns)
        )
        axes[-1].tick_params(length=0)
    figure.suptitle(title)
    _show(figure)


def interpolation_strips(
    strips: Mapping[str, Tensor], a: Tensor, title: str, *, value_range: Range = (-1.0, 1.0)
) -> None:
    """Show interpolations, one row of len(a) images for each name, with the weights a (A,) under the columns."""
    for name, images in strips.items():
        if len(images) != len(a):
            raise ValueError(f"{name}: {len(images)} images for {len(a)} weights")
    show_rows(
        strips,
        title,
        value_range=value_range,
        columns=[f"a = {weight:.2g}" for weight in a.tolist()],
    )


def loss_curves(
    histories: Mapping[str, History | Mapping[str, Sequence[float]]],
    title: str,
    *,
    ylabel: str = "loss",
    log: bool = False,
    smooth: int = 50,
) -> None:
    """Plot every loss of every history over the iterations: the raw values pale, their centred running mean over `smooth` iterations on top.

    histories: {"VAE": history}, a History or a mapping from names to lists of floats; losses named "x" appear as "VAE: x".
    """
    figure, (ax,) = _subplots(1, 1, size=(7.5, 3.6))
    for owner, history in histories.items():
        names = list(history) if isinstance(history, Mapping) else history.names
        for loss in names:
            _curve(
                ax,
                np.asarray(history[loss], dtype=float),
                f"{owner}: {loss}" if owner else loss,
                smooth,
            )
    ax.set_title(title)
    ax.set_xlabel("iteration")
    ax.set_ylabel(ylabel)
    if log:
        ax.set_yscale("log")
    ax.grid(alpha=0.3)
    ax.legend()
    _show(figure)


def show_points(
    points: Mapping[str, Tensor],
    title: str,
    *,
    extent: float,
    labels: Mapping[str, Tensor] | None = None,
) -> None:
    """Scatter sets of points (N, 2) side by side, each under its name, on axes of +-extent.

    labels: the colour (N,) of each point, an integer, for the sets that have one.
    """
    figure, axes = _squares(len(points), title)
    for ax, (name, at) in zip(axes, points.items(), strict=True):
        x, y = at.detach().cpu().float().unbind(1)
        colours: dict[str, Any] = {}
        if labels and name in labels:
            colours = {"c": labels[name].cpu(), "cmap": "tab10", "vmin": 0, "vmax": 9}
        ax.scatter(x, y, s=3, alpha=0.6, linewidths=0, **colours)
        _plane(ax, name, extent)
    _show(figure)


def show_densities(
    log_densities: Mapping[str, Callable[[Tensor], Tensor]],
    title: str,
    *,
    extent: float,
    resolution: int = 120,
    device: torch.device | str | None = None,
) -> None:
    """Draw densities of the plane side by side, each under its name, all in the same colours.

    log_densities: each takes points (N, 2) on `device` and returns log p(x) (N,), in nats.
    """
    grid = grid_points(extent, resolution).to(device)
    with torch.no_grad():
        pictures = {
            name: torch.cat([log_density(part) for part in grid.split(4000)])
            .exp()
            .nan_to_num(0.0)
            .reshape(resolution, resolution)
            .cpu()
            for name, log_density in log_densities.items()
        }
    # The first one, the data's own as a rule, sets the scale: a peak of a bad model would hide the rest.
    top = float(next(iter(pictures.values())).max()) or 1.0
    figure, axes = _squares(len(pictures), title)
    for ax, (name, density) in zip(axes, pictures.items(), strict=True):
        drawn = ax.imshow(
            density,
            origin="lower",
            extent=(-extent, extent, -extent, extent),
            vmin=0.0,
            vmax=top,
            cmap="magma",
        )
        _plane(ax, name, extent)
    figure.colorbar(drawn, ax=axes, label="density", shrink=0.7)
    _show(figure)


def show_moved_grid(
    moves: Mapping[str, Callable[[Tensor], Tensor]],
    title: str,
    *,
    extent: float,
    n_lines: int = 21,
    device: torch.device | str | None = None,
) -> None:
    """Draw what maps of the plane do to a square grid of lines, side by side, each under its name.

    moves: each takes points (N, 2) on `device` and returns where they go (N, 2). The horizontal
    lines are blue, the vertical ones orange.
    """
    along, across = torch.linspace(-extent, extent, 200), torch.linspace(-extent, extent, n_lines)
    x, y = torch.meshgrid(along, across, indexing="ij")
    horizontal = torch.stack([x, y], dim=-1)  # (200, n_lines, 2)
    figure, axes = _squares(len(moves), title)
    for ax, (name, move) in zip(axes, moves.items(), strict=True):
        for lines, colour in ((horizontal, "tab:blue"), (horizontal.flip(-1), "tab:orange")):
            with torch.no_grad():
                moved = move(lines.reshape(-1, 2).to(device)).reshape(lines.shape).cpu()
            ax.plot(moved[..., 0], moved[..., 1], color=colour, linewidth=0.6)
        _plane(ax, name, extent)
    _show(figure)


def show_spread(
    values: Mapping[str, Sequence[float] | np.ndarray],
    title: str,
    *,
    xlabel: str,
    best: float | None = None,
) -> None:
    """Compare models by the values that several runs gave: each run a dot, the mean a line, one row for each name.

    best: what no model can beat, if known; drawn as a dashed line.
    """
    figure, (ax,) = _subplots(1, 1, size=(7.5, 0.45 * len(values) + 1.2))
    for row, runs in enumerate(values.values()):
        runs = np.asarray(runs, dtype=float)
        ax.plot(runs, np.full(len(runs), row), "o", alpha=0.5)
        ax.plot([runs.mean()], [row], "k|", markersize=18, markeredgewidth=2)
    ax.set_yticks(range(len(values)), list(values))
    ax.set_ylim(len(values) - 0.5, -0.5)
    if best is not None:
        ax.axvline(best, linestyle="--", color="grey")
    ax.set_title(title)
    ax.set_xlabel(xlabel)
    ax.grid(axis="x", alpha=0.3)
    _show(figure)


def _squares(n: int, title: str) -> tuple[Figure, list[Axes]]:
    side = min(3.4, 13 / n)
    figure, axes = _subplots(1, n, size=(side * n, side + 0.6))
    figure.suptitle(title)
    return figure, axes


def _plane(ax: Axes, name: str, extent: float) -> None:
    ax.set_title(name, fontsize="medium")
    ax.set_xlim(-extent, extent)
    ax.set_ylim(-extent, extent)
    ax.set_aspect("equal")
    ax.tick_params(labelsize="x-small")


def _curve(ax: Axes, values: np.ndarray, label: str, smooth: int) -> None:
    smooth = max(1, min(smooth, len(values) // 5))
    steps = np.arange(1, len(values) + 1)
    (line,) = ax.plot(steps, values, alpha=0.25, linewidth=0.8)
    mean = np.convolve(values, np.ones(smooth) / smooth, mode="valid")
    middles = np.arange(len(mean)) + (smooth + 1) / 2
    ax.plot(middles, mean, color=line.get_color(), label=label)


def _inches(n_columns: int) -> float:
    return min(10.0, 0.75 * n_columns + 0.5)


def _picture(ax: Axes, sheet: np.ndarray, title: str) -> None:
    ax.imshow(sheet, interpolation="nearest")
    ax.set_title(title)
    ax.set_axis_off()


def _subplots(
    n_rows: int, n_columns: int, *, size: tuple[float, float]
) -> tuple[Figure, list[Axes]]:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        n_rows, n_columns, figsize=size, squeeze=False, layout="constrained"
    )
    return figure, list(axes.flat)


def _show(figure: Any) -> None:
    # Shown here and closed: a figure that a cell returned as well would appear twice in a notebook.
    import matplotlib.pyplot as plt

    plt.figure(figure.number)
    plt.show()
    plt.close(figure)
