"""Exponentiates the scores as they are."""

import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    e = torch.exp(q.mT @ k)
    attention = e / e.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x
