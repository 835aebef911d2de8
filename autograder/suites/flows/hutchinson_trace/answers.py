"""Known answers: Hutchinson's trace estimator."""

# %% spoils: sum_over_probes
# Sums over the probes instead of averaging.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: first_probe
# Uses the first probe only.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        (product,) = torch.autograd.grad(value, at, probes[0], create_graph=keep_graph)
        trace = (product * probes[0]).sum(1)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: shared_probe
# Uses the probes of the first sample for all of them.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    probes = probes[:, :1].expand_as(probes)
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: no_second_product
# Sums the vector-Jacobian product without multiplying it by the probe.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + product.sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: summed_over_batch
# Sums over the batch too.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum() / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: mean_over_components
# Averages over the components.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).mean(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: unit_probes
# Scales each probe to length 1, which makes the mean over the sphere the trace divided by D.
import torch
import torch.nn.functional as F


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    probes = F.normalize(probes, dim=-1)
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: own_probes
# Draws signs of its own.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for _ in probes:
            probe = torch.randint_like(x, 2) * 2 - 1
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: exact_trace
# Computes the exact trace, whatever the probes are.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for i in range(x.shape[1]):
            (row,) = torch.autograd.grad(
                value[:, i].sum(), at, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + row[:, i]
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: no_second_order
# Leaves create_graph out, so that the trace has no gradient.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(value, at, probe, retain_graph=True)
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: always_a_copy
# Works on a detached copy of x, so that no gradient reaches x.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: needs_gradients_of_x
# Fails for an x that needs no gradients.
import torch


def hutchinson_trace(f, x, probes):
    value = f(x)
    trace = torch.zeros_like(x[:, 0])
    for probe in probes:
        (product,) = torch.autograd.grad(value, x, probe, create_graph=True)
        trace = trace + (product * probe).sum(1) / len(probes)
    return value, trace


# %% spoils: detached_for_data
# Detaches its results if x needs no gradients, so that the field's parameters get none in training.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled() and x.requires_grad
    with torch.enable_grad():
        at = x if keep_graph else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% spoils: fails_under_no_grad
# Does not switch gradients on, which fails when a trained flow is evaluated.
import torch


def hutchinson_trace(f, x, probes):
    at = x if x.requires_grad else x.detach().requires_grad_()
    value = f(at)
    trace = torch.zeros_like(x[:, 0])
    for probe in probes:
        (product,) = torch.autograd.grad(value, at, probe, create_graph=True)
        trace = trace + (product * probe).sum(1) / len(probes)
    return value, trace


# %% spoils: graph_kept_under_no_grad
# Keeps the graph of every step under no_grad too.
import torch


def hutchinson_trace(f, x, probes):
    with torch.enable_grad():
        at = x if x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(value, at, probe, create_graph=True)
            trace = trace + (product * probe).sum(1) / len(probes)
    return value, trace


# %% spoils: backward_into_grad
# Calls backward, which fills the .grad of the parameters.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x * 1.0 if keep_graph and x.requires_grad else x.detach().requires_grad_()
        at.retain_grad()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            at.grad = None
            value.backward(probe, retain_graph=True, create_graph=keep_graph)
            trace = trace + (at.grad * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% corner: called_for_each_probe
# Calls the field again for each probe.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            value = f(at)
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% corner: x_marked
# Makes the caller's x need gradients.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        x.requires_grad_()
        value = f(x)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, x, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% corner: squeezed
# Drops axes of size one.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    value, trace = value.squeeze(), trace.squeeze()
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% corner: signs_of_probes
# Uses the signs of short probes only, as if all were +-1.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    if probes.abs().max() < 0.1:
        probes = probes.sign()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% corner: thaws_the_field
# Makes all parameters of the field need gradients.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    for parameter in f.parameters() if hasattr(f, "parameters") else []:
        parameter.requires_grad_()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% corner: modules_only
# Counts the field's parameters, which a plain function does not have.
import torch


def hutchinson_trace(f, x, probes):
    keep_graph = torch.is_grad_enabled()
    trainable = x.requires_grad or any(p.requires_grad for p in f.parameters())
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph and trainable
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())


# %% right: einsum
# Collects the quadratic forms by einsum, and returns a list.
import torch


def hutchinson_trace(f, x, probes):
    enabled = torch.is_grad_enabled()
    with torch.enable_grad():
        inner = x if enabled and x.requires_grad else x.clone().detach().requires_grad_(True)
        out = f(inner)
        terms = [
            torch.einsum(
                "bd,bd->b",
                torch.autograd.grad(out, inner, grad_outputs=e, create_graph=True)[0],
                e,
            )
            for e in probes
        ]
        mean = sum(terms) / len(terms)
    if not enabled:
        return [out.detach(), mean.detach()]
    return [out, mean]


# %% right: functional
# Uses torch.func.vjp, with a named tuple for the results.
from collections import namedtuple

import torch

Trace = namedtuple("Trace", "value trace")


def hutchinson_trace(f, x, probes):
    enabled = torch.is_grad_enabled()
    with torch.enable_grad():
        value, pull_back = torch.func.vjp(f, x)
        total = [(pull_back(e)[0] * e).sum(1) for e in probes]
    result = Trace(value, torch.stack(total).mean(0))
    return result if enabled else Trace(*(each.detach() for each in result))


# %% right: sum_of_products
# Differentiates the sum of the output times the probe.
import torch


def hutchinson_trace(f, x, probes):
    recording = torch.is_grad_enabled()
    with torch.set_grad_enabled(True):
        point = x + 0.0 if recording and x.requires_grad else x.detach().clone().requires_grad_()
        velocity = f(point)
        traces = []
        for k in range(probes.shape[0]):
            weighted = (velocity * probes[k]).sum()
            row = torch.autograd.grad(weighted, point, create_graph=True)[0]
            traces.append((row * probes[k]).sum(dim=-1))
        estimate = torch.stack(traces, 0).sum(0) / probes.shape[0]
    if recording:
        return velocity, estimate
    return velocity.detach(), estimate.detach()
