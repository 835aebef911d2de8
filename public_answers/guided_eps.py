"""Known answers: guidance, after public solutions of another course's exercise, rewritten."""

# %% right: public_weights_of_both
# Translates w to the other convention, and weighs the two estimates, the one with the class first.
import torch


def guided_eps(network, x_t, t, labels, null_label, w):
    eps_cond = network(x_t, t, labels)
    nothing = torch.zeros_like(labels) + null_label
    eps_uncond = network(x_t, t, nothing)
    scale = w - 1
    return (scale + 1) * eps_cond - scale * eps_uncond


# %% right: public_one_call_for_both
# Puts both halves into one batch and splits the result.
import torch


def guided_eps(network, x_t, t, labels, null_label, w):
    both = torch.cat([labels, torch.full_like(labels, null_label)])
    eps = network(torch.cat([x_t, x_t]), torch.cat([t, t]), both)
    eps_cond, eps_uncond = eps.chunk(2, dim=0)
    return torch.lerp(eps_uncond, eps_cond, float(w))


# %% spoils: public_other_convention
# Uses the convention in which w = 0 is no guidance.
import torch


def guided_eps(network, x_t, t, labels, null_label, w):
    eps_cond = network(x_t, t, labels)
    eps_uncond = network(x_t, t, torch.full_like(labels, null_label))
    return (w + 1) * eps_cond - w * eps_uncond


# %% corner: public_labels_overwritten
# Writes the null label into the caller's labels for the second call.
import torch


def guided_eps(network, x_t, t, labels, null_label, w):
    eps_cond = network(x_t, t, labels)
    labels[:] = null_label
    return w * eps_cond - (w - 1) * network(x_t, t, labels)


# %% spoils: public_zero_for_null
# Asks for class 0 where no class is meant.
import torch


def guided_eps(network, x_t, t, labels, null_label, w):
    eps_cond = network(x_t, t, labels)
    eps_uncond = network(x_t, t, torch.zeros_like(labels))
    return eps_uncond + w * (eps_cond - eps_uncond)


# %% spoils: public_swapped
# Swaps the two estimates.
import torch


def guided_eps(network, x_t, t, labels, null_label, w):
    eps_uncond = network(x_t, t, labels)
    eps_cond = network(x_t, t, torch.full_like(labels, null_label))
    return eps_uncond + w * (eps_cond - eps_uncond)
