"""One image and one position at a time, shifted by the largest score."""

import torch


def self_attention(x, query, key, value, output, gamma):
    results = []
    for image in x:
        flat = image.flatten(1)
        q, k, v = query @ flat, key @ flat, value @ flat
        columns = []
        for j in range(flat.shape[1]):
            s = k.T @ q[:, j]
            e = torch.exp(s - s.max())
            columns.append(output @ (v @ (e / e.sum())))
        results.append(gamma * torch.stack(columns, dim=-1).view(image.shape) + image)
    return torch.stack(results)
