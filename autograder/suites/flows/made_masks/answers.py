"""Known answers: the masks of a MADE."""


# %% spoils: sees_itself
# Uses the rule of the hidden layers for the last mask too, so that an output sees its own component.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] + 1 >= below).repeat(n_params, 1))
    return masks


# %% spoils: strict_everywhere
# Lets a hidden unit see only units of lower degrees, so that deep networks see less and less.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] > below)
        below = degrees
    last = place[:, None] >= below if hidden_degrees else place[:, None] > below
    masks.append(last.repeat(n_params, 1))
    return masks


# %% spoils: order_for_places
# Takes the order for the places of the components.
def made_masks(order, hidden_degrees, n_params=2):
    masks, below = [], order + 1
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((order[:, None] >= below).repeat(n_params, 1))
    return masks


# %% spoils: natural_order
# Ignores the order.
import torch


def made_masks(order, hidden_degrees, n_params=2):
    place = torch.arange(len(order), device=order.device)
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1))
    return masks


# %% spoils: interleaved
# Puts the parameters of a component side by side instead of all means first.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] >= below).repeat_interleave(n_params, 0))
    return masks


# %% spoils: inputs_only_on_one_side
# Takes the order for the inputs but not for the outputs.
import torch


def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    outputs = torch.arange(len(order), device=order.device)
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((outputs[:, None] >= below).repeat(n_params, 1))
    return masks


# %% spoils: transposed
# Gives the masks with inputs as rows.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append((degrees[:, None] >= below).T)
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1).T)
    return masks


# %% spoils: constants_unseen
# Lets no hidden unit of a later layer see the units of degree 0.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append((degrees[:, None] >= below) & (below > 0))
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1))
    return masks


# %% spoils: one_degree_less
# Takes the degree for the last place that a unit sees, counted from 1: a unit of degree 0 sees the first component.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] > below).repeat(n_params, 1))
    return masks


# %% spoils: means_only_masked
# Masks the means, but lets the other parameters see what the hidden layer's highest unit sees.
import torch


def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    last = place[:, None] >= below
    masks.append(torch.cat([last] + [torch.ones_like(last)] * (n_params - 1)))
    return masks


# %% spoils: sorted_degrees
# Sorts the degrees of each hidden layer first.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        degrees = degrees.sort().values
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1))
    return masks


# %% spoils: always_two
# Makes two parameters for each component, whatever n_params is.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] >= below).repeat(2, 1))
    return masks


# %% spoils: own_degrees
# Spreads degrees of its own over the units, as many as there are given.
import torch


def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for given in hidden_degrees:
        degrees = torch.arange(len(given), device=order.device) % len(order)
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1))
    return masks


# %% corner: no_hidden_layer_not_strict
# Has a mask with a diagonal when there is no hidden layer.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    layers = [place] + list(hidden_degrees)
    if not hidden_degrees:
        return [(place[:, None] >= place).repeat(n_params, 1)]
    masks = [layers[1][:, None] > place]
    masks += [later[:, None] >= earlier for earlier, later in zip(layers[1:], layers[2:])]
    masks.append((place[:, None] >= layers[-1]).repeat(n_params, 1))
    return masks


# %% corner: degrees_from_one
# Raises every degree to 1, as if each unit had to see something.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        if len(order) == 1:
            degrees = degrees.clamp(min=1)
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1))
    return masks


# %% corner: list_consumed
# Pops the degrees from the caller's list.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    while hidden_degrees:
        degrees = hidden_degrees.pop(0)
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1))
    return masks


# %% corner: on_the_cpu
# Makes its masks on the CPU.
import torch


def made_masks(order, hidden_degrees, n_params=2):
    place = order.cpu().argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append(degrees.cpu()[:, None] >= below)
        below = degrees.cpu()
    masks.append((place[:, None] >= below).repeat(n_params, 1))
    return masks


# %% corner: squeezed
# Drops axes of size one.
def made_masks(order, hidden_degrees, n_params=2):
    place = order.argsort()
    masks, below = [], place + 1
    for degrees in hidden_degrees:
        masks.append((degrees[:, None] >= below).squeeze())
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1).squeeze())
    return masks


# %% corner: masks_kept
# Keeps the masks by order and sizes, and returns them again for other degrees.
kept = {}


def made_masks(order, hidden_degrees, n_params=2):
    key = tuple(order.tolist()), tuple(map(len, hidden_degrees)), n_params
    if key not in kept:
        place = order.argsort()
        masks, below = [], place + 1
        for degrees in hidden_degrees:
            masks.append(degrees[:, None] >= below)
            below = degrees
        kept[key] = masks + [(place[:, None] >= below).repeat(n_params, 1)]
    return [mask.to(order.device) for mask in kept[key]]


# %% right: entry_by_entry
# Fills floats entry by entry.
import torch


def made_masks(order, hidden_degrees, n_params=2):
    place = {component: k for k, component in enumerate(order.tolist())}
    n = len(place)
    masks = []
    before = None
    for degrees in hidden_degrees:
        size = n if before is None else len(before)
        mask = torch.zeros(len(degrees), size, device=order.device)
        for row, degree in enumerate(degrees.tolist()):
            for column in range(size):
                if before is None:
                    mask[row, column] = place[column] < degree
                else:
                    mask[row, column] = before[column] <= degree
        masks.append(mask)
        before = degrees.tolist()
    size = n if before is None else len(before)
    last = torch.zeros(n, size, device=order.device)
    for row in range(n):
        for column in range(size):
            seen = place[column] < place[row] if before is None else before[column] <= place[row]
            last[row, column] = float(seen)
    return masks + [torch.cat([last] * n_params)]


# %% right: degrees_from_one_on
# Gives the components the degrees 1 to D, as in the paper, and the outputs the strict rule.
import torch


def made_masks(order, hidden_degrees, n_params=2):
    degree = torch.empty_like(order)
    degree[order] = torch.arange(1, len(order) + 1, device=order.device)
    layers = [degree, *hidden_degrees]
    masks = [
        torch.ge(later.unsqueeze(1), earlier.unsqueeze(0)).float()
        for earlier, later in zip(layers[:-1], layers[1:])
    ]
    out = torch.cat([degree for _ in range(n_params)])
    return [*masks, torch.gt(out.unsqueeze(1), layers[-1].unsqueeze(0)).float()]


# %% right: numpy
# Compares arrays with numpy's broadcasting, and returns a tuple of integers.
import numpy as np
import torch


def made_masks(order, hidden_degrees, n_params=2):
    place = np.argsort(order.cpu().numpy())
    below, masks = place + 1, []
    for degrees in [d.cpu().numpy() for d in hidden_degrees] + [np.tile(place, n_params)]:
        masks.append(torch.from_numpy((below[None] <= degrees[:, None]).astype(np.int64)))
        below = degrees
    return tuple(mask.to(order.device) for mask in masks)


# %% right: outer
# Subtracts the degrees in all pairs and looks at the sign.
import torch


def made_masks(order, hidden_degrees, n_params=2):
    place = torch.zeros_like(order).scatter(0, order, torch.arange(len(order), device=order.device))
    chain = [place + 1, *hidden_degrees, place.tile(n_params)]
    return [
        (chain[i + 1].reshape(-1, 1) - chain[i].reshape(1, -1)).sign().ge(0)
        for i in range(len(chain) - 1)
    ]
