"""Known answers: The direction of an attribute among codes."""


# %% wrong: against_everybody
# Subtracts the mean of all codes.
def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0) - codes.mean(dim=0)


# %% wrong: covariance
# Returns the covariance of codes and marks.
def attribute_direction(codes, has):
    marks = has.to(codes.dtype)
    return ((marks - marks.mean())[:, None] * (codes - codes.mean(dim=0))).mean(dim=0)


# %% wrong: detached
# Cuts the graph to the codes.
def attribute_direction(codes, has):
    codes = codes.detach()
    return codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)


# %% wrong: half_counts
# Divides both sums by half the number of codes.
def attribute_direction(codes, has):
    sign = (2 * has - 1).to(codes.dtype)
    return 2 * (sign[:, None] * codes).mean(dim=0)


# %% wrong: latents_averaged
# Averages over latents too and repeats the number.
def attribute_direction(codes, has):
    return (codes[has == 1].mean() - codes[has == 0].mean()).expand(codes.shape[1])


# %% wrong: medians
# Takes medians instead of means.
def attribute_direction(codes, has):
    return codes[has == 1].median(dim=0).values - codes[has == 0].median(dim=0).values


# %% wrong: no_contrast
# Returns the mean code of those with the attribute.
def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0)


# %% wrong: one_count_for_both
# Divides both sums by the number of all codes.
def attribute_direction(codes, has):
    sign = (2 * has - 1).to(codes.dtype)
    return (sign[:, None] * codes).mean(dim=0)


# %% wrong: reversed
# Leads from those with to those without.
def attribute_direction(codes, has):
    return codes[has == 0].mean(dim=0) - codes[has == 1].mean(dim=0)


# %% wrong: standardised
# Divides by the spread of the codes.
def attribute_direction(codes, has):
    return (codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)) / codes.std(dim=0)


# %% wrong: sums
# Subtracts sums instead of means.
def attribute_direction(codes, has):
    return codes[has == 1].sum(dim=0) - codes[has == 0].sum(dim=0)


# %% wrong: unit_length
# Scales the direction to length one.
def attribute_direction(codes, has):
    return F.normalize(codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0), dim=0)


# %% right: index_add
# Adds the codes up by group and divides by the counts.
def attribute_direction(codes, has):
    group = has.long()
    sums = torch.zeros(2, codes.shape[1], dtype=codes.dtype, device=codes.device).index_add(
        0, group, codes
    )
    counts = torch.stack([(1 - group).sum(), group.sum()]).to(codes.dtype)
    without, with_it = sums / counts[:, None]
    return with_it - without


# %% right: loops
# Collects the two groups in a loop.
def attribute_direction(codes, has):
    groups = {False: [], True: []}
    for code, mark in zip(codes, has):
        groups[bool(mark)].append(code)
    return torch.stack(groups[True]).mean(dim=0) - torch.stack(groups[False]).mean(dim=0)


# %% right: weights
# Weighted sums, with the marks in the precision of the codes.
def attribute_direction(codes, has):
    has = has.to(codes.dtype)
    with_it = (has[:, None] * codes).sum(0) / has.sum()
    without = ((1 - has)[:, None] * codes).sum(0) / (1 - has).sum()
    return with_it - without
