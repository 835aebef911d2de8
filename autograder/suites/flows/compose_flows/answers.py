"""Known answers: a stack of layers, forward."""


# %% spoils: summed_over_the_batch
# Adds up the log-determinants of all samples.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det + of_layer.sum()
    return x, log_det


# %% spoils: one_number
# Keeps one log-determinant for the whole batch.
def compose_flows(layers, x):
    log_det = 0.0 * x.detach().sum()
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det + of_layer.mean()
    return x, log_det


# %% spoils: last_layer_only
# Returns the log-determinant of the last layer.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    for layer in layers:
        x, log_det = layer.forward(x)
    return x, log_det


# %% spoils: always_at_x
# Takes each layer's log-determinant at x, where only the first one is.
def compose_flows(layers, x):
    z, log_det = x, x.new_zeros(len(x))
    for layer in layers:
        log_det = log_det + layer.forward(x)[1]
        z, _ = layer.forward(z)
    return z, log_det


# %% spoils: reversed_order
# Goes through the layers from the last to the first.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    for layer in reversed(layers):
        x, of_layer = layer.forward(x)
        log_det = log_det + of_layer
    return x, log_det


# %% spoils: subtracted
# Subtracts the log-determinants, as for the other direction.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det - of_layer
    return x, log_det


# %% spoils: multiplied
# Multiplies the log-determinants, as for the determinants.
def compose_flows(layers, x):
    log_det = x.new_ones(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det * of_layer
    return x, log_det if len(layers) else x.new_zeros(len(x))


# %% spoils: averaged_over_layers
# Averages over the layers.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det + of_layer / len(layers)
    return x, log_det


# %% spoils: log_det_detached
# Keeps the log-determinants without their graph.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det + of_layer.detach()
    return x, log_det


# %% spoils: cut_between_layers
# Cuts the graph between the layers, so that only the last one is trained.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x.detach() if layer is not layers[0] else x)
        log_det = log_det + of_layer
    return x, log_det


# %% spoils: exponentials
# Keeps the determinants, and their logarithm at the end in half precision.
def compose_flows(layers, x):
    det = x.new_ones(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x)
        det = det * of_layer.exp()
    return x, det.half().log().to(x.dtype)


# %% spoils: per_coordinate
# Spreads each log-determinant over the coordinates and takes the sum of the first sample's axis.
import torch


def compose_flows(layers, x):
    total = torch.zeros_like(x)
    for layer in layers:
        x, of_layer = layer.forward(x)
        total = total + (of_layer / x[0].numel()).reshape(-1, *[1] * (x.dim() - 1))
    return x, total.sum(0).flatten()[: len(x)] if len(x) == x[0].numel() else total.flatten(1).sum(
        1
    )


# %% corner: first_log_det_changed
# Adds in place onto the tensor that the first layer has returned.
def compose_flows(layers, x):
    log_det = None
    for layer in layers:
        x, of_layer = layer.forward(x)
        if log_det is None:
            log_det = of_layer
        else:
            log_det += of_layer
    return x, x.new_zeros(len(x)) if log_det is None else log_det


# %% corner: needs_a_layer
# Starts from the first layer, which an empty stack does not have.
def compose_flows(layers, x):
    z, log_det = layers[0].forward(x)
    for layer in layers[1:]:
        z, of_layer = layer.forward(z)
        log_det = log_det + of_layer
    return z, log_det


# %% corner: plain_zero
# Starts from the number 0, which is what an empty stack returns.
def compose_flows(layers, x):
    log_det = 0
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det + of_layer
    return x, log_det


# %% corner: zeros_in_float32
# Starts from zeros in single precision on the CPU.
import torch


def compose_flows(layers, x):
    log_det = torch.zeros(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det + of_layer
    return x, log_det


# %% corner: list_emptied
# Takes the layers out of the caller's list.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    if not isinstance(layers, list):
        layers = list(layers)
    while layers:
        x, of_layer = layers.pop(0).forward(x)
        log_det = log_det + of_layer
    return x, log_det


# %% corner: called_twice
# Calls each layer twice, for z and for the log-determinant.
def compose_flows(layers, x):
    log_det = x.new_zeros(len(x))
    for layer in layers:
        log_det = log_det + layer.forward(x)[1]
        x = layer.forward(x)[0]
    return x, log_det


# %% right: gathered
# Gathers the log-determinants and adds them up at the end.
import torch


def compose_flows(layers, x):
    log_dets = [torch.zeros_like(x.flatten(1)[:, 0])]
    h = x
    for i in range(len(layers)):
        h, one = layers[i].forward(h)
        log_dets.append(one)
    return [h, torch.stack(log_dets).sum(dim=0)]


# %% right: reduce
# functools.reduce and a named tuple.
from collections import namedtuple
from functools import reduce

import torch

Moved = namedtuple("Moved", "z log_det")


def one_layer(moved, layer):
    z, log_det = layer.forward(moved.z)
    return Moved(z, moved.log_det + log_det)


def compose_flows(layers, x):
    return reduce(one_layer, layers, Moved(x, torch.zeros(len(x), dtype=x.dtype, device=x.device)))


# %% right: recursion
# The first layer, then the rest of the stack; a copy for the empty one.
def compose_flows(layers, x):
    layers = list(layers)
    if layers == []:
        return x.clone(), x.new_zeros(x.shape[0])
    h, first = layers[0].forward(x)
    z, rest = compose_flows(layers[1:], h)
    return z, rest.add(first)


# %% right: called_as_modules
# Calls the layers themselves where they can be called.
def compose_flows(layers, x):
    log_det = (x * 0).flatten(1).sum(1).detach()
    for layer in layers:
        x, of_layer = layer(x) if callable(layer) else layer.forward(x)
        log_det = of_layer + log_det
    return x, log_det
