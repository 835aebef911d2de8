"""Known answers: The direction of an attribute among codes."""


# %% spoils: against_everybody
# Subtracts the mean of all codes.
def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0) - codes.mean(dim=0)


# %% spoils: covariance
# Returns the covariance of codes and marks.
def attribute_direction(codes, has):
    marks = has.to(codes.dtype)
    return ((marks - marks.mean())[:, None] * (codes - codes.mean(dim=0))).mean(dim=0)


# %% spoils: detached
# Cuts the graph to the codes.
def attribute_direction(codes, has):
    codes = codes.detach()
    return codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)


# %% spoils: half_counts
# Divides both sums by half the number of codes.
def attribute_direction(codes, has):
    sign = (2 * has - 1).to(codes.dtype)
    return 2 * (sign[:, None] * codes).mean(dim=0)


# %% spoils: latents_averaged
# Averages over latents too and repeats the number.
def attribute_direction(codes, has):
    return (codes[has == 1].mean() - codes[has == 0].mean()).expand(codes.shape[1])


# %% spoils: medians
# Takes medians instead of means.
def attribute_direction(codes, has):
    return codes[has == 1].median(dim=0).values - codes[has == 0].median(dim=0).values


# %% spoils: no_contrast
# Returns the mean code of those with the attribute.
def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0)


# %% spoils: one_count_for_both
# Divides both sums by the number of all codes.
def attribute_direction(codes, has):
    sign = (2 * has - 1).to(codes.dtype)
    return (sign[:, None] * codes).mean(dim=0)


# %% spoils: reversed
# Leads from those with to those without.
def attribute_direction(codes, has):
    return codes[has == 0].mean(dim=0) - codes[has == 1].mean(dim=0)


# %% spoils: standardised
# Divides by the spread of the codes.
def attribute_direction(codes, has):
    return (codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)) / codes.std(dim=0)


# %% spoils: sums
# Subtracts sums instead of means.
def attribute_direction(codes, has):
    return codes[has == 1].sum(dim=0) - codes[has == 0].sum(dim=0)


# %% spoils: unit_length
# Scales the direction to length one.
def attribute_direction(codes, has):
    return F.normalize(codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0), dim=0)


# %% spoils: alternating_groups
# Takes every mark for that of the neighbour: rolls the mask by one.
def attribute_direction(codes, has):
    mask = has.roll(1) == 1
    return codes[mask].mean(dim=0) - codes[~mask].mean(dim=0)


# %% spoils: against_detached
# Lets no gradient through to those without the attribute.
def attribute_direction(codes, has):
    return codes[has == 1].mean(dim=0) - codes[has == 0].detach().mean(dim=0)


# %% spoils: through_numpy
# Computes with NumPy, where the gradient to the codes ends.
def attribute_direction(codes, has):
    c, mask = codes.detach().cpu().numpy(), has.cpu().numpy() == 1
    return torch.from_numpy(c[mask].mean(axis=0) - c[~mask].mean(axis=0)).to(codes.device)


# %% spoils: unbiased
# Divides by one less than there are codes.
def attribute_direction(codes, has):
    with_it, without = codes[has == 1], codes[has == 0]
    return with_it.sum(0) / max(len(with_it) - 1, 1) - without.sum(0) / max(len(without) - 1, 1)


# %% corner: squeezed_group
# Squeezes each group, and so takes the only code of a group for a row of numbers.
def attribute_direction(codes, has):
    return codes[has == 1].squeeze().mean(dim=0) - codes[has == 0].squeeze().mean(dim=0)


# %% corner: squeezed_indices
# Squeezes the indices of each group.
def attribute_direction(codes, has):
    with_it = codes[torch.nonzero(has == 1).squeeze()]
    without = codes[torch.nonzero(has == 0).squeeze()]
    return with_it.mean(dim=0) - without.mean(dim=0)


# %% corner: squeezed_result
# Squeezes the result, which has no axis left where a code is one number.
def attribute_direction(codes, has):
    return (codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)).squeeze()


# %% corner: counted_in_marks
# Counts in the precision of the marks, which holds no odd number beyond 2048 if that is float16.
def attribute_direction(codes, has):
    with_it = (has.to(codes.dtype)[:, None] * codes).sum(0) / has.sum()
    without = ((1 - has).to(codes.dtype)[:, None] * codes).sum(0) / (1 - has).sum()
    return with_it - without


# %% corner: precision_of_marks
# Computes in the precision of the marks and converts the result.
def attribute_direction(codes, has):
    wide = codes.to(has.dtype)
    return (wide[has == 1].mean(dim=0) - wide[has == 0].mean(dim=0)).to(codes.dtype)


# %% corner: same_dtype_only
# Multiplies codes and marks as they are, which fails where their precisions differ.
def attribute_direction(codes, has):
    return has @ codes / has.sum() - (1 - has) @ codes / (1 - has).sum()


# %% corner: single_precision
# Computes in float32.
def attribute_direction(codes, has):
    c = codes.float()
    return (c[has == 1].mean(dim=0) - c[has == 0].mean(dim=0)).to(codes.dtype)


# %% spoils: changes_codes
# Turns the codes of those without round in place.
def attribute_direction(codes, has):
    codes.data[has == 0] *= -1
    return codes[has == 1].sum(0) / (has == 1).sum() + codes[has == 0].sum(0) / (has == 0).sum()


# %% spoils: centred_in_place
# Moves the cloud of codes to the origin, in place and behind autograd's back.
def attribute_direction(codes, has):
    codes.data.sub_(codes.data.mean(dim=0))
    return codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)


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


# %% right: einsum_and_sums
# Two contractions by einsum, and the group without by subtraction from the whole.
def attribute_direction(codes, has):
    marks = has.type_as(codes)
    n_with = marks.sum()
    with_it = torch.einsum("n,nk->k", marks, codes)
    return with_it / n_with - (codes.sum(dim=0) - with_it) / (len(codes) - n_with)


# %% right: group_helper
# A helper for one group, with the mean of the chosen rows found by index_select.
def group_mean(codes, chosen):
    return codes.index_select(0, torch.where(chosen)[0]).mean(0)


def attribute_direction(codes, has):
    with_it = has > 0.5
    return group_mean(codes, with_it) - group_mean(codes, with_it.logical_not())
