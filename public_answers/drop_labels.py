"""Known answers: label dropping, after public solutions of another course's exercise, rewritten."""

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
