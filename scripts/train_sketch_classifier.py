"""Train the sketch classifier behind dgm's metrics and write data/sketch_classifier.safetensors
(about two minutes of one core).

    python scripts/train_sketch_classifier.py

Trained on 4,000 sketches that `dgm.sketches` draws, mirrored, blurred and moved at random; prints
how many attributes of 1,000 other sketches are judged right, as they are and blurred.
"""

from __future__ import annotations

import torch
from dgm.data import data_folder, paired_batches
from dgm.faces import BINARY, sample_faces
from dgm.nets import SketchClassifier
from dgm.sketches import draw_sketches, sample_hands
from dgm.training import evaluating, save_checkpoint, seed_everything, train
from torch import Tensor
from torch.nn import functional as F

N_TRAIN, N_TEST = 4000, 1000
TRAIN_SEED, TEST_SEED = 3100, 3101
"""Seeds that neither `dgm.sketches.load_pairs` nor a notebook uses."""
N_ITERATIONS = 700
BATCH_SIZE = 64


def sketches(n: int, seed: int) -> tuple[Tensor, Tensor]:
    faces = sample_faces(n, seed)
    return draw_sketches(faces, sample_hands(n, seed)), faces.binary


def varied(images: Tensor) -> Tensor:
    """Each image mirrored or not and blurred or not; the batch moved by up to 2 pixels.

    What a network draws is softer than pencil lines, and must not be misjudged for that alone. Both
    kinds are in each batch: batch norm would otherwise learn statistics that fit neither.
    """
    flip, soften = (torch.rand(2, len(images), 1, 1, 1) < 0.5).unbind(0)
    images = torch.where(flip, images.flip(-1), images)
    images = torch.where(soften, blurred(images), images)
    down, right = torch.randint(-2, 3, (2,)).tolist()
    return images.roll((down, right), dims=(-2, -1))


def blurred(images: Tensor) -> Tensor:
    return F.avg_pool2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), 3, stride=1)


def main() -> None:
    torch.set_num_threads(1)  # the same sums, so the same weights, on any number of cores
    seed_everything(0)
    stream = paired_batches(*sketches(N_TRAIN, TRAIN_SEED), batch_size=BATCH_SIZE)
    classifier = SketchClassifier()
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=N_ITERATIONS)

    def step(_: int) -> dict[str, Tensor]:
        images, binary = next(stream)
        loss = F.binary_cross_entropy_with_logits(classifier(varied(images)), binary)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        return {"cross entropy": loss}

    train(step, N_ITERATIONS, description="sketch classifier")
    images, binary = sketches(N_TEST, TEST_SEED)
    with evaluating(classifier):
        right, right_blurred = (
            ((classifier(inputs) > 0) == (binary > 0)).double().mean(0)
            for inputs in (images, blurred(images))
        )
    file = save_checkpoint(
        data_folder() / "sketch_classifier.safetensors",
        classifier,
        {
            "trained_by": "scripts/train_sketch_classifier.py",
            "test_accuracy": f"{right.mean().item():.4f}",
        },
        dtype=torch.float16,
    )
    for name, share, soft in zip(BINARY, right.tolist(), right_blurred.tolist(), strict=True):
        print(f"{name:10s} {share:.2%}, blurred {soft:.2%}")
    print(
        f"{file}: {file.stat().st_size:,} bytes; accuracy on the test sketches {right.mean():.2%}"
    )


if __name__ == "__main__":
    main()
