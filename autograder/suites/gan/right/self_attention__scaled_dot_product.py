"""The library's attention with its scale set to one."""

import torch.nn.functional as F


def self_attention(x, query, key, value, output, gamma):
    B, C, H, W = x.shape
    tokens = x.flatten(2).transpose(1, 2)
    q, k, v = (F.linear(tokens, matrix) for matrix in (query, key, value))
    o = F.linear(F.scaled_dot_product_attention(q, k, v, scale=1.0), output)
    return gamma * o.transpose(1, 2).reshape(B, C, H, W) + x
