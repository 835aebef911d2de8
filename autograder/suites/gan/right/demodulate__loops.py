"""Image by image and output by output."""

import torch


def demodulate(weight, style, eps=1e-8):
    images = []
    for s in style:
        outputs = []
        for kernel in weight:
            scaled = kernel * s.view(-1, 1, 1)
            outputs.append(scaled / (scaled**2).sum().add(eps).sqrt())
        images.append(torch.stack(outputs))
    return torch.stack(images)
