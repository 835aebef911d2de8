"""Multiplies the square out, with einsum."""

import torch


def discriminator_loss_ls(real_output, fake_output):
    r, f = real_output.flatten(), fake_output.flatten()
    squares = torch.einsum("i,i->", r, r) / r.numel() + torch.einsum("i,i->", f, f) / f.numel()
    return squares / 2 - r.mean() + 0.5
