"""Known answers: Inversion from several starts."""


# %% spoils: absolute_error
# Judges by the absolute error.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).abs().flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% corner: attached_error
# Computes the errors with a graph.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    was_training = generator.training
    generator.eval()
    errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    generator.train(was_training)
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: averaged_codes
# Averages the codes of all runs.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    z = ends.mean(dim=0)
    with evaluating(generator):
        return z, (generator(z) - x).pow(2).flatten(1).sum(dim=1)


# %% spoils: batch_total
# Returns the total error of the batch.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error.sum()


# %% spoils: error_of_last_run
# Picks the codes rightly and returns the error of the last run.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], errors[-1]


# %% spoils: error_of_starts
# Judges the runs by the errors of their starts.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in z_inits])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: first_row_of_choice
# Indexes with the winners alone, which gives every image the codes of a whole batch.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best][torch.zeros(len(x), dtype=torch.long), torch.arange(len(x))], error


# %% spoils: inverted_again
# Inverts the winners once more, with steps of their own.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    z = search(ends[best, torch.arange(len(x), device=x.device)])
    with evaluating(generator):
        return z, (generator(z) - x).pow(2).flatten(1).sum(dim=1)


# %% spoils: judged_by_length
# Picks the shortest code.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    best = ends.norm(dim=2).argmin(dim=0)
    error = errors.gather(0, best[None])[0]
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: last_dimension
# Sums the error over the last dimension only and takes the first row.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack(
            [
                (generator(z) - x).pow(2).sum(dim=-1).flatten(1)[:, 0]
                if x.ndim > 2
                else (generator(z) - x).pow(2).sum(dim=-1)
                for z in ends
            ]
        )
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: last_run
# Returns the last run.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    return ends[-1], errors[-1]


# %% spoils: left_in_evaluation
# Leaves the generator in evaluation mode.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    generator.eval()
    with torch.no_grad():
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: left_in_training
# Puts the generator into training mode afterwards, wherever it was before.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    generator.train()
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: mean_error
# Picks the codes rightly and returns the error averaged over runs.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], errors.mean(dim=0)


# %% spoils: norm_not_squared
# Returns distances instead of their squares.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).flatten(1).norm(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: one_start_only
# Inverts from the first start alone.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits[:1]])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: one_winner_for_all
# Picks one run for the whole batch, by its total error.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    best = errors.sum(dim=1).argmin()
    return ends[best], errors[best]


# %% spoils: pixel_mean
# Averages the error over pixels.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).mean(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: starts_polished
# Replaces the starts by those nearest to the origin.
def invert_with_restarts(generator, x, z_inits, search):
    z_inits = z_inits * (z_inits.norm(dim=2, keepdim=True) < 1.5)
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: starts_returned
# Returns the starts of the best runs.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return z_inits[best, torch.arange(len(x), device=x.device)], error


# %% spoils: swapped
# Returns the error first.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return error, ends[best, torch.arange(len(x), device=x.device)]


# %% spoils: training_mode
# Computes the errors in the mode in which the generator came.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with torch.no_grad():
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: worst
# Picks the run with the largest error.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.max(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: search_without_gradients
# Calls the search where no gradients are recorded.
def invert_with_restarts(generator, x, z_inits, search):
    with evaluating(generator):
        ends = torch.stack([search(z_init) for z_init in z_inits])
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: searched_twice
# Searches once to judge the runs and once more to return their codes.
def invert_with_restarts(generator, x, z_inits, search):
    def error_of(z):
        with evaluating(generator):
            return (generator(z) - x).pow(2).flatten(1).sum(dim=1)

    error, best = torch.stack([error_of(search(z_init)) for z_init in z_inits]).min(dim=0)
    ends = torch.stack([search(z_init) for z_init in z_inits])
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: capped_errors
# Begins with an error of 1,000, which faces of 64 x 64 pixels exceed.
def invert_with_restarts(generator, x, z_inits, search):
    best_z = torch.zeros_like(z_inits[0])
    best_error = torch.full((len(x),), 1000.0, dtype=x.dtype, device=x.device)
    for z_init in z_inits:
        z = search(z_init)
        with evaluating(generator):
            error = (generator(z) - x).pow(2).flatten(1).sum(dim=1)
        better = error < best_error
        best_z = torch.where(better[:, None], z, best_z)
        best_error = torch.where(better, error, best_error)
    return best_z, best_error


# %% spoils: squeezed_images
# Squeezes the generator's images, so that grey ones are compared with every target.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack(
            [(generator(z).squeeze() - x).pow(2).flatten(1).sum(dim=1) for z in ends]
        )
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: first_run_favoured
# Lets the first start win where it is not worse by a tenth.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    biased = errors.clone()
    biased[0] *= 0.9
    best = biased.argmin(dim=0)
    each = torch.arange(len(x), device=x.device)
    return ends[best, each], errors[best, each]


# %% spoils: starts_overwritten
# Keeps the ends in z_inits, through its data.
def invert_with_restarts(generator, x, z_inits, search):
    for r in range(len(z_inits)):
        z_inits.data[r] = search(z_inits[r])
    ends = z_inits.clone()
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: frozen_afterwards
# Freezes the generator for good.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    generator.requires_grad_(False)
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: gradients_cleared
# Clears the generator's gradients, in case that the search has left some.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    generator.zero_grad()
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% spoils: last_run_twice
# Leaves the first start out and searches from the last one twice.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_inits[r]) for r in [*range(1, len(z_inits)), -1]])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% corner: squeezed_errors
# Squeezes the errors, whose only axis is lost where there is one image.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)].squeeze(), error.squeeze()


