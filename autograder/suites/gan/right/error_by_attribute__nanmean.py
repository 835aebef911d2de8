"""Blanks out the others and takes the mean of what is left."""

import math

import torch


def error_by_attribute(error, attributes):
    nothing = torch.full_like(error, math.nan)[:, None]
    columns = [torch.where(attributes == value, error[:, None], nothing).nanmean(dim=0) for value in (0.0, 1.0)]
    return torch.stack(columns, dim=-1)
