"""Known answers: labels that are dropped."""


# %% spoils: complement
# Keeps the labels in the mask and drops the others.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill(~mask, null_label)


# %% spoils: all_or_nothing
# Drops all labels if any is in the mask.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill(mask.any().expand_as(mask), null_label)


# %% spoils: removes
# Removes the labels in the mask from the batch.
def drop_labels(labels, mask, null_label):
    return labels[~mask]


# %% spoils: zero
# Takes 0 for the null label.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill(mask, 0)


# %% spoils: fixed
# Takes 10 for the null label.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill(mask, 10)


# %% spoils: own_mask
# Draws a mask of its own.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill(torch.rand(len(labels), device=labels.device) < 0.1, null_label)


# %% spoils: multiplied
# Multiplies by the mask and forgets to add the null label.
def drop_labels(labels, mask, null_label):
    return labels * ~mask


# %% spoils: added
# Adds the null label.
def drop_labels(labels, mask, null_label):
    return labels + null_label * mask


# %% spoils: floats
# Returns floats.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill(mask, null_label).float()


# %% spoils: in_place
# Changes the caller's labels.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill_(mask, null_label)


# %% spoils: first_ones
# Drops as many labels as are in the mask, from the beginning.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill(
        torch.arange(len(labels), device=labels.device) < mask.sum(), null_label
    )


# %% corner: small_type
# Goes through a smaller type.
def drop_labels(labels, mask, null_label):
    return labels.int().masked_fill(mask, null_label % 2**31).long()


# %% corner: squeezed
# Takes axes of length 1 away.
def drop_labels(labels, mask, null_label):
    return labels.masked_fill(mask, null_label).squeeze()


# %% right: where
# Uses torch.where.
def drop_labels(labels, mask, null_label):
    return torch.where(mask, torch.full_like(labels, null_label), labels)


# %% right: copy
# Writes into a copy.
def drop_labels(labels, mask, null_label):
    dropped = labels.clone()
    dropped[mask] = null_label
    return dropped


# %% right: list
# Loops over the labels.
def drop_labels(labels, mask, null_label):
    kept = [null_label if m else int(c) for c, m in zip(labels, mask)]
    return torch.tensor(kept, dtype=torch.int64, device=labels.device)


# %% right: public_mask_as_numbers
# Multiplies by the mask and its complement, as whole numbers.
import torch


def drop_labels(labels, mask, null_label):
    dropped = mask.long()
    return labels * (1 - dropped) + null_label * dropped


# %% spoils: public_zero_for_null
# Multiplies the labels by the mask, so that what is dropped becomes class 0.
import torch


def drop_labels(labels, mask, null_label):
    return labels * (~mask).long()


# %% spoils: public_mask_kept
# Takes the mask for that of the labels that are kept.
import torch


def drop_labels(labels, mask, null_label):
    kept = mask.long()
    return labels * kept + null_label * (1 - kept)


# %% spoils: public_own_random_mask
# Draws a mask of its own.
import torch


def drop_labels(labels, mask, null_label):
    own = torch.rand(labels.shape, device=labels.device) < mask.float().mean()
    return torch.where(own, torch.full_like(labels, null_label), labels)
