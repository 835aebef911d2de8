"""Train the face classifier behind dgm's metrics and write data/face_classifier.safetensors
(about a minute and a half of one core).

    python scripts/train_face_classifier.py

Trained on 6,000 faces that `dgm.faces` draws, mirrored at random; prints how many of 2,000 other
faces are judged right, attribute by attribute.
"""

from __future__ import annotations

import torch
from dgm.data import data_folder, paired_batches
from dgm.faces import BINARY, random_faces
from dgm.nets import FaceClassifier
from dgm.training import evaluating, save_checkpoint, seed_everything, train
from torch import Tensor
from torch.nn import functional as F

N_TRAIN, N_TEST = 6000, 2000
TRAIN_SEED, TEST_SEED = 1000, 1001
"""Seeds that no notebook draws its own faces with."""
N_ITERATIONS = 1000
BATCH_SIZE = 64


def mirrored(images: Tensor) -> Tensor:
    """Each image with probability one half the other way round."""
    flip = torch.rand(len(images)) < 0.5
    return torch.where(flip[:, None, None, None], images.flip(-1), images)


def main() -> None:
    torch.set_num_threads(1)  # the same sums, so the same weights, on any number of cores
    seed_everything(0)
    stream = paired_batches(*random_faces(N_TRAIN, TRAIN_SEED), batch_size=BATCH_SIZE)
    classifier = FaceClassifier()
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=N_ITERATIONS)

    def step(_: int) -> dict[str, Tensor]:
        images, binary = next(stream)
        loss = F.binary_cross_entropy_with_logits(classifier(mirrored(images)), binary)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        return {"cross entropy": loss}

    train(step, N_ITERATIONS, description="face classifier")
    images, binary = random_faces(N_TEST, TEST_SEED)
    with evaluating(classifier):
        right = ((classifier(images) > 0) == (binary > 0)).double().mean(0)
    file = save_checkpoint(
        data_folder() / "face_classifier.safetensors",
        classifier,
        {
            "trained_by": "scripts/train_face_classifier.py",
            "test_accuracy": f"{right.mean().item():.4f}",
        },
        dtype=torch.float16,
    )
    for name, share in zip(BINARY, right.tolist(), strict=True):
        print(f"{name:10s} {share:.2%}")
    print(f"{file}: {file.stat().st_size:,} bytes; accuracy on the test faces {right.mean():.2%}")


if __name__ == "__main__":
    main()
