"""Known answers: Errors by attribute."""


# %% spoils: columns_swapped
# Puts those with the attribute first.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack(
        [marks.T @ error / marks.sum(0), (1 - marks).T @ error / (1 - marks).sum(0)], dim=1
    )


# %% spoils: divided_by_all
# Divides both sums by the number of all images.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([(1 - marks).T @ error, marks.T @ error], dim=1) / len(error)


# %% spoils: everybody_for_without
# Compares those with the attribute with everybody.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([error.mean().expand(marks.shape[1]), marks.T @ error / marks.sum(0)], dim=1)


# %% spoils: medians
# Takes medians instead of means.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    nothing = torch.full_like(error, float("nan"))[:, None]
    return torch.stack(
        [
            torch.where(marks == value, error[:, None], nothing).nanmedian(dim=0).values
            for value in (0, 1)
        ],
        dim=1,
    )


# %% spoils: overall_mean_for_nobody
# Writes the mean of all errors where nobody is.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    table = torch.stack(
        [(1 - marks).T @ error / (1 - marks).sum(0), marks.T @ error / marks.sum(0)], dim=1
    )
    return torch.where(table.isnan(), error.mean(), table)


# %% corner: positive_errors_only
# Leaves zeros out as if nobody were there.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    columns = []
    for group in (1 - marks, marks):
        picked = group * error[:, None]
        columns.append(picked.sum(0) / (picked != 0).sum(0))
    return torch.stack(columns, dim=1)


# %% spoils: root_mean_square
# Takes the root of the mean square.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    squares = error**2
    return torch.stack(
        [(1 - marks).T @ squares / (1 - marks).sum(0), marks.T @ squares / marks.sum(0)], dim=1
    ).sqrt()


# %% spoils: small_constant
# Adds a small constant to the counts against division by zero.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack(
        [
            (1 - marks).T @ error / ((1 - marks).sum(0) + 1e-8),
            marks.T @ error / (marks.sum(0) + 1e-8),
        ],
        dim=1,
    )


# %% spoils: sums
# Sums the errors.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([(1 - marks).T @ error, marks.T @ error], dim=1)


# %% spoils: transposed
# Returns a row for each group instead of a row for each attribute.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([(1 - marks).T @ error / (1 - marks).sum(0), marks.T @ error / marks.sum(0)])


# %% spoils: zero_for_nobody
# Writes zero where nobody is.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack(
        [
            (1 - marks).T @ error / (1 - marks).sum(0).clamp(min=1),
            marks.T @ error / marks.sum(0).clamp(min=1),
        ],
        dim=1,
    )


# %% spoils: last_attribute_everywhere
# Fills the rows of a table with one list, so that all show the last attribute.
def error_by_attribute(error, attributes):
    rows = [[0.0, 0.0]] * attributes.shape[1]
    for a, column in enumerate(attributes.T):
        rows[a][0], rows[a][1] = error[column == 0].mean(), error[column == 1].mean()
    return torch.stack([torch.stack(row) for row in rows])


# %% spoils: nan_to_num
# Replaces what is not a number by zero at the end.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    without, with_it = (1 - marks).T @ error / (1 - marks).sum(0), marks.T @ error / marks.sum(0)
    return torch.stack([without, with_it], dim=1).nan_to_num()


# %% spoils: infinite_for_nobody
# Writes infinity where nobody is.
def error_by_attribute(error, attributes):
    table = torch.full(
        (attributes.shape[1], 2), float("inf"), dtype=error.dtype, device=error.device
    )
    for a, column in enumerate(attributes.T):
        for value in (0, 1):
            if (column == value).any():
                table[a, value] = error[column == value].mean()
    return table


# %% spoils: sorted_errors
# Sorts the errors in place, for a look at the largest, after the table is made.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    without, with_it = (1 - marks).T @ error / (1 - marks).sum(0), marks.T @ error / marks.sum(0)
    error.data.copy_(error.data.sort(descending=True).values)
    return torch.stack([without, with_it], dim=1)


# %% spoils: unbiased
# Divides by one less than there are images.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    without = (1 - marks).T @ error / ((1 - marks).sum(0) - 1)
    return torch.stack([without, marks.T @ error / (marks.sum(0) - 1)], dim=1)


# %% corner: nan_for_one
# Asks for two images at least before it takes a mean.
def error_by_attribute(error, attributes):
    def mean(group):
        return group.mean() if len(group) > 1 else error.new_tensor(float("nan"))

    return torch.stack(
        [torch.stack([mean(error[a == 0]), mean(error[a == 1])]) for a in attributes.T]
    )


