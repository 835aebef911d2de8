"""Known answers: Errors by attribute."""


# %% wrong: columns_swapped
# Puts those with the attribute first.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack(
        [marks.T @ error / marks.sum(0), (1 - marks).T @ error / (1 - marks).sum(0)], dim=1
    )


# %% wrong: divided_by_all
# Divides both sums by the number of all images.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([(1 - marks).T @ error, marks.T @ error], dim=1) / len(error)


# %% wrong: everybody_for_without
# Compares those with the attribute with everybody.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([error.mean().expand(marks.shape[1]), marks.T @ error / marks.sum(0)], dim=1)


# %% wrong: medians
# Takes medians instead of means.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    nothing = torch.full_like(error, math.nan)[:, None]
    return torch.stack(
        [
            torch.where(marks == value, error[:, None], nothing).nanmedian(dim=0).values
            for value in (0, 1)
        ],
        dim=1,
    )


# %% wrong: overall_mean_for_nobody
# Writes the mean of all errors where nobody is.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    table = torch.stack(
        [(1 - marks).T @ error / (1 - marks).sum(0), marks.T @ error / marks.sum(0)], dim=1
    )
    return torch.where(table.isnan(), error.mean(), table)


# %% wrong: positive_errors_only
# Leaves zeros out as if nobody were there.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    columns = []
    for group in (1 - marks, marks):
        picked = group * error[:, None]
        columns.append(picked.sum(0) / (picked != 0).sum(0))
    return torch.stack(columns, dim=1)


# %% wrong: root_mean_square
# Takes the root of the mean square.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    squares = error**2
    return torch.stack(
        [(1 - marks).T @ squares / (1 - marks).sum(0), marks.T @ squares / marks.sum(0)], dim=1
    ).sqrt()


# %% wrong: small_constant
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


# %% wrong: sums
# Sums the errors.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([(1 - marks).T @ error, marks.T @ error], dim=1)


# %% wrong: transposed
# Returns a row for each group instead of a row for each attribute.
def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    return torch.stack([(1 - marks).T @ error / (1 - marks).sum(0), marks.T @ error / marks.sum(0)])


# %% wrong: zero_for_nobody
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
