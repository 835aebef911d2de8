"""Blends what was seen with the input for adding it."""

import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + (1 - gamma) * x
