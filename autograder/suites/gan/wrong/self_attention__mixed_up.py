"""Reads the result with positions and channels in the wrong order."""

import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = (attention @ v.mT) @ output.T  # (B, N, C)
    return gamma * o.reshape(x.shape) + x
