"""Known answers: Self-attention."""

# %% wrong: axis_one
# Takes the softmax over the positions that look, so that rows don't sum to one.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=1)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% wrong: columns_for_rows
# Flattens the image column by column and reads it back row by row.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.mT.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% wrong: gamma_detached
# Counts gamma as a number that is not learned.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma.detach() * o.reshape(x.shape) + x


# %% wrong: gamma_on_residual
# Blends what was seen with the input for adding it.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + (1 - gamma) * x


# %% wrong: mixed_up
# Reads the result with positions and channels in the wrong order.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = (attention @ v.mT) @ output.T  # (B, N, C)
    return gamma * o.reshape(x.shape) + x


# %% wrong: naive_softmax
# Exponentiates the scores as they are.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    e = torch.exp(q.mT @ k)
    attention = e / e.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% wrong: no_residual
# Leaves the residual out.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape)


# %% wrong: no_softmax
# Divides the scores by their number for the softmax, as non-local networks may.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    scores = q.mT @ k
    attention = scores / scores.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% wrong: query_key_swapped
# Swaps queries and keys.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (k.mT @ q).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% wrong: scaled
# Divides the scores by the root of K.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k / query.shape[0] ** 0.5).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% wrong: transposed
# Applies the attention map transposed.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention)
    return gamma * o.reshape(x.shape) + x


# %% wrong: wrong_axis
# Takes the softmax over the positions that look.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=1)
    attention = attention / attention.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% right: convolutions
# 1x1 convolutions and batched products, the columns of the map summing to one.
import torch
import torch.nn.functional as F


def conv(x, matrix):
    return F.conv2d(x, matrix[:, :, None, None])


def self_attention(x, query, key, value, output, gamma):
    B, _, H, W = x.shape
    f, g, h = (
        conv(x, key).view(B, -1, H * W),
        conv(x, query).view(B, -1, H * W),
        conv(x, value).view(B, -1, H * W),
    )
    s = torch.bmm(f.permute(0, 2, 1), g)  # s[i, j]: how well key i fits query j
    beta = torch.softmax(s, dim=1)
    o = conv(torch.bmm(h, beta).view(B, -1, H, W), output)
    return x + gamma * o


# %% right: einsum
# einsum on the image as it is, without flattening.
import torch


def self_attention(x, query, key, value, output, gamma):
    q = torch.einsum("kc,bchw->bkhw", query, x)
    k = torch.einsum("kc,bchw->bkhw", key, x)
    v = torch.einsum("kc,bchw->bkhw", value, x)
    scores = torch.einsum("bkhw,bkij->bhwij", q, k)
    weights = scores.flatten(3).softmax(-1).view_as(scores)
    return torch.einsum("ck,bhwij,bkij->bchw", output, weights, v) * gamma + x


# %% right: loop
# One image and one position at a time, shifted by the largest score.
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


# %% right: scaled_dot_product
# The library's attention with its scale set to one.
import torch.nn.functional as F


def self_attention(x, query, key, value, output, gamma):
    B, C, H, W = x.shape
    tokens = x.flatten(2).transpose(1, 2)
    q, k, v = (F.linear(tokens, matrix) for matrix in (query, key, value))
    o = F.linear(F.scaled_dot_product_attention(q, k, v, scale=1.0), output)
    return gamma * o.transpose(1, 2).reshape(B, C, H, W) + x
