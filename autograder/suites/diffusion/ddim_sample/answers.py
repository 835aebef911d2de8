"""Known answers: the chain of DDIM."""


# %% spoils: ends_at_first_level
# Ends at alpha_bar[0] instead of clean data.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, alpha_bar[:1])
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: leaves_out_the_last
# Never takes the last step.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps[:-1]):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: neighbours
# Steps to the neighbouring level, though steps are skipped.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    near = torch.cat([one, alpha_bar])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in (levels[i], near[t]))
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: all_steps
# Goes over all steps below the first.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    steps = torch.arange(int(steps[0]), -1, -1, device=steps.device)
    noise = None if noise is None else noise[[0] * len(steps)]
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: reversed
# Goes through the steps in the opposite order.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    steps = steps.flip(0)
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: counts_steps
# Tells the network the number of the step in the list.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, torch.full_like(steps[:1], i).expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: later_t
# Tells the network the step that it goes to.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, steps[min(i + 1, len(steps) - 1)].expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: noise_of_first
# Uses the same noise at each step.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[0])
    return x


# %% spoils: ignores_eta
# Never adds noise.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after)
    return x


# %% spoils: from_the_start
# Asks the network about the noise of the beginning at each step.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x_T, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: asks_twice
# Asks the network twice a step.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        eps_hat = (eps_hat + network(x, t.expand(len(x)))) / 2
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: clipped
# Clips what comes out.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x.clamp(-1, 1)


# %% spoils: scalar_t
# Tells the network one t for the whole batch.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t)
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% spoils: float_t
# Tells the network a t that is no whole number.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)).to(x.dtype))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% corner: single_step
# Needs at least two steps.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    if len(steps) == 1:
        return x_T
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% corner: wants_noise
# Needs noise though eta is 0.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, noise[i])
    return x


# %% corner: one_by_one
# Asks the network about one sample after the other.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x, one = (x_T, torch.ones_like(alpha_bar[:1]))
    levels = torch.cat([alpha_bar[steps], one])
    for i, t in enumerate(steps):
        eps_hat = torch.cat([network(row[None], t[None]) for row in x])
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x


# %% right: own_step
# Writes the step out.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    x = x_T.clone()
    with torch.no_grad():
        for i in range(len(steps)):
            t = int(steps[i])
            a = alpha_bar[t]
            b = alpha_bar[int(steps[i + 1])] if i + 1 < len(steps) else torch.ones_like(a)
            e = network(x, torch.full((x.shape[0],), t, dtype=torch.long, device=x.device))
            sigma = eta * ((1 - b) / (1 - a) * (1 - a / b)).sqrt()
            x_0 = (x - (1 - a).sqrt() * e) / a.sqrt()
            x = b.sqrt() * x_0 + (1 - b - sigma**2).clamp(min=0).sqrt() * e
            if eta > 0 and i + 1 < len(steps):
                x = x + sigma * noise[i]
    return x


# %% right: numbers
# Goes by Python numbers and pairs of steps.
@torch.no_grad()
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    shares = [float(alpha_bar[t]) for t in steps.tolist()] + [1.0]
    x = x_T
    for i, t in enumerate(steps.tolist()):
        a, b = (torch.full((len(x),), share).to(x) for share in (shares[i], shares[i + 1]))
        if x.dtype == torch.float64:
            a, b = (
                torch.full((len(x),), s, dtype=x.dtype, device=x.device) for s in shares[i : i + 2]
            )
        e = network(x, torch.tensor([t] * len(x), device=x.device))
        x = ddim_step(x, e, a, b, eta, noise[i] if eta > 0 else None)
    return x


# %% right: recursion
# Takes the first step and leaves the rest to itself.
def ddim_sample(network, x_T, steps, alpha_bar, eta=0.0, noise=None):
    if len(steps) == 0:
        return x_T
    n = x_T.shape[0]
    t = steps[:1].repeat(n)
    to = alpha_bar[steps[1:2]].repeat(n) if len(steps) > 1 else torch.ones_like(alpha_bar[t])
    some = None if noise is None else noise[0]
    x = ddim_step(x_T, network(x_T, t), alpha_bar[t], to, eta, some)
    return ddim_sample(network, x, steps[1:], alpha_bar, eta, None if noise is None else noise[1:])
