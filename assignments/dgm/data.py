"""Images for the notebooks: embedded digits, torchvision's MNIST, CelebA64 from one memory-mapped file, and batches of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

Split = Literal["train", "test"]


class ImageSource(Protocol):
    """Anything that gives tensors by row numbers: a tensor, or a CelebA64 file."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: Any) -> Tensor: ...


def data_folder() -> Path:
    """The course's data folder: $DGM_DATA, or `data/` beside the notebook, the package or the checkout.

    Raises FileNotFoundError that lists where it looked.
    """
    if given := os.environ.get("DGM_DATA"):
        candidates = [Path(given)]
    else:
        package = Path(__file__).resolve().parent
        candidates = [
            folder / "data"
            for folder in (Path.cwd(), package.parent, package.parent.parent, *Path.cwd().parents)
        ]
    for folder in candidates:
        if (folder / "digits.npz").is_file():
            return folder
    looked = ", ".join(dict.fromkeys(str(folder) for folder in candidates))
    raise FileNotFoundError(
        f"no digits.npz in {looked}. Keep the kit's folders `dgm` and `data` next to the notebook, or set DGM_DATA to the data folder."
    )


def load_digits(
    split: Split = "train",
    *,
    value_range: tuple[float, float] = (-1.0, 1.0),
    size: Literal[28, 16] = 28,
    source: Literal["embedded", "torchvision"] = "embedded",
    root: str | Path = "mnist",
) -> tuple[Tensor, Tensor]:
    """Handwritten digits: images (N, 1, size, size) float32 in `value_range`, labels (N,) int64.

    size 16: each 2 x 2 pixels averaged to one of 14 x 14, with a border of one black pixel around
    them; rounded to 8 bits again, so that every value is one of 256 as in the original.

    source "embedded": 4,000 train and 1,000 test images of MNIST that come with the course. "torchvision": all 60,000 and 10,000,
    downloaded to the folder `root`. Raises ValueError for another split or source.
    """
    if split not in ("train", "test"):
        raise ValueError(f"split must be 'train' or 'test', not {split!r}")
    if source == "embedded":
        with np.load(data_folder() / "digits.npz", allow_pickle=False) as file:
            pixels, labels = (
                torch.from_numpy(file[f"{split}_images"]),
                torch.from_numpy(file[f"{split}_labels"]),
            )
    elif source == "torchvision":
        from torchvision.datasets import MNIST

        mnist = MNIST(str(root), train=split == "train", download=True)
        pixels, labels = mnist.data, mnist.targets
    else:
        raise ValueError(f"source must be 'embedded' or 'torchvision', not {source!r}")
    if size not in (28, 16):
        raise ValueError(f"size must be 28 or 16, not {size!r}")
    levels = pixels.unsqueeze(1).float()
    if size == 16:
        levels = F.pad(F.avg_pool2d(levels, 2).round(), (1, 1, 1, 1))
    low, high = value_range
    return low + (high - low) * levels / 255.0, labels.long()


class CelebA64:
    """The images of a CelebA64.npy, read from disk as they are asked for.

    The file is one array (image, width, height, rgb) of N x 64 x 64 x 3, uint8 in 0..255 or float in [0, 1] or [-1, 1]. `faces[i]` is
    (3, 64, 64) and `faces[rows]` (B, 3, 64, 64), rows a slice, list or tensor: height before width, RGB; in [-1, 1], or 0..255 as uint8.
    """

    def __init__(self, path: str | Path, dtype: torch.dtype = torch.float32) -> None:
        if not (dtype.is_floating_point or dtype == torch.uint8):
            raise ValueError(f"dtype must be a float type or torch.uint8, not {dtype}")
        self.dtype = dtype
        self.array = _open_array(Path(path))
        self.low, self.high = _stored_range(self.array, Path(path))

    def __len__(self) -> int:
        return int(self.array.shape[0])

    def __getitem__(self, index: int | slice | list[int] | Tensor) -> Tensor:
        rows = index.cpu().numpy() if isinstance(index, Tensor) else index
        stored = torch.from_numpy(np.array(self.array[rows]))
        return self._convert(stored.transpose(-1, -3))  # (..., W, H, 3) -> (..., 3, H, W)

    def _convert(self, stored: Tensor) -> Tensor:
        if self.dtype == stored.dtype == torch.uint8:
            return stored.contiguous()
        unit = (stored.float() - self.low) / (self.high - self.low)
        if self.dtype == torch.uint8:
            return (255.0 * unit).round().clamp(0, 255).to(torch.uint8).contiguous()
        return (2.0 * unit - 1.0).to(self.dtype).contiguous()


