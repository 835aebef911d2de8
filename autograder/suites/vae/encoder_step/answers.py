"""Known answers: The interleaved encoder step."""

# %% wrong: ascent
# Goes up the penalty.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    (-penalty).backward()
    optimizer.step()
    return penalty.item()


# %% wrong: half_batch
# Looks at half of the batch only.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x[: len(x) // 2]))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% wrong: mean_square
# Minimises the mean square of the codes instead of the moment penalty.
def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = encoder(x).pow(2).mean()
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% wrong: no_step
# Computes gradients and leaves the encoder as it is.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    return penalty.item()


# %% wrong: no_zero_grad
# Adds to the gradients that are already there.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% wrong: not_detached
# Returns the penalty with its graph, which keeps every batch in memory.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty


# %% wrong: penalty_after
# Returns the penalty after the step.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    moment_penalty(encoder(x)).backward()
    optimizer.step()
    return moment_penalty(encoder(x)).item()


# %% wrong: two_steps
# Takes two steps with one gradient.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    optimizer.step()
    return penalty.item()


# %% wrong: zero_grad_after
# Clears the gradients after its step, not those that another loss left before it.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    optimizer.zero_grad()
    return penalty.item()


# %% wrong: zero_grad_too_late
# Clears the gradients between backward and step.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.zero_grad()
    optimizer.step()
    return penalty.item()


# %% right: closure
# Hands the optimizer a closure.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    def closure():
        encoder.zero_grad()
        loss = moment_penalty(encoder(x))
        loss.backward()
        return loss

    return float(optimizer.step(closure))


# %% right: float
# Returns a Python float and names its intermediate results.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    codes = encoder(x)
    loss = moment_penalty(codes)
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% right: own_penalty
# Writes the penalty out and sets gradients by autograd.grad.
import torch


def encoder_step(encoder, optimizer, x):
    z = encoder(x)
    s, m = torch.std_mean(z, dim=0, correction=0)
    k = torch.mean((z - m) ** 4, 0) / s**4
    loss = torch.sum(m**2 + (s - 1) ** 2 + (k - 3) ** 2)
    parameters = list(encoder.parameters())
    for p, g in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        p.grad = g
    optimizer.step()
    return loss.detach().clone()
