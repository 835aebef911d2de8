"""The dial under no_grad, with torch.clamp."""

import torch


def began_update(real_error, fake_error, k, gamma, lambda_k):
    d_loss = torch.mean(real_error) - k * torch.mean(fake_error)
    g_loss = torch.mean(fake_error)
    with torch.no_grad():
        gap = gamma * real_error.mean() - fake_error.mean()
        new_k = torch.clamp(k + lambda_k * gap, 0.0, 1.0)
        measure = real_error.mean() + gap.abs()
    return d_loss, g_loss, float(new_k), float(measure)