def celeba64(path: str | Path = "CelebA64.npy", dtype: torch.dtype = torch.float32) -> CelebA64:
    """Open CelebA64.npy without reading it into memory.

    Raises FileNotFoundError when it is missing, ValueError when it is no .npy file, not (image, width, height, rgb), or not uint8 or float.
    """
    return CelebA64(path, dtype)


def _open_array(path: Path) -> np.ndarray:
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no {path}. CelebA64.npy is not part of the course; dgm.faces draws faces that need no file."
        )
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise ValueError(f"{path} is not a .npy file of numbers ({error})") from error
    if not isinstance(array, np.ndarray):
        raise ValueError(f"{path} is an archive of arrays (.npz); a single .npy array is needed")
    if array.shape[1:] != (64, 64, 3) or len(array) == 0:
        hint = (
            " (channels come first here; the file's layout is image, width, height, rgb)"
            if array.shape[1:] == (3, 64, 64)
            else ""
        )
        raise ValueError(f"{path} has shape {array.shape}; (N, 64, 64, 3) is needed{hint}")
    if not (array.dtype == np.uint8 or np.issubdtype(array.dtype, np.floating)):
        raise ValueError(f"{path} holds {array.dtype}; uint8 or a float type is needed")
    return array


def _stored_range(array: np.ndarray, path: Path) -> tuple[float, float]:
    """The range that the stored numbers span, judged by up to 256 images spread over the file."""
    if array.dtype == np.uint8:
        return 0.0, 255.0
    sample = np.array(array[:: max(1, len(array) // 256)])
    low, high = float(sample.min()), float(sample.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError(f"{path} holds values that are not finite")
    if high > 1.0 and low >= 0.0 and high <= 255.0:
        return 0.0, 255.0
    if low >= 0.0 and high <= 1.0:
        return 0.0, 1.0
    if low >= -1.0 and high <= 1.0:
        return -1.0, 1.0
    raise ValueError(
        f"{path} holds floats from {low:g} to {high:g}; [0, 1], [-1, 1] or [0, 255] is needed"
    )


def batches(
    images: ImageSource, batch_size: int, *, seed: int = 0, device: torch.device | str | None = None
) -> Iterator[Tensor]:
    """Random batches (batch_size, ...) without end: each pass visits the rows in a new order and drops an incomplete rest.

    Raises ValueError when the source has fewer than `batch_size` rows.
    """
    return (
        rows[0] for rows in paired_batches(images, batch_size=batch_size, seed=seed, device=device)
    )


def paired_batches(
    *sources: ImageSource, batch_size: int, seed: int = 0, device: torch.device | str | None = None
) -> Iterator[tuple[Tensor, ...]]:
    """As `batches`, over several sources whose rows belong together: images and labels, photographs and sketches."""
    lengths = {len(source) for source in sources}
    if len(lengths) != 1:
        raise ValueError(
            f"sources must have as many rows as each other, not {[len(source) for source in sources]}"
        )
    n = lengths.pop()
    if not 1 <= batch_size <= n:
        raise ValueError(f"batch_size must lie in 1..{n} (the number of rows), not {batch_size}")
    return _endless(sources, n, batch_size, seed, device)


def _endless(
    sources: tuple[ImageSource, ...],
    n: int,
    batch_size: int,
    seed: int,
    device: torch.device | str | None,
) -> Iterator[tuple[Tensor, ...]]:
    generator = torch.Generator().manual_seed(seed)
    while True:
        order = torch.randperm(n, generator=generator)
        for start in range(0, n - batch_size + 1, batch_size):
            rows = order[start : start + batch_size]
            # A tensor on a GPU is indexed there; what lies on the CPU or on disk is indexed first and moved after.
            picked = (
                source[rows.to(source.device)] if isinstance(source, Tensor) else source[rows]
                for source in sources
            )
            yield tuple(item if device is None else item.to(device) for item in picked)


def unpaired_batches(
    *sources: ImageSource, batch_size: int, seed: int = 0, device: torch.device | str | None = None
) -> Iterator[tuple[Tensor, ...]]:
    """A batch from each of several sources that have nothing to do with each other and may differ in length, without end.

    Each source has its own random order, and begins anew when it is through.
    """
    streams = [
        batches(source, batch_size, seed=seed + i, device=device)
        for i, source in enumerate(sources)
    ]
    return zip(*streams, strict=True)
