"""Known answers: Minibatch discrimination."""

# %% spoils: averaged
# Averages over the batch instead of adding up.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).mean(1)


# %% spoils: dims_averaged
# Averages the absolute differences over the dimensions of a kernel.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().mean(3)
    return torch.exp(-distance).sum(1)


# %% spoils: exp_of_each_dim
# Takes the exponential of each dimension and averages these.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    return torch.exp(-(M[:, None] - M[None]).abs()).mean(3).sum(1)


# %% spoils: inverse
# Has a closeness of 1 / (1 + distance) instead of the exponential.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return (1 / (1 + distance)).sum(1)


# %% spoils: kernel_axis
# Adds up over the kernels where it should over the dimensions, and then picks as many columns.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(2)
    o = torch.exp(-distance).sum(1)
    return o[:, torch.arange(T.shape[1]) % T.shape[2]]


# %% spoils: kernel_sum
# Adds up the features before it multiplies, as if every feature had the kernel of their mean.
import torch


def minibatch_features(features, T):
    M = features.sum(1)[:, None, None] * T.mean(0)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1)


# %% spoils: l2
# Takes the Euclidean norm of the rows' difference.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    squared = (M[:, None] - M[None]).pow(2).sum(3)
    return torch.exp(-(squared + 1e-12).sqrt()).sum(1)


# %% spoils: neighbours
# Compares each image with the next one of the batch and counts these as often.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M - M.roll(1, 0)).abs().sum(2)
    return 1 + (len(M) - 1) * torch.exp(-distance)


# %% spoils: no_exp
# Adds up the distances without the exponential.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return distance.sum(1)


# %% spoils: one_distance
# Takes one distance over all kernels and repeats it.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum((2, 3))
    return torch.exp(-distance).sum(1)[:, None].expand(-1, T.shape[1])


# %% spoils: partner_detached
# Holds the other image of each pair constant.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None].detach()).abs().sum(3)
    return torch.exp(-distance).sum(1)


# %% spoils: reshaped_in_the_wrong_order
# Flattens T and splits the product into dimensions and kernels in the wrong order.
import torch


def minibatch_features(features, T):
    A, n_kernels, n_dims = T.shape
    M = (features @ T.reshape(A, -1)).reshape(-1, n_dims, n_kernels).transpose(1, 2)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1)


# %% spoils: self_excluded
# Leaves the image itself out of the sum.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1) - 1


# %% spoils: self_excluded_but_copies
# Counts every image but those at distance zero and adds one for itself.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    near = torch.exp(-distance) * (distance > 0)
    return near.sum(1) + 1


# %% spoils: sign_of_sum
# Forgets the absolute value: signed differences cancel within a kernel.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).sum(3).abs()
    return torch.exp(-distance).sum(1)


# %% spoils: squared_norm
# Takes the squared norm, a Gaussian kernel.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).pow(2).sum(3)
    return torch.exp(-distance).sum(1)


# %% spoils: tensor_detached
# Holds the tensor T constant.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T.detach())
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1)


# %% corner: centred_in_place
# Centres the caller's features, which no distance notices.
import torch


def minibatch_features(features, T):
    features.data -= features.mean(0)
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1)


# %% spoils: cut_off
# Counts only images closer than a distance of three.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return (torch.exp(-distance) * (distance < 3)).sum(1)


# %% spoils: features_detached
# Holds the features constant, so that only T learns.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features.detach(), T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1)


# %% spoils: first_sixteen
# Compares with the first sixteen images of the batch only.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None, :16]).abs().sum(3)
    return torch.exp(-distance).sum(1)


# %% corner: half_precision
# Compares the images in bfloat16.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance.bfloat16()).to(features.dtype).sum(1)


# %% spoils: reciprocal
# Divides by the exponential, whose gradient is nan as soon as it overflows.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return (1 / torch.exp(distance)).sum(1)


# %% spoils: root_of_square
# Takes a root of the square for the absolute value: nan for an image and itself.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).pow(2).sqrt().sum(3)
    return torch.exp(-distance).sum(1)


# %% corner: squeezed
# Takes away axes of length one, among them a batch of one image or a single kernel.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1).squeeze()


# %% corner: view_of_tensor
# Flattens T by `view`, which fails if T is not contiguous.
import torch


def minibatch_features(features, T):
    A, n_kernels, n_dims = T.shape
    M = (features @ T.view(A, n_kernels * n_dims)).view(-1, n_kernels, n_dims)
    distance = (M[:, None] - M[None]).abs().sum(3)
    return torch.exp(-distance).sum(1)


# %% right: cdist
# The library's L1 distances, kernels as its batch.
import torch


def minibatch_features(features, T):
    M = torch.matmul(features, T.permute(1, 0, 2))  # (K, B, C)
    return torch.cdist(M, M, p=1.0).neg().exp().sum(dim=-1).T


# %% right: flattened
# A plain matrix product of the flattened tensor, and log-sum-exp.
import torch


def minibatch_features(features, T):
    A, n_kernels, n_dims = T.shape
    M = features.mm(T.reshape(A, n_kernels * n_dims)).view(-1, n_kernels, n_dims)
    gaps = torch.linalg.vector_norm(M.unsqueeze(0) - M.unsqueeze(1), ord=1, dim=-1)
    return torch.logsumexp(-gaps, dim=0).exp()


# %% right: loops
# Pair by pair and kernel by kernel.
import torch


def minibatch_features(features, T):
    B, n_kernels = features.shape[0], T.shape[1]
    M = [[features[i] @ T[:, k] for k in range(n_kernels)] for i in range(B)]
    rows = []
    for i in range(B):
        row = []
        for k in range(n_kernels):
            row.append(sum(torch.exp(-(M[i][k] - M[j][k]).abs().sum()) for j in range(B)))
        rows.append(torch.stack(row))
    return torch.stack(rows)


# %% right: self_added
# Every other image, and one for the image itself.
import torch


def minibatch_features(features, T):
    M = torch.tensordot(features, T, dims=1)
    B = M.shape[0]
    o = torch.ones_like(M[..., 0])
    for shift in range(1, B):
        o = o + torch.exp(-(M - torch.roll(M, shift, dims=0)).abs().sum(-1))
    return o


# %% right: dimension_by_dimension
# Adds up the distances of one dimension after the other, in place.
import torch


def minibatch_features(features, T):
    B = features.size(0)
    distance = features.new_zeros(B, B, T.size(1))
    for d in range(T.size(2)):
        row = features @ T[:, :, d]
        distance += (row.unsqueeze(0) - row.unsqueeze(1)).abs()
    return distance.neg().exp().sum(0)


# %% right: vmap
# A function of one image, mapped over the batch.
import torch


def minibatch_features(features, T):
    M = torch.einsum("ba,akc->bkc", features, T)

    def closeness(mine):
        return torch.exp(-torch.linalg.vector_norm(M - mine, ord=1, dim=2)).sum(0)

    return torch.func.vmap(closeness)(M)
