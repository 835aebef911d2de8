"""Known answers: Conditioning the generator."""


# %% spoils: attributes_as_classes
# Takes the largest attribute for the class of an image.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 2:
        labels = labels.argmax(dim=1)
    return torch.cat([z, F.one_hot(labels, n_classes).to(z.dtype)], dim=1)


# %% spoils: attributes_rounded
# Rounds attributes to whole numbers on their way.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z, labels.long().to(z.dtype)], dim=1)


# %% spoils: classes_of_the_batch
# Has as many places as the largest label of the batch needs, filled up with zeros in front.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels)
        labels = F.pad(labels, (n_classes - labels.shape[1], 0))
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: detached
# Cuts the codes off from their gradient.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z.data, labels.to(z.dtype)], dim=1)


# %% spoils: first_label
# Gives every code of the batch the condition of the first.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels[:1], n_classes).expand(len(z), -1)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: float32_always
# Makes the one-hot rows in float32, whatever the dtype of the codes.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z.float(), labels.float()], dim=1)


# %% spoils: label_in_front
# Puts the condition in front of the code.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([labels.to(z.dtype), z], dim=1)


# %% corner: own_cpu_tensor
# Makes the one-hot rows on the CPU.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        rows = torch.zeros(len(z), n_classes, dtype=z.dtype)
        rows[torch.arange(len(z)), labels] = 1.0
        labels = rows
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: promoted
# Leaves the dtype to the promotion rules, so that half-precision codes come back in float32.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes).float()
    return torch.cat([z, labels], dim=1)


# %% spoils: reversed_places
# Counts the classes from the end.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(n_classes - 1 - labels, n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: signed
# Has -1 for the other classes.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = 2 * F.one_hot(labels, n_classes) - 1
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: normalised_attributes
# Divides attributes by their sum, as if they were probabilities.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    labels = labels / labels.sum(dim=1, keepdim=True)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: clamped_attributes
# Clamps attributes to [0, 1].
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    labels = labels.clamp(0, 1)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: thresholded_attributes
# Takes attributes for yes or no at one half.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    labels = labels > 0.5
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: smoothed_labels
# Smoothes the one-hot rows.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = 0.9 * F.one_hot(labels, n_classes) + 0.1 / n_classes
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: counted_from_one
# Takes the classes to begin at one, and the last for none.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot((labels - 1).clamp(min=0), n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: squeezed
# Takes away axes of one before it looks whether it has labels or attributes.
def condition_codes(z, labels, n_classes):
    labels = labels.squeeze()
    if labels.ndim == 1:
        labels = F.one_hot(labels.long(), n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: told_by_the_last_size
# Takes labels for attributes where the batch has the size of the classes.
def condition_codes(z, labels, n_classes):
    if labels.shape[-1] != n_classes:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: column_of_labels
# Takes a single attribute for a column of labels.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0].long()
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: labels_in_bytes
# Stores labels in 8 bits.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels.to(torch.uint8).long(), n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: attributes_detached
# Cuts the attributes off from their gradient.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    labels = labels.detach()
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: unsqueezed_in_place
# Gives the caller's labels another shape.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels.unsqueeze_(1)
        labels = (labels == torch.arange(n_classes, device=labels.device)).to(torch.int64)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: attributes_in_float32
# Keeps attributes in float32 on the way.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    if labels.is_floating_point():
        labels = labels.float()
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: drawn_embedding
# Draws a row of random numbers for each class, a new one at each call.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = torch.randn(n_classes, n_classes, dtype=z.dtype, device=z.device).softmax(1)[
            labels
        ]
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% spoils: label_as_number
# Has the number of the class at its place, and not a one.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes) * labels[:, None]
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% corner: viewed
# Flattens its arguments by view, which fails where memory is not contiguous.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    flat = torch.cat([z.view(-1), labels.to(z.dtype).view(-1)])
    return torch.cat(
        [flat[: z.numel()].view(len(z), -1), flat[z.numel() :].view(len(z), -1)], dim=1
    )


# %% right: compared
# Compares each label with all class numbers.
def condition_codes(z, labels, n_classes):
    if labels.dtype == torch.int64:
        labels = labels.view(-1, 1).eq(torch.arange(n_classes, device=z.device))
    return torch.cat((z, labels.to(z)), -1)


# %% right: identity_rows
# Takes rows of an identity matrix.
def condition_codes(z, labels, n_classes):
    if labels.dim() == 1:
        labels = torch.eye(n_classes, dtype=z.dtype, device=z.device)[labels]
    return torch.hstack((z, labels.type_as(z)))


# %% right: scatter
# Fills a tensor of the final size in two steps.
def condition_codes(z, labels, n_classes):
    result = z.new_zeros(z.shape[0], z.shape[1] + n_classes)
    result[:, : z.shape[1]] = z
    if labels.ndim == 2:
        result[:, z.shape[1] :] = labels
        return result
    return result.scatter(1, z.shape[1] + labels.unsqueeze(1), 1.0)


# %% right: rows_from_lists
# Writes the rows of the labels as lists of numbers and moves them to the codes.
import torch


def condition_codes(z, labels, n_classes):
    if labels.dtype == torch.int64:
        labels = torch.tensor(
            [[float(k == label) for k in range(n_classes)] for label in labels.tolist()]
        )
    return torch.cat([z, labels.to(z.device, z.dtype)], dim=1)


# %% right: padded
# Pads the codes with zeros and adds the condition; a helper for the rows.
def rows(labels, n_classes):
    if labels.is_floating_point():
        return labels
    return torch.stack([labels == k for k in range(n_classes)], dim=-1)


def condition_codes(z, labels, n_classes):
    condition = rows(labels, n_classes).to(z)
    return F.pad(z, (0, n_classes)) + F.pad(condition, (z.shape[1], 0))


# %% right: row_by_row
# Goes through the batch with numpy's help, one code at a time.
import numpy as np


def condition_codes(z, labels, n_classes):
    if labels.dim() == 1:
        labels = torch.from_numpy(np.eye(n_classes, dtype=np.float32)[labels.cpu().numpy()])
    labels = labels.to(z.device).to(z.dtype)
    return torch.stack([torch.cat([code, row]) for code, row in zip(z, labels, strict=True)])
