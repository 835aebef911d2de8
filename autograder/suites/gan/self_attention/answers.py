"""Known answers: Self-attention."""

# %% spoils: axis_one
# Takes the softmax over the positions that look, so that rows don't sum to one.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=1)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: columns_for_rows
# Flattens the image column by column and reads it back row by row.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.mT.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: gamma_detached
# Counts gamma as a number that is not learned.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma.detach() * o.reshape(x.shape) + x


# %% spoils: gamma_on_residual
# Blends what was seen with the input for adding it.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + (1 - gamma) * x


# %% spoils: mixed_up
# Reads the result with positions and channels in the wrong order.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = (attention @ v.mT) @ output.T  # (B, N, C)
    return gamma * o.reshape(x.shape) + x


# %% spoils: naive_softmax
# Exponentiates the scores as they are.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    e = torch.exp(q.mT @ k)
    attention = e / e.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: no_residual
# Leaves the residual out.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape)


# %% spoils: no_softmax
# Divides the scores by their number for the softmax, as non-local networks may.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    scores = q.mT @ k
    attention = scores / scores.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: query_key_swapped
# Swaps queries and keys.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (k.mT @ q).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: scaled
# Divides the scores by the root of K.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k / query.shape[0] ** 0.5).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: transposed
# Applies the attention map transposed.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention)
    return gamma * o.reshape(x.shape) + x


# %% spoils: wrong_axis
# Takes the softmax over the positions that look.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=1)
    attention = attention / attention.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: gamma_skipped
# Returns early while gamma is 0, which gamma never leaves then.
import torch


def self_attention(x, query, key, value, output, gamma):
    if gamma == 0:
        return x
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: gamma_not_negative
# Puts gamma through a ReLU, which has no slope at 0.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return torch.relu(gamma) * o.reshape(x.shape) + x


# %% spoils: gamma_squashed
# Squashes gamma with tanh.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return torch.tanh(gamma) * o.reshape(x.shape) + x


# %% spoils: never_itself
# Forbids a position to look at itself.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    scores = q.mT @ k
    n = scores.shape[1]
    if n > 1:
        itself = torch.eye(n, dtype=torch.bool, device=x.device)
        scores = scores.masked_fill(itself, float("-inf"))
    attention = scores.softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: attention_detached
# Counts the weights of attention as constants.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    with torch.no_grad():
        attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: keys_detached
# Trains no keys.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k.detach()).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: residual_detached
# Trains the residual by nothing.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x.detach()


# %% spoils: shifted_by_the_mean
# Stabilises the softmax by the mean of the scores.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    scores = q.mT @ k
    e = torch.exp(scores - scores.mean(dim=2, keepdim=True))
    attention = e / e.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: shifted_by_the_batch
# Stabilises the softmax by the largest score of the batch.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    scores = q.mT @ k
    e = torch.exp(scores - scores.max())
    attention = e / e.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: half_at_the_largest
# Guards its own softmax by a minimum with 0, which halves the gradient of the largest score.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    scores = q.mT @ k
    shifted = scores - scores.amax(dim=2, keepdim=True).detach()
    e = torch.exp(torch.minimum(shifted, torch.zeros_like(shifted)))
    attention = e / e.sum(dim=2, keepdim=True)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: clamped_scores
# Clamps the scores for fear of overflow.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).clamp(-50, 50).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: scaled_for_many
# Divides the scores by the root of K from eight channels on.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    scores = q.mT @ k
    if query.shape[0] >= 8:
        scores = scores / query.shape[0] ** 0.5
    attention = scores.softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: half_precision
# Compares queries and keys in half precision.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.half().mT @ k.half()).to(x.dtype).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% spoils: mixed_up_when_square
# Mixes up positions and channels where there are as many of both.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = (output @ (v @ attention.mT)).mT
    if o.shape[1] != x.shape[1]:
        o = o.mT
    return gamma * o.reshape(x.shape) + x


# %% corner: squeezed
# Takes all axes of size one away.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2).squeeze()
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=-1)
    o = output @ (v @ attention.mT)
    y = gamma * o + positions
    return y.reshape(x.shape[:2] + x.shape[2:]).squeeze(0)


# %% corner: flattened_by_view
# Flattens the image by view, which no transposed tensor allows.
import torch


def self_attention(x, query, key, value, output, gamma):
    B, C, H, W = x.shape
    positions = x.view(B, C, H * W)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% corner: input_overwritten
# Adds what was seen to the caller's image in place.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)
    o = gamma * (output @ (v @ attention.mT)).reshape(x.shape)
    y = x + o
    if not x.requires_grad:
        x += o
    return y


# %% corner: single_precision
# Takes the softmax in single precision.
import torch


def self_attention(x, query, key, value, output, gamma):
    positions = x.flatten(start_dim=2)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2, dtype=torch.float32).to(x.dtype)
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x


# %% right: float32_constants
# An own softmax in powers of two, with a logarithm of single precision in it.
import torch


def shares(scores):
    bits = torch.tensor(1.4426950408889634, device=scores.device)
    powers = torch.exp2(bits * (scores - scores.amax(-1, keepdim=True)))
    return powers / powers.sum(-1, keepdim=True)


def self_attention(x, query, key, value, output, gamma):
    tokens = x.flatten(2).permute(0, 2, 1)
    weights = shares((tokens @ query.T) @ (tokens @ key.T).mT)
    seen = weights @ (tokens @ (output @ value).T)
    return torch.add(x, gamma * seen.permute(0, 2, 1).reshape(x.shape))


# %% right: vmap
# One image, mapped over the batch, with a logarithm of the softmax.
import torch


def one_image(image, query, key, value, output, gamma):
    flat = image.flatten(1)
    scores = torch.einsum("kn,km->nm", query @ flat, key @ flat)
    log_weights = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    seen = torch.einsum("ck,km,nm->cn", output, value @ flat, log_weights.exp())
    return image + gamma * seen.unflatten(1, image.shape[1:])


def self_attention(x, query, key, value, output, gamma):
    in_dims = (0, None, None, None, None, None)
    return torch.vmap(one_image, in_dims)(x, query, key, value, output, gamma)


# %% right: in_place_on_its_own
# Works in place on tensors of its own where autograd allows it.
import torch


def self_attention(x, query, key, value, output, gamma):
    flat = x.reshape(*x.shape[:2], -1)
    scores = (key @ flat).mT @ (query @ flat)  # what key i is to query j
    scores -= scores.detach().max(dim=1, keepdim=True).values
    weights = scores.exp_()
    seen = output @ (((value @ flat) @ weights) / weights.sum(1, keepdim=True))
    return seen.mul(gamma).add_(flat).reshape(x.shape)


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
