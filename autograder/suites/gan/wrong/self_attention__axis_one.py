"""Takes the softmax over the positions that look, so that rows don't sum to one."""

import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=1)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x