# %% corner: squeezed
# Squeezes the table, whose first axis is lost where there is one attribute.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    without, with_it = (1 - marks).T @ error / (1 - marks).sum(0), marks.T @ error / marks.sum(0)
    return torch.stack([without, with_it], dim=1).squeeze()


# %% corner: magnitudes
# Averages magnitudes, as errors are never negative.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    size = error.abs()
    return torch.stack(
        [(1 - marks).T @ size / (1 - marks).sum(0), marks.T @ size / marks.sum(0)], dim=1
    )


# %% corner: counted_in_attributes
# Counts in the precision of the attributes.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack(
        [
            (1 - marks).T @ error / (1 - attributes).sum(0),
            marks.T @ error / attributes.sum(0),
        ],
        dim=1,
    )


# %% corner: same_dtype_only
# Multiplies errors and attributes as they are, which fails where their precisions differ.
def error_by_attribute(error, attributes):
    without, with_it = 1 - attributes, attributes
    return torch.stack([error @ without / without.sum(0), error @ with_it / with_it.sum(0)], dim=1)


# %% corner: table_in_float32
# Fills a table of the default precision.
def error_by_attribute(error, attributes):
    table = torch.zeros(attributes.shape[1], 2, device=error.device)
    for a, column in enumerate(attributes.T):
        table[a, 0], table[a, 1] = error[column == 0].mean(), error[column == 1].mean()
    return table


# %% corner: on_the_cpu
# Makes the table on the CPU.
def error_by_attribute(error, attributes):
    rows = [[error[a == v].mean().item() for v in (0, 1)] for a in attributes.T]
    return torch.tensor(rows, dtype=error.dtype)


# %% spoils: remembers
# Keeps the table of the first call for all calls with as many images and attributes.
TABLES = {}


def error_by_attribute(error, attributes):
    if attributes.shape not in TABLES:
        marks = attributes.to(error.dtype)
        without = (1 - marks).T @ error / (1 - marks).sum(0)
        TABLES[attributes.shape] = torch.stack([without, marks.T @ error / marks.sum(0)], dim=1)
    return TABLES[attributes.shape]


# %% right: lists
# Plain lists and a table filled cell by cell.
def error_by_attribute(error, attributes):
    N, A = attributes.shape
    table = torch.full((A, 2), float("nan"), dtype=error.dtype, device=error.device)
    for a in range(A):
        for value in (0, 1):
            members = [error[i] for i in range(N) if int(attributes[i, a]) == value]
            if members:
                table[a, value] = sum(members) / len(members)
    return table


# %% right: matrix
# Two matrix products and their counts.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    with_it = marks.T @ error / marks.sum(0)
    without = (1 - marks).T @ error / (1 - marks).sum(0)
    return torch.stack([without, with_it], dim=1)


# %% right: nanmean
# Blanks out the others and takes the mean of what is left.
import math

import torch


def error_by_attribute(error, attributes):
    nothing = torch.full_like(error, math.nan)[:, None]
    columns = [
        torch.where(attributes == value, error[:, None], nothing).nanmean(dim=0)
        for value in (0.0, 1.0)
    ]
    return torch.stack(columns, dim=-1)


# %% right: numpy_and_back
# Averages with numpy masks and moves the table to where the errors are.
import numpy as np
import torch


def error_by_attribute(error, attributes):
    errors, marks = error.detach().cpu().numpy(), attributes.cpu().numpy() > 0.5
    groups = [[errors[~column], errors[column]] for column in marks.T]
    means = np.array(
        [[group.mean() if len(group) else np.nan for group in pair] for pair in groups]
    )
    return torch.from_numpy(means).to(error.device, error.dtype)


# %% right: one_einsum
# One contraction with both indicators and without a graph, and a division by their counts.
@torch.no_grad()
def error_by_attribute(error, attributes):
    both = torch.stack((attributes == 0, attributes == 1), dim=2).to(error.dtype)
    return torch.einsum("n,nas->as", error, both).div(both.sum(dim=0))


# %% right: named_columns
# Two columns by a helper that masks and divides, the whole less those with for those without.
def group(error, mask):
    return torch.where(mask, error.unsqueeze(1), torch.zeros_like(error).unsqueeze(1)).sum(0)


def error_by_attribute(error, attributes):
    mask = attributes.bool()
    n_with, n = mask.sum(0), len(error)
    with_it = group(error, mask) / n_with
    without = group(error, ~mask) / (n - n_with)
    return torch.column_stack([without, with_it])