# %% corner: capped_at_a_billion
# Begins with an error of a billion.
def invert_with_restarts(generator, x, z_inits, search):
    best_z, best_error = z_inits[0].clone(), torch.full_like(x.flatten(1)[:, 0], 1e9)
    for z_init in z_inits:
        z = search(z_init)
        with evaluating(generator):
            error = (generator(z) - x).pow(2).flatten(1).sum(dim=1)
        better = error < best_error
        best_z = torch.where(better[:, None], z, best_z)
        best_error = torch.where(better, error, best_error)
    return best_z, best_error


# %% corner: viewed
# Flattens the images by view.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack(
            [(generator(z).flatten(1) - x.view(len(x), -1)).pow(2).sum(dim=1) for z in ends]
        )
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error


# %% corner: errors_in_float32
# Collects the errors in a table of the default precision.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    errors = torch.zeros(len(ends), len(x), device=x.device)
    with evaluating(generator):
        for r, z in enumerate(ends):
            errors[r] = (generator(z) - x).pow(2).flatten(1).sum(dim=1)
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error.to(x.dtype)


# %% corner: table_on_the_cpu
# Collects the errors in a table on the CPU.
def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    errors = torch.zeros(len(ends), len(x), dtype=x.dtype)
    with evaluating(generator):
        for r, z in enumerate(ends):
            errors[r] = (generator(z) - x).pow(2).flatten(1).sum(dim=1)
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x))], error


# %% right: loops
# Keeps a running best, image by image.
import math

import torch


def invert_with_restarts(generator, x, z_inits, search):
    codes, errors = [None] * len(x), [math.inf] * len(x)
    was_training = generator.training
    for r in range(len(z_inits)):
        ends = search(z_inits[r])
        generator.eval()
        for i in range(len(x)):
            error = ((generator(ends[i : i + 1]) - x[i : i + 1]) ** 2).sum().item()
            if error < errors[i]:
                codes[i], errors[i] = ends[i], error
        generator.train(was_training)
    return torch.stack(codes).detach(), torch.tensor(errors, dtype=x.dtype, device=x.device)


# %% right: one_long_batch
# Judges the ends of all runs as one long batch and gathers the winners.
import torch
import torch.nn.functional as F


def invert_with_restarts(generator, x, z_inits, search):
    R, B, K = z_inits.shape
    many = x.repeat(R, *[1] * (x.ndim - 1))
    ends = torch.cat([search(start) for start in z_inits.unbind(0)])
    with evaluating(generator):
        errors = F.mse_loss(generator(ends), many, reduction="none").reshape(R, B, -1).sum(-1)
    best = errors.argmin(0)
    z = ends.view(R, B, K).gather(0, best.view(1, B, 1).expand(1, B, K)).squeeze(0)
    return z, errors.gather(0, best[None]).squeeze(0)


# %% right: sorted_on_a_frozen_copy
# Sorts the runs of each image by their errors, on a frozen copy of the generator.
import copy

import torch


def invert_with_restarts(generator, x, z_inits, search):
    frozen = copy.deepcopy(generator).eval().requires_grad_(False)
    ends = [search(z_init).detach() for z_init in z_inits]
    errors = [(frozen(z) - x).square().flatten(1).sum(1) for z in ends]
    z, error = [], []
    for i in range(len(x)):
        ranked = sorted(range(len(ends)), key=lambda r: errors[r][i].item())
        z.append(ends[ranked[0]][i])
        error.append(errors[ranked[0]][i])
    return torch.stack(z), torch.stack(error)


# %% right: where
# Keeps a running best for the whole batch with torch.where.
def invert_with_restarts(generator, x, z_inits, search):
    best_z = best_error = None
    for z_init in z_inits:
        z = search(z_init)
        with evaluating(generator):
            error = torch.linalg.vector_norm((generator(z) - x).flatten(1), dim=1).square()
        if best_z is None:
            best_z, best_error = z, error
        else:
            better = error < best_error
            best_z = torch.where(better.unsqueeze(1), z, best_z)
            best_error = torch.where(better, error, best_error)
    return best_z, best_error


# %% right: named_tuple
# Returns a named tuple; the codes by advanced indexing with unsqueezed winners.
from typing import NamedTuple


class Best(NamedTuple):
    z: Tensor
    error: Tensor


def invert_with_restarts(generator, x, z_inits, search):
    ends = [search(starts) for starts in z_inits]
    mode = generator.training
    generator.eval()
    with torch.inference_mode():
        errors = [F.mse_loss(generator(z), x, reduction="none").flatten(1).sum(-1) for z in ends]
    generator.train(mode)
    lowest = torch.stack(errors, dim=1).clone().min(dim=1)
    table = torch.stack(ends, dim=1)
    picked = torch.take_along_dim(table, lowest.indices.clone()[:, None, None], dim=1)
    return Best(picked[:, 0].clone(), lowest.values.clone())


# %% right: pairs_in_a_list
# Keeps a list of pairs for each image and takes its minimum; errors as einsum products.
def invert_with_restarts(generator, x, z_inits, search):
    runs = [[] for _ in x]
    for z_init in z_inits:
        ends = search(z_init)
        with evaluating(generator):
            difference = (generator(ends) - x).reshape(len(x), -1)
        for pairs, z, error in zip(runs, ends, torch.einsum("bd,bd->b", difference, difference)):
            pairs.append((error, z))
    best = [min(pairs, key=lambda pair: float(pair[0])) for pairs in runs]
    return [torch.stack([z for _, z in best]), torch.stack([error for error, _ in best])]
