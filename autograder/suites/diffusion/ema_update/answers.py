"""Known answers: the average of weights over training."""

# %% spoils: sides_swapped
# Gives the new weights the share of the old ones.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(1 - beta).add_(now, alpha=beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: network_changed
# Writes the average into the network.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            now.mul_(1 - beta).add_(mean, alpha=beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: gamma_alone
# Takes gamma for the exponent.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** gamma if step > 1 else 0.0
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: one_step_late
# Counts steps from zero inside.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / (step + 1)) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: fixed_decay
# Uses a fixed decay after the first step.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = 0.0 if step == 1 else 0.999
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: warmed_up_decay
# Uses the course's other average, whose decay grows up to a limit.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = min(0.999, step / (9 + step))
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: plain_mean
# Takes the plain mean for every gamma.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = 1 - 1 / step
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: linear_in_gamma
# Takes the first term of the power.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = max(0.0, 1 - (gamma + 1) / step)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: exponential
# Takes the exponential that the power tends to.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = 0.0 if step == 1 else 2.718281828459045 ** (-(gamma + 1) / step)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: buffers_averaged
# Averages the buffers of floats too.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            if kept.is_floating_point():
                kept.mul_(beta).add_(now, alpha=1 - beta)
            else:
                kept.copy_(now)


# %% spoils: buffers_left
# Leaves the buffers as they were.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)


# %% spoils: frozen_left
# Leaves frozen parameters as they were.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            if now.requires_grad:
                mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: outer_modules_only
# Looks at the outermost modules only.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in (
            (p, q)
            for a, b in zip(averaged.children(), network.children())
            for p, q in zip(a.parameters(recurse=False), b.parameters(recurse=False))
        ):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: by_state_dict
# Goes through the state, where a shared parameter stands twice.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in [
            (v, network.state_dict()[k])
            for k, v in averaged.state_dict().items()
            if k in dict(averaged.named_parameters(remove_duplicate=False))
        ]:
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: first_step_left_out
# Keeps the random start in the first step.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / (step if step > 1 else 2)) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% spoils: shared_tensors
# Takes over the network's own tensors in the first step.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            if step == 1:
                mean.data = now.data
            else:
                mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% corner: new_tensors
# Puts new tensors into the parameters.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.data = beta * mean.data + (1 - beta) * now.data
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% corner: frozen_average
# Freezes the average.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    averaged.requires_grad_(False)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% corner: evaluation_mode
# Puts the average into evaluation mode.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    averaged.eval()
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% corner: network_in_evaluation_mode
# Puts the network into evaluation mode.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    network.eval()
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% corner: gradients_cleared
# Clears the gradients of the average.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    averaged.zero_grad()
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% corner: any_step
# Takes step 0 for the first one.
import torch


def ema_update(averaged, network, step, gamma):
    step = max(step, 1)
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.mul_(beta).add_(now, alpha=1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% corner: single_precision
# Averages in float32.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.copy_((beta * mean.float() + (1 - beta) * now.float()).to(mean.dtype))
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% right: lerp
# Interpolates with torch.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.lerp_(now.detach(), 1 - beta)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% right: data
# Works on the data of the parameters.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters()):
            mean.data.copy_(beta * mean.data + (1 - beta) * now.data)
        for kept, now in zip(averaged.buffers(), network.buffers()):
            kept.copy_(now)


# %% right: by_name
# Looks the names up.
import torch


@torch.no_grad()
def ema_update(averaged, network, step, gamma):
    if step <= 0:
        raise ValueError("step must be positive")
    weight = ((step - 1) / step) ** (1.0 + gamma)
    source = dict(network.named_parameters())
    for name, target in averaged.named_parameters():
        target.copy_(weight * target + (1.0 - weight) * source[name])
    source = dict(network.named_buffers())
    for name, target in averaged.named_buffers():
        target.copy_(source[name])


# %% right: by_lists
# Updates lists of tensors at once.
import torch


def ema_update(averaged, network, step, gamma):
    if step < 1:
        raise ValueError(step)
    beta = (1 - 1 / step) ** (gamma + 1)
    with torch.no_grad():
        means = list(averaged.parameters())
        if means:
            torch._foreach_lerp_(means, list(network.parameters()), 1 - beta)
        for mine, other in zip(averaged.buffers(), network.buffers()):
            mine.data.copy_(other.data)
