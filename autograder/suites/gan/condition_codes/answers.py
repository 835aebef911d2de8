"""Known answers: Conditioning the generator."""


# %% wrong: attributes_as_classes
# Takes the largest attribute for the class of an image.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 2:
        labels = labels.argmax(dim=1)
    return torch.cat([z, F.one_hot(labels, n_classes).to(z.dtype)], dim=1)


# %% wrong: attributes_rounded
# Rounds attributes to whole numbers on their way.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z, labels.long().to(z.dtype)], dim=1)


# %% wrong: classes_of_the_batch
# Has as many places as the largest label of the batch needs, filled up with zeros in front.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels)
        labels = F.pad(labels, (n_classes - labels.shape[1], 0))
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% wrong: detached
# Cuts the codes off from their gradient.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z.data, labels.to(z.dtype)], dim=1)


# %% wrong: first_label
# Gives every code of the batch the condition of the first.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels[:1], n_classes).expand(len(z), -1)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% wrong: float32_always
# Makes the one-hot rows in float32, whatever the dtype of the codes.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z.float(), labels.float()], dim=1)


# %% wrong: label_in_front
# Puts the condition in front of the code.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([labels.to(z.dtype), z], dim=1)


# %% wrong: own_cpu_tensor
# Makes the one-hot rows on the CPU.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        rows = torch.zeros(len(z), n_classes, dtype=z.dtype)
        rows[torch.arange(len(z)), labels] = 1.0
        labels = rows
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% wrong: promoted
# Leaves the dtype to the promotion rules, so that half-precision codes come back in float32.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes).float()
    return torch.cat([z, labels], dim=1)


# %% wrong: reversed_places
# Counts the classes from the end.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = F.one_hot(n_classes - 1 - labels, n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)


# %% wrong: signed
# Has -1 for the other classes.
def condition_codes(z, labels, n_classes):
    if labels.ndim == 1:
        labels = 2 * F.one_hot(labels, n_classes) - 1
    return torch.cat([z, labels.to(z.dtype)], dim=1)


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
