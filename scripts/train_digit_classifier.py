"""Train the digit classifier behind dgm's metrics and write data/digit_classifier.safetensors
(about a minute on two cores).

    python scripts/train_digit_classifier.py

Trained on the 4,000 embedded training digits with small random shifts and turns; prints the
accuracy on the 1,000 test digits.
"""

from __future__ import annotations

import math

import torch
from dgm.data import data_folder, load_digits, paired_batches
from dgm.nets import DigitClassifier
from dgm.training import save_checkpoint, seed_everything, train
from torch import Tensor
from torch.nn import functional as F

N_ITERATIONS = 2000
BATCH_SIZE = 100


def jitter(images: Tensor) -> Tensor:
    """Turn by up to 12 degrees, scale by up to 10%, shift by up to two pixels, each image by its
    own amounts.
    """
    n = len(images)
    angle = (2 * torch.rand(n) - 1) * math.radians(12)
    scale = 1 + 0.1 * (2 * torch.rand(n) - 1)
    shift = (2 * torch.rand(n, 2) - 1) * (2 / 14)
    cos, sin = scale * angle.cos(), scale * angle.sin()
    theta = torch.stack(
        [torch.stack([cos, -sin, shift[:, 0]], 1), torch.stack([sin, cos, shift[:, 1]], 1)], 1
    )
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    return (
        F.grid_sample(images + 1, grid, align_corners=False) - 1
    )  # zero padding is black only when black is zero


def main() -> None:
    seed_everything(0)
    images, labels = load_digits("train")
    stream = paired_batches(images, labels, batch_size=BATCH_SIZE)
    classifier = DigitClassifier()
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=N_ITERATIONS)

    def step(_: int) -> dict[str, Tensor]:
        x, y = next(stream)
        loss = F.cross_entropy(classifier(jitter(x)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        return {"cross entropy": loss}

    train(step, N_ITERATIONS, description="digit classifier")
    classifier.eval()
    test_images, test_labels = load_digits("test")
    with torch.no_grad():
        accuracy = (classifier(test_images).argmax(1) == test_labels).double().mean().item()
    file = save_checkpoint(
        data_folder() / "digit_classifier.safetensors",
        classifier,
        {"trained_by": "scripts/train_digit_classifier.py", "test_accuracy": f"{accuracy:.4f}"},
    )
    print(f"{file}: {file.stat().st_size:,} bytes; accuracy on the test digits {accuracy:.2%}")


if __name__ == "__main__":
    main()
