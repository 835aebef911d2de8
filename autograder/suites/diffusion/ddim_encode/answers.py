"""Known answers: from an image to its noise."""


# %% spoils: downwards
# Goes through the steps from the first to the last.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps:
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x


# %% spoils: samples
# Runs the chain down instead of up.
def ddim_encode(network, x_0, steps, alpha_bar):
    return ddim_sample(network, x_0, steps, alpha_bar)


# %% spoils: starts_at_last_level
# Takes the image for one with the noise of the last step.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, alpha_bar[steps[-1]])
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x


# %% spoils: t_of_now
# Tells the network the step that x comes from.
def ddim_encode(network, x_0, steps, alpha_bar):
    at = steps[-1]
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, at.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here, at = there, t
    return x


# %% spoils: counts_steps
# Tells the network the number of the step in the list.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for i, t in enumerate(steps.flip(0)):
        eps_hat = network(x, torch.full_like(steps[:1], i).expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x


# %% spoils: adds_noise
# Draws x_t by the forward process, with noise of its own.
def ddim_encode(network, x_0, steps, alpha_bar):
    a = alpha_bar[steps[0]]
    eps = network(x_0, steps[0].expand(len(x_0)))
    return a.sqrt() * x_0 + (1 - a).sqrt() * eps


# %% spoils: neighbours
# Comes from the neighbouring level, though steps are skipped.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there if t == steps[0] else alpha_bar[min(int(t) + 1, len(alpha_bar) - 1)]
    return x


# %% spoils: stops_early
# Leaves out the last step up.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps[1:].flip(0) if len(steps) > 1 else steps:
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x


# %% spoils: asks_the_image
# Asks the network about the clean image at each step.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x_0, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x


# %% spoils: levels_swapped
# Swaps both levels in the step.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, there.expand(len(x)), here.expand(len(x)))
        here = there
    return x


# %% spoils: clipped
# Clips on the way.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
        x = x.clamp(-1, 1)
    return x


# %% spoils: two_evaluations
# Asks the network twice a step, to be more exact.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        guess = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        eps_hat = network(guess, t.expand(len(x)))
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x


# %% spoils: scalar_t
# Tells the network one t for the whole batch.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, t)
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x


# %% corner: single_step
# Needs at least two steps.
def ddim_encode(network, x_0, steps, alpha_bar):
    if len(steps) == 1:
        return x_0
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x


# %% corner: squeezed
# Takes axes of length 1 away.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x.squeeze()


# %% corner: unit_noise
# Normalises the noise of large images.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = (x_0, torch.ones_like(alpha_bar[0]))
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x / x.abs().amax().clamp(min=4) * 4


# %% right: variables
# Goes by x / sqrt(alpha_bar) and sigma.
@torch.no_grad()
def ddim_encode(network, x_0, steps, alpha_bar):
    y, sigma, a = x_0.clone(), torch.zeros_like(alpha_bar[0]), torch.ones_like(alpha_bar[0])
    for t in reversed(list(steps)):
        eps = network(y * a.sqrt(), t.repeat(len(y)))
        a = alpha_bar[t]
        further = ((1 - a) / a).sqrt()
        y, sigma = y + (further - sigma) * eps, further
    return y * a.sqrt()


# %% right: written_out
# Writes the step out, with levels in a list.
def ddim_encode(network, x_0, steps, alpha_bar):
    up = steps.tolist()[::-1]
    levels = [torch.ones_like(alpha_bar[0])] + [alpha_bar[t] for t in up]
    x = x_0
    for i, t in enumerate(up):
        e = network(x, torch.full((len(x),), t, device=x.device))
        clean = (x - (1 - levels[i]).sqrt() * e) / levels[i].sqrt()
        x = levels[i + 1].sqrt() * clean + (1 - levels[i + 1]).sqrt() * e
    return x


# %% right: data_and_noise
# Uses the parameterisations of before where there is noise.
def ddim_encode(network, x_0, steps, alpha_bar):
    x, here = x_0, None
    for step in range(len(steps) - 1, -1, -1):
        t = steps[step].expand(x.shape[0])
        eps = network(x, t)
        clean = x if here is None else data_and_noise(eps, x, here, "eps")[0]
        here = alpha_bar[t]
        x = per_sample(here.sqrt(), x) * clean + per_sample((1 - here).sqrt(), x) * eps
    return x
