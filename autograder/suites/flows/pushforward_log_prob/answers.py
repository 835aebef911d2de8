"""Known answers: the density of a transformed number."""

# %% spoils: signed_slope
# Takes the logarithm of the slope with its sign: nan for a map that decreases.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) + slope.log()


# %% spoils: increasing_only
# Turns the sign of the term for maps that decrease.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) + slope.sign() * slope.abs().log()


# %% spoils: minus_slope
# Subtracts the logarithm of the slope, as for the slope of g itself.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) - slope.abs().log()


# %% spoils: no_slope
# Looks up where the number came from, and forgets the slope.
def pushforward_log_prob(y, inverse, base_log_prob):
    return base_log_prob(inverse(y))


# %% spoils: mean_for_sum
# Differentiates the mean of the outputs: slopes divided by the number of points.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.mean(), at, create_graph=True)
    return base_log_prob(x) + slope.abs().log()


# %% spoils: one_slope
# Adds the sum of the log-slopes of all points to each of them.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) + slope.abs().log().sum()


# %% spoils: constant_slope
# Computes the slope without a graph, so that it is a constant to autograd.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        (slope,) = torch.autograd.grad(inverse(at).sum(), at)
    return base_log_prob(inverse(y)) + slope.abs().log()


# %% spoils: points_cut_off
# Differentiates in a copy of the points, and sends them no gradient.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y.detach().clone().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) + slope.abs().log()


# %% spoils: slope_of_a_copy
# Sends the points a gradient through the first term only.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y.detach().clone().requires_grad_()
        (slope,) = torch.autograd.grad(inverse(at).sum(), at, create_graph=True)
    return base_log_prob(inverse(y)) + slope.abs().log()


# %% spoils: parameters_only_with_points
# Keeps a graph only if the points need gradients, and trains nothing otherwise.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    needed = y.requires_grad
    with torch.enable_grad():
        at = y if needed else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
        value = base_log_prob(x) + slope.abs().log()
    return value if needed else value.detach()


# %% spoils: through_densities
# Multiplies the densities and takes the logarithm last, which is -inf in the tails.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return (base_log_prob(x).exp() * slope.abs()).log()


# %% spoils: least_slope
# Adds a small number to the slope, so that its logarithm stays finite.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) + (slope.abs() + 1e-6).log()


# %% spoils: differences
# Takes the slope from a finite difference of fixed width.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    x = inverse(y)
    slope = (inverse(y + 1e-3) - x) / 1e-3
    return base_log_prob(x) + slope.abs().log()


# %% spoils: base_at_y
# Asks the base density at y itself.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        (slope,) = torch.autograd.grad(inverse(at).sum(), at, create_graph=True)
    return base_log_prob(y) + slope.abs().log()


# %% corner: no_grad_fails
# Relies on gradients being switched on.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    at = y if y.requires_grad else y.detach().requires_grad_()
    x = inverse(at)
    (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) + slope.abs().log()


# %% corner: graph_under_no_grad
# Switches gradients on and leaves the graph in the result under no_grad.
import torch


@torch.enable_grad()
def pushforward_log_prob(y, inverse, base_log_prob):
    at = y if y.requires_grad else y.detach().requires_grad_()
    x = inverse(at)
    (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) + slope.abs().log()


# %% corner: marks_the_points
# Makes the caller's points need gradients.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.enable_grad():
        y.requires_grad_()
        x = inverse(y)
        (slope,) = torch.autograd.grad(x.sum(), y, create_graph=True)
    return base_log_prob(x) + slope.abs().log()


# %% corner: vectors_only
# Reads the slopes off a Jacobian, which for a number without an axis has no diagonal.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    flat = y.squeeze() if y.dim() == 1 else y
    shape = flat.shape
    flat = flat.reshape(shape[0], -1)[:, :].flatten() if flat.dim() else flat[None]
    jacobian = torch.autograd.functional.jacobian(inverse, flat, create_graph=True)
    slope = jacobian.diagonal().reshape(shape)
    x = inverse(flat).reshape(shape)
    return (base_log_prob(x) + slope.abs().log()).reshape(y.shape if y.dim() else (1,))


# %% right: functorch
# The derivative of a function of one number, mapped over the points.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    flat = y.reshape(-1)
    slopes = torch.func.vmap(torch.func.grad(lambda point: inverse(point)))(flat)
    value = base_log_prob(inverse(flat)) + slopes.abs().log()
    return value.reshape(y.shape)


# %% right: forward_mode
# A Jacobian-vector product with ones, in one pass.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    x, slope = torch.func.jvp(inverse, (y,), (torch.ones_like(y),))
    return base_log_prob(x) + torch.log(torch.sqrt(slope * slope))


# %% right: one_by_one
# Goes through the points one at a time.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    xs, slopes = [], []
    with torch.enable_grad():
        for point in y.reshape(-1):
            at = point if point.requires_grad else point.clone().detach().requires_grad_(True)
            x = inverse(at)
            slopes.append(torch.autograd.grad(x, at, create_graph=True)[0])
            xs.append(x)
    values = [base_log_prob(x) + abs(slope).log() for x, slope in zip(xs, slopes)]
    return torch.stack(values).reshape(y.shape)


# %% right: ones_for_outputs
# Passes ones as grad_outputs, and twice the logarithm of the square's root.
import torch


def pushforward_log_prob(y, inverse, base_log_prob):
    with torch.set_grad_enabled(True):
        points = y * 1.0 if y.requires_grad else y.clone().detach().requires_grad_()
        x = inverse(points)
        slope = torch.autograd.grad(
            outputs=x, inputs=points, grad_outputs=torch.ones_like(x), create_graph=True
        )[0]
    return torch.add(base_log_prob(x), torch.log(torch.abs(slope)))
