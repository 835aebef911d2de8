"""Train the autoencoder whose codes the lab `flow_matching` models, and write
data/digit_vae.safetensors (four minutes of one core).

    python scripts/train_digit_autoencoder.py

It is the convolutional VAE of the course, with little weight on the KL as in latent diffusion
(Rombach et al. 2022): codes keep nearly all of a digit, and their distribution is far from the
prior. Prints the root mean squared error of the test digits, and what their codes look like.
"""

from __future__ import annotations

import torch
from dgm.data import batches, data_folder, load_digits
from dgm.metrics import digit_distance
from dgm.models import ConvVAE
from dgm.training import adam, evaluating, save_checkpoint, seed_everything, train
from torch import Tensor

N_ITERATIONS = 5000
BATCH_SIZE = 64
N_LATENT, SIZE, WIDTH = 24, 28, 16
PATH = "digit_vae.safetensors"


class SharpVAE(ConvVAE):
    """Its likelihood is about as narrow as its errors, so that the KL counts for little."""

    SIGMA = 0.2


def main() -> None:
    seed_everything(0)
    images, _ = load_digits("train", size=28)
    test, _ = load_digits("test", size=28)
    stream = batches(images, BATCH_SIZE)
    vae = SharpVAE(N_LATENT, SIZE, 1, WIDTH)
    optimizer = adam(vae, lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, N_ITERATIONS)

    def step(_: int) -> dict[str, Tensor]:
        x = next(stream)
        loss = vae.negative_elbo(x, torch.randn(len(x), N_LATENT))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 800.0)
        optimizer.step()
        schedule.step()
        return {"nats per image": loss}

    train(step, N_ITERATIONS, description="digit VAE")
    file = save_checkpoint(
        data_folder() / PATH,
        vae,
        {
            "trained_by": "scripts/train_digit_autoencoder.py",
            "n_latent": str(N_LATENT),
            "size": str(SIZE),
            "width": str(WIDTH),
        },
        dtype=torch.float16,
    )
    with evaluating(vae):
        mu, logvar = vae.encode(test)
        found = vae.decode(mu)
        drawn = vae.sample(1000, torch.Generator().manual_seed(0))
    error = (found - test).square().mean().sqrt()
    print(f"{file}: {file.stat().st_size:,} bytes; root mean squared error {error:.3f}")
    print(
        f"distance of reconstructions {digit_distance(found, test):.1f}, of samples from the prior"
        f" {digit_distance(drawn, test):.1f}"
    )
    print(f"means of codes: standard deviations {[round(s, 2) for s in mu.std(0).tolist()]}")
    print(f"spread of codes: {[round(s, 2) for s in (logvar / 2).exp().mean(0).tolist()]}")


if __name__ == "__main__":
    main()
