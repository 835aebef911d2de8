"""Known answers: the simple loss."""


# %% spoils: predicts_data
# Compares the prediction with the data.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_t, t), x_0)


# %% spoils: summed
# Sums over the numbers of a sample.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return (
        (network(x_t, t) - eps).square().flatten(1).sum(1).mean()
        if x_0.dim() > 1
        else F.mse_loss(network(x_t, t), eps)
    )


# %% spoils: absolute
# Takes absolute errors.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.l1_loss(network(x_t, t), eps)


# %% spoils: huber
# Takes the Huber loss, which agrees for small errors up to a half.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return 2 * F.smooth_l1_loss(network(x_t, t), eps)


# %% spoils: half
# Has a half in front.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return 0.5 * F.mse_loss(network(x_t, t), eps)


# %% spoils: weighted
# Has the weights of the variational bound.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return (at_t / (1 - at_t) * (network(x_t, t) - eps).square()).mean().to(x_0.dtype)


# %% spoils: clean_input
# Gives the network the clean data.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_0, t), eps)


# %% spoils: no_root
# Forgets the root before the noise.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).to(x_0.dtype) * eps
    return F.mse_loss(network(x_t, t), eps)


# %% spoils: shared_step
# Takes the first step for all samples.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t[:1].expand(len(t))].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_t, t), eps)


# %% spoils: shifted_step
# Tells the network the next step.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_t, t + 1), eps)


# %% spoils: scaled_time
# Tells the network t / T.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_t, t / len(alpha_bar)), eps)


# %% spoils: detached_prediction
# Detaches the prediction.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_t, t).detach(), eps) + 0 * (
        x_0.sum() + eps.sum() + alpha_bar.sum()
    ).to(x_0.dtype)


# %% spoils: own_noise
# Draws new noise.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_t, t), torch.randn_like(eps))


# %% spoils: new_steps
# Draws its own steps.
def simple_loss(network, x_0, t, eps, alpha_bar):
    t = torch.randint(0, len(alpha_bar), t.shape, device=t.device)
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_t, t), eps)


# %% spoils: for_each_sample
# Returns a loss for each sample.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return (network(x_t, t) - eps).square().reshape(len(x_0), -1).mean(1)


# %% spoils: called_twice
# Calls the network twice.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return ((network(x_t, t) - eps) * (network(x_t, t) - eps)).mean()


# %% spoils: float64_images
# Lets the schedule's float64 come through to the network.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt() * x_0 + (1 - at_t).sqrt() * eps
    return F.mse_loss(network(x_t, t), eps)


# %% spoils: evaluation_mode
# Puts the network into evaluation mode.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    for cell in getattr(network, "__closure__", None) or ():
        if isinstance(cell.cell_contents, nn.Module):
            cell.cell_contents.eval()
    return F.mse_loss(network(x_t, t), eps)


# %% spoils: detached_input
# Detaches x_t, which cuts the gradients of the data.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return F.mse_loss(network(x_t.detach(), t), eps)


# %% corner: capped
# Cuts the squared errors at a hundred.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return (network(x_t, t) - eps).square().clamp(max=100.0).mean()


# %% corner: images_only
# Needs an axis after the batch.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return (
        (network(x_t, t) - eps).square().flatten(1).mean(dim=tuple(range(1, 2))).mean()
        if x_0.dim() > 1
        else 1 / 0
    )


# %% right: own_forward_process
# Doesn't use q_sample.
def simple_loss(network, x_0, t, eps, alpha_bar):
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    return (eps - network(x_t, t)).pow(2).mean()


# %% right: per_sample_first
# Averages over each sample first.
def simple_loss(network, x_0, t, eps, alpha_bar):
    error = network(q_sample(x_0, t, eps, alpha_bar), t) - eps
    return error.square().reshape(len(x_0), -1).mean(dim=1).mean(dim=0)


# %% right: sum_over_count
# Divides the sum by the number of numbers.
def simple_loss(network, x_0, t, eps, alpha_bar):
    x_t = q_sample(x_0, t, eps, alpha_bar)
    error = eps - network(x_t, t)
    return torch.sum(error * error) / eps.numel()


# %% right: keyword
# Calls the criterion of torch.nn.
def simple_loss(network, x_0, t, eps, alpha_bar):
    predicted = network(q_sample(x_0=x_0, t=t, eps=eps, alpha_bar=alpha_bar), t)
    return nn.MSELoss()(predicted, target=eps)


# %% right: public_weights_of_one
# Multiplies the squared errors by weights of one, as a loss with other targets would need.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    ones = torch.ones_like(alpha_bar)[t].to(x_0.dtype).reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = q_sample(x_0, t, eps, alpha_bar)
    prediction = network(x_t, t)
    return (ones * (eps - prediction) ** 2).mean()


# %% right: public_unreduced_then_mean
# Takes the loss without a reduction, changes it in place, and averages.
import torch
from torch import nn


def simple_loss(network, x_0, t, eps, alpha_bar):
    kept = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    x_t = kept.sqrt().to(x_0.dtype) * x_0 + (1 - kept).sqrt().to(x_0.dtype) * eps
    loss = nn.MSELoss(reduction="none")(network(x_t, t), eps)
    loss *= 1.0
    return loss.mean()


# %% spoils: public_scaled_again
# Scales the data to [-1, 1], where they are already.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    x_t = q_sample(2 * x_0 - 1, t, eps, alpha_bar)
    return torch.mean((network(x_t, t) - eps) ** 2)


# %% spoils: public_weighted_by_snr
# Weights the error of the noise by the signal-to-noise ratio, which belongs to an error of the data.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    weight = (alpha_bar / (1 - alpha_bar))[t].to(x_0.dtype).reshape(-1, *[1] * (x_0.dim() - 1))
    prediction = network(q_sample(x_0, t, eps, alpha_bar), t)
    return (weight * (prediction - eps).square()).mean()


# %% spoils: public_steps_of_its_own
# Draws new steps in place of those that are handed in.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    t = torch.randint(0, len(alpha_bar), t.shape, device=t.device)
    return torch.mean((network(q_sample(x_0, t, eps, alpha_bar), t) - eps) ** 2)


# %% spoils: public_data_as_target
# Compares the prediction with the data.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    return torch.mean((network(q_sample(x_0, t, eps, alpha_bar), t) - x_0) ** 2)


# %% corner: public_network_by_names
# Calls the network with names for the arguments, which a network need not have.
import torch


def simple_loss(network, x_0, t, eps, alpha_bar):
    prediction = network(x=q_sample(x_0, t, eps, alpha_bar), t=t)
    return torch.mean((prediction - eps) ** 2)
