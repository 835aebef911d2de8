"""What makes real submissions large: figures in the notebooks, and trained weights beside them.
Noise of the same sizes, from a seed.
"""

from __future__ import annotations

import base64
import io
import random
import zipfile
from typing import Any

FIGURE_SIZE = (280, 70)
"""Pixels of noise: a PNG of 59 kB, the mean of the 28 figures that the VAE lab draws."""
ARTIFACTS = (
    *("ae", "vae", "vae_improve", "vq", "vq_prior", "wae", "wae_16"),
    *("collapse_beta_02", "collapse_beta_1", "collapse_beta_40", "collapse_beta_40_free_bits_025"),
)
ARTIFACTS_MB = 13.0
"""What a run of the VAE lab leaves in artifacts/, in all."""


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def figure(picture: str) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": picture, "text/plain": "<Figure size 640x480 with 4 Axes>"},
    }


def png(rng: random.Random) -> str:
    """A picture of noise as a notebook holds it: base64."""
    from PIL import Image

    width, height = FIGURE_SIZE
    buffer = io.BytesIO()
    Image.frombytes("RGB", FIGURE_SIZE, rng.randbytes(3 * width * height)).save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode()


def artifacts(rng: random.Random, megabytes: float) -> dict[str, bytes]:
    """Random weights in half precision under the names that the VAE lab gives; none for 0 MB."""
    import numpy
    from safetensors.numpy import save

    n = int(megabytes * 1e6 / len(ARTIFACTS) / 2)
    made = {
        name: {"weight": numpy.frombuffer(rng.randbytes(2 * n), numpy.uint16)}
        for name in ARTIFACTS
        if n
    }
    return {f"artifacts/{name}.safetensors": save(tensors) for name, tensors in made.items()}


def member(path: str, method: int) -> zipfile.ZipInfo:
    """An entry with the time at which the made-up students saved, so that the same seed gives the
    same bytes.
    """
    entry = zipfile.ZipInfo(path, (2026, 12, 14, 18, 0, 0))
    entry.external_attr = 0o100644 << 16
    entry.compress_type = method
    return entry
