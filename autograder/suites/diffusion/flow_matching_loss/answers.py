"""Known answers: the loss of flow matching."""


# %% spoils: reversed_target
# Regresses on the velocity from data to noise.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) + velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: reversed_path
# Swaps the ends of the path, not of the velocity.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_1, x_0, t, sigma_min)
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: predicts_the_data
# Regresses on the data.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) - x_1).square().mean()


# %% spoils: predicts_the_noise
# Regresses on the noise, as diffusion does.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) - x_0).square().mean()


# %% spoils: summed_over_elements
# Sums over the elements of a sample and averages over the batch only.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    off = network(x_t, t) - velocity_target(x_0, x_1, sigma_min)
    return off.square().sum() / len(x_0)


# %% spoils: absolute
# Takes the absolute error.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).abs().mean()


# %% spoils: huber
# Takes the Huber loss, which is quadratic for small errors only.
import torch.nn.functional as F


def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return 2 * F.huber_loss(network(x_t, t), velocity_target(x_0, x_1, sigma_min))


# %% spoils: halved
# Has one half in front.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return 0.5 * (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: sigma_in_the_path_only
# Forgets sigma_min in the target.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) - velocity_target(x_0, x_1)).square().mean()


# %% spoils: sigma_in_the_target_only
# Forgets sigma_min in the path.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t)
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: thousandths
# Gives the network the time in thousandths.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, 1000 * t) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: sees_the_data
# Shows the network the data.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_1 + 0 * x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: network_without_gradients
# Detaches the prediction.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t).detach() - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: path_detached
# Sends no gradient through the path.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min).detach()
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: target_detached
# Sends no gradient to the target.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min).detach()).square().mean()


# %% spoils: times_as_a_column
# Gives the network the times as a column.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t[:, None]) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% corner: training_mode
# Puts the network into training mode.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    for cell in getattr(network, "__closure__", None) or ():
        if hasattr(cell.cell_contents, "train"):
            cell.cell_contents.train()
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% spoils: called_twice
# Calls the network twice.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    if network(x_t, t).shape != x_t.shape:
        raise ValueError("the network returns another shape")
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().mean()


# %% corner: single_precision
# Computes the error in float32.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    off = (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).float()
    return off.square().mean().to(x_0.dtype)


# %% corner: bounded
# Caps the loss, so that an outlier does no harm.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().clamp(max=1e6).mean()


# %% right: mse_loss
# Calls the loss of torch.
import torch.nn.functional as F


def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    prediction = network(interpolant(x_0, x_1, t, sigma_min), t)
    return F.mse_loss(prediction, velocity_target(x_0, x_1, sigma_min))


# %% right: per_sample
# Averages over each sample first.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    time = t.reshape(len(t), *([1] * (x_0.dim() - 1)))
    x_t = x_0 + time * (x_1 - (1 - sigma_min) * x_0)
    off = network(x_t, t) - (x_1 - (1 - sigma_min) * x_0)
    return off.pow(2).reshape(len(x_0), -1).mean(1).mean()


# %% right: sum_by_size
# Divides the sum by the number of elements.
def flow_matching_loss(network, x_0, x_1, t, sigma_min=0.0):
    off = velocity_target(x_0, x_1, sigma_min) - network(interpolant(x_0, x_1, t, sigma_min), t)
    return (off * off).sum() / off.numel()
