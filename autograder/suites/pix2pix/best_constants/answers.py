"""Known answers: What L1 and L2 answer."""


# %% spoils: order
# Returns the mean first.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    mean = torch.tensordot(probabilities, values, dims=1)
    return mean.detach(), ordered.gather(0, first).squeeze(0).detach()


# %% spoils: unweighted
# Takes the median without probabilities.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    mean = torch.tensordot(probabilities, values, dims=1)
    return values.median(0).values.detach(), mean.detach()


# %% spoils: unweighted_mean
# Takes the mean without probabilities.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    mean = values.mean(0)
    return ordered.gather(0, first).squeeze(0).detach(), mean.detach()


# %% spoils: one_order
# Sorts all pixels by the first one.
def best_constants(values, probabilities):
    shape = (-1, *[1] * (values.dim() - 1))
    order = values.reshape(len(values), -1)[:, 0].argsort()
    reached = probabilities[order].cumsum(0)
    first = int((reached < 0.5 - 1e-6).sum())
    return values[order][first], (probabilities.reshape(shape) * values).sum(0)


# %% spoils: likeliest
# Answers with the most probable value.
def best_constants(values, probabilities):
    return values[probabilities.argmax()], torch.tensordot(probabilities, values, dims=1)


# %% spoils: unsorted
# Does not sort the values.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    ordered, order = (
        values,
        torch.arange(len(values)).reshape(-1, *[1] * (values.dim() - 1)).expand(values.shape),
    )
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    mean = torch.tensordot(probabilities, values, dims=1)
    return ordered.gather(0, first).squeeze(0).detach(), mean.detach()


# %% spoils: probabilities_unsorted
# Sorts the values, but not the probabilities.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    ordered, order = values.sort(dim=0)
    reached = probabilities.reshape(-1, *[1] * (values.dim() - 1)).expand(values.shape).cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    mean = torch.tensordot(probabilities, values, dims=1)
    return ordered.gather(0, first).squeeze(0).detach(), mean.detach()


# %% spoils: midrange
# Answers with the middle of the range.
def best_constants(values, probabilities):
    return (values.amax(0) + values.amin(0)) / 2, torch.tensordot(probabilities, values, dims=1)


# %% spoils: one_too_far
# Goes on to the next value.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).add(1).clamp(max=len(values) - 1)
    mean = torch.tensordot(probabilities, values, dims=1)
    return ordered.gather(0, first).squeeze(0).detach(), mean.detach()


# %% spoils: interpolated
# Takes the middle between two values.
def best_constants(values, probabilities):
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    before = (first - 1).clamp(min=0)
    median = (ordered.gather(0, first) + ordered.gather(0, before)) / 2
    return median.squeeze(0), torch.tensordot(probabilities, values, dims=1)


# %% spoils: for_all_pixels
# Gives one median for all pixels.
def best_constants(values, probabilities):
    flat = values.flatten()
    weights = probabilities.repeat_interleave(values[0].numel()) / values[0].numel()
    order = flat.argsort()
    first = int((weights[order].cumsum(0) < 0.5 - 1e-6).sum())
    return torch.full_like(values[0], float(flat[order][first])), torch.tensordot(
        probabilities, values, dims=1
    )


# %% corner: largest_median
# Gives the largest median where several are as good.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 + 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    mean = torch.tensordot(probabilities, values, dims=1)
    return ordered.gather(0, first).squeeze(0).detach(), mean.detach()


# %% corner: middle_of_medians
# Gives the middle of all medians.
def best_constants(values, probabilities):
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    last = len(values) - 1
    low = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=last)
    high = (reached < 0.5 + 1e-6).sum(0, keepdim=True).clamp(max=last)
    median = (ordered.gather(0, low) + ordered.gather(0, high)) / 2
    return median.squeeze(0), torch.tensordot(probabilities, values, dims=1)


# %% corner: images_needed
# Works for images only.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    _, _ = values.shape[1], values.shape[-1] + values.dim() // (values.dim() - 1)
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    mean = torch.tensordot(probabilities, values, dims=1)
    return ordered.gather(0, first).squeeze(0).detach(), mean.detach()


# %% corner: keeps_single_axis
# Squeezes all axes of one.
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    ordered, order = values.sort(dim=0)
    reached = probabilities[order].cumsum(0)
    first = (reached < 0.5 - 1e-6).sum(0, keepdim=True).clamp(max=len(values) - 1)
    mean = torch.tensordot(probabilities, values, dims=1)
    return ordered.gather(0, first).squeeze().detach(), mean.detach()


# %% right: loops
# Loops over pixels in NumPy.
import numpy as np


def best_constants(values, probabilities):
    flat = values.detach().cpu().numpy().reshape(len(values), -1)
    weights = probabilities.detach().cpu().numpy()
    medians, means = [], []
    for column in flat.T:
        order = np.argsort(column, kind="stable")
        total, k = 0.0, -1
        while total < 0.5 - 1e-6:
            k += 1
            total += weights[order[k]]
        medians.append(column[order[k]])
        means.append(float((column * weights).sum()))
    shape = values.shape[1:]
    return tuple(
        torch.tensor(np.array(each), dtype=values.dtype).reshape(shape).to(values.device)
        for each in (medians, means)
    )


# %% right: tries_all
# Tries all values, and takes the smallest of the best.
def best_constants(values, probabilities):
    with torch.no_grad():
        shape = (-1, *[1] * (values.dim() - 1))
        weights = probabilities.reshape(shape)
        below = torch.stack([(weights * (values <= c)).sum(0) for c in values])
        median = torch.where(below >= 0.5 - 1e-6, values, float("inf")).amin(0)
        return [median, (weights * values).sum(0)]


# %% right: searches
# Counts the values that are reached, in a named tuple.
from typing import NamedTuple


class Constants(NamedTuple):
    l1: Tensor
    l2: Tensor


@torch.no_grad()
def best_constants(values, probabilities):
    ordered, order = torch.sort(values, dim=0, stable=True)
    enough = probabilities[order].cumsum(0) > 0.5 - 1e-7
    first = enough.to(torch.uint8).argmax(0, keepdim=True)
    return Constants(
        torch.take_along_dim(ordered, first, 0)[0],
        torch.einsum("k,k...->...", probabilities, values),
    )
