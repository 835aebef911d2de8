"""Known answers: classifier-free guidance."""


# %% spoils: other_convention
# Uses the convention of the paper, in which w = 0 is no guidance.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return (1 + w) * with_class - w * without


# %% spoils: swapped
# Swaps both estimates.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return with_class + w * (without - with_class)


# %% spoils: from_the_class
# Starts from the estimate with the class.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return with_class + w * (with_class - without)


# %% spoils: sum
# Adds both estimates.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return without + w * (with_class + without)


# %% spoils: average
# Divides by 1 + w.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return (without + w * with_class) / (1 + w)


# %% spoils: zero_label
# Takes 0 for the null label.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.zeros_like(labels))
    return without + w * (with_class - without)


# %% spoils: fixed_label
# Takes 10 for the null label.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, 10))
    return without + w * (with_class - without)


# %% spoils: no_labels
# Calls the network without labels for the estimate without the class.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t)
    return without + w * (with_class - without)


# %% spoils: always_guided
# Ignores w.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return without + 2.5 * (with_class - without)


# %% spoils: clipped_weight
# Takes weights between 0 and 1 only.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return without + min(max(w, 0), 1) * (with_class - without)


# %% spoils: halves_mixed
# Puts the halves of the batch together in the wrong order.
def guided_eps(network, x_t, t, labels, null_label, w):
    both = torch.cat([labels, torch.full_like(labels, null_label)])
    without, with_class = network(torch.cat([x_t, x_t]), torch.cat([t, t]), both).chunk(2)
    return without + w * (with_class - without)


# %% spoils: interleaved
# Repeats samples next to each other and labels half by half.
def guided_eps(network, x_t, t, labels, null_label, w):
    both = torch.cat([labels, torch.full_like(labels, null_label)])
    doubled = x_t.repeat_interleave(2, 0), t.repeat_interleave(2)
    with_class, without = network(*doubled, both).chunk(2)
    return without + w * (with_class - without)


# %% spoils: stop_gradient
# Lets no gradient through the estimate without the class.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label)).detach()
    return without + w * (with_class - without)


# %% spoils: three_calls
# Asks the network three times.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    with_class = (with_class + network(x_t, t, labels)) / 2
    return without + w * (with_class - without)


# %% corner: no_negative
# Takes no negative weights.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return without + max(w, 0) * (with_class - without)


# %% corner: bounded
# Takes no weights beyond 20.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return without + min(w, 20) * (with_class - without)


# %% corner: squeezed
# Takes axes of length 1 away.
def guided_eps(network, x_t, t, labels, null_label, w):
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return (without + w * (with_class - without)).squeeze()


# %% right: one_batch
# Asks the network once, on both halves together.
def guided_eps(network, x_t, t, labels, null_label, w):
    both = torch.cat([labels, torch.full_like(labels, null_label)])
    with_class, without = network(torch.cat([x_t, x_t]), torch.cat([t, t]), both).chunk(2)
    return w * with_class + (1 - w) * without


# %% right: shortcuts
# Leaves out what w = 0 and w = 1 do not need.
def guided_eps(network, x_t, t, labels, null_label, w):
    nobody = torch.zeros_like(labels) + null_label
    if w == 1:
        return network(x_t, t, labels)
    if w == 0:
        return network(x_t, t, nobody)
    e, e_c = network(x_t, t, nobody), network(x_t, t, labels)
    return torch.lerp(e, e_c, float(w))


# %% right: by_drop_labels
# Drops all labels with the function of before.
def guided_eps(network, x_t, t, labels, null_label, w):
    null = drop_labels(labels, torch.ones_like(labels, dtype=torch.bool), null_label)
    e_c, e_u = (network(x_t, t, each) for each in (labels, null))
    return e_c + (w - 1) * (e_c - e_u)


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


# %% spoils: public_class_in_both_calls
# Makes the null labels, and calls the network with the class again.
import torch


def guided_eps(network, x_t, t, labels, null_label, w):
    eps_cond = network(x_t, t, labels)
    nothing = labels.clone()
    nothing[:] = null_label
    eps_uncond = network(x_t, t, labels)
    return w * eps_cond - (w - 1) * eps_uncond


# %% corner: public_network_by_names
# Calls the network with names for the arguments, which a network need not have.
import torch


def guided_eps(network, x_t, t, labels, null_label, w):
    eps_cond = network(x=x_t, t=t, labels=labels)
    eps_uncond = network(x=x_t, t=t, labels=torch.full_like(labels, null_label))
    return w * eps_cond - (w - 1) * eps_uncond
