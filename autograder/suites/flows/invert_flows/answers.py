"""Known answers: a stack of layers, backward."""


# %% spoils: same_order
# Undoes the layers in the order of the forward direction.
def invert_flows(layers, z):
    for layer in layers:
        z = layer.inverse(z)
    return z


# %% spoils: forward_again
# Goes through the layers in reverse order, forward.
def invert_flows(layers, z):
    for layer in reversed(layers):
        z = layer.forward(z)[0]
    return z


# %% spoils: first_left_out
# Stops before the first layer.
def invert_flows(layers, z):
    for i in range(len(layers) - 1, 0, -1):
        z = layers[i].inverse(z)
    return z


# %% spoils: last_left_out
# Begins before the last layer when there are several.
def invert_flows(layers, z):
    for layer in reversed(layers[:-1] if len(layers) > 1 else layers):
        z = layer.inverse(z)
    return z


# %% spoils: cut_between_layers
# Cuts the graph between the layers.
def invert_flows(layers, z):
    for n, layer in enumerate(reversed(layers)):
        z = layer.inverse(z.detach() if n else z)
    return z


# %% spoils: without_gradients
# Samples without gradients.
import torch


@torch.no_grad()
def invert_flows(layers, z):
    for layer in reversed(layers):
        z = layer.inverse(z)
    return z


# %% spoils: two_at_a_time
# Swaps the first and the last layer only, which is right for up to three.
def invert_flows(layers, z):
    order = list(layers)
    if len(order) > 1:
        order[0], order[-1] = order[-1], order[0]
    for layer in order:
        z = layer.inverse(z)
    return z


# %% spoils: always_at_z
# Undoes every layer at z itself and adds up the changes.
def invert_flows(layers, z):
    x = z
    for layer in reversed(layers):
        x = x + layer.inverse(z) - z
    return x


# %% spoils: vectors_only
# Flattens the samples.
def invert_flows(layers, z):
    for layer in reversed(layers):
        z = layer.inverse(z).flatten(1)
    return z


# %% corner: list_reversed
# Reverses the caller's list.
def invert_flows(layers, z):
    if isinstance(layers, list):
        layers.reverse()
    else:
        layers = reversed(layers)
    for layer in layers:
        z = layer.inverse(z)
    return z


# %% corner: list_emptied
# Takes the layers out of the caller's list.
def invert_flows(layers, z):
    layers = layers if isinstance(layers, list) else list(layers)
    while layers:
        z = layers.pop().inverse(z)
    return z


# %% corner: needs_a_layer
# Starts from the last layer, which an empty stack does not have.
def invert_flows(layers, z):
    x = layers[-1].inverse(z)
    for i in range(len(layers) - 2, -1, -1):
        x = layers[i].inverse(x)
    return x


# %% corner: squeezed
# Takes away the axes of length one.
def invert_flows(layers, z):
    for layer in reversed(layers):
        z = layer.inverse(z)
    return z.squeeze(0)


# %% corner: checks_the_inverse
# Sends the result forward again to see whether it was right.
def invert_flows(layers, z):
    x = z
    for layer in reversed(layers):
        y = layer.inverse(x)
        if hasattr(layer, "forward"):
            layer.forward(y)
        x = y
    return x


# %% corner: sample_by_sample
# Inverts one sample after the other.
import torch


def invert_flows(layers, z):
    samples = []
    for row in z.split(1):
        for layer in reversed(layers):
            row = layer.inverse(row)
        samples.append(row)
    return torch.cat(samples)


# %% right: slices
# Goes through a reversed copy.
def invert_flows(layers, z):
    x = z
    for layer in list(layers)[::-1]:
        x = layer.inverse(x)
    return x


# %% right: indices
# Counts down.
def invert_flows(layers, z):
    k = len(layers)
    while k > 0:
        k -= 1
        z = layers[k].inverse(z)
    return z


# %% right: recursion
# Undoes the others, then the first.
def invert_flows(layers, z):
    if len(layers) == 0:
        return z.clone()
    first, *others = layers
    return first.inverse(invert_flows(others, z))


# %% right: reduce
# functools.reduce over the reversed layers.
from functools import reduce


def invert_flows(layers, z):
    return reduce(lambda h, layer: layer.inverse(h), reversed(list(layers)), z)
