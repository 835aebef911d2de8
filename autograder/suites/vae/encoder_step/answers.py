"""Known answers: The interleaved encoder step."""

# %% spoils: ascent
# Goes up the penalty.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    (-penalty).backward()
    optimizer.step()
    return penalty.item()


# %% spoils: half_batch
# Looks at half of the batch only.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x[: len(x) // 2]))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% spoils: mean_square
# Minimises the mean square of the codes instead of the moment penalty.
def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = encoder(x).pow(2).mean()
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% spoils: no_step
# Computes gradients and leaves the encoder as it is.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    return penalty.item()


# %% spoils: no_zero_grad
# Adds to the gradients that are already there.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% corner: not_detached
# Returns the penalty with its graph, which keeps every batch in memory.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty


# %% spoils: penalty_after
# Returns the penalty after the step.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    moment_penalty(encoder(x)).backward()
    optimizer.step()
    return moment_penalty(encoder(x)).item()


# %% spoils: two_steps
# Takes two steps with one gradient.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    optimizer.step()
    return penalty.item()


# %% spoils: zero_grad_after
# Clears the gradients after its step, not those that another loss left before it.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    optimizer.zero_grad()
    return penalty.item()


# %% spoils: zero_grad_too_late
# Clears the gradients between backward and step.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.zero_grad()
    optimizer.step()
    return penalty.item()


# %% spoils: own_optimizer
# Makes an optimizer of its own at each call.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    settings = optimizer.param_groups[0]
    descent = torch.optim.SGD(encoder.parameters(), lr=settings["lr"])
    descent.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    descent.step()
    return penalty.item()


# %% spoils: by_hand
# Moves the parameters by hand, as plain gradient descent would.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    with torch.no_grad():
        for group in optimizer.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad
    return penalty.item()


# %% spoils: eval_inside
# Puts the encoder into eval mode for the step.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    training = encoder.training
    encoder.eval()
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    encoder.train(training)
    return penalty.item()


# %% spoils: flattened_images
# Flattens images before the encoder sees them.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x.flatten(1)))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% spoils: clipped_at_one
# Clips the norm of the gradient at 1.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
    optimizer.step()
    return penalty.item()


# %% spoils: last_layer
# Moves the last layer only.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    last = [p for p in encoder.parameters() if p.requires_grad][-2:]
    for p, gradient in zip(last, torch.autograd.grad(penalty, last), strict=True):
        p.grad = gradient
    optimizer.step()
    return penalty.item()


# %% spoils: per_code
# Divides the penalty by the size of the batch.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    (penalty / len(x)).backward()
    optimizer.step()
    return penalty.item()


# %% spoils: vector_returned
# Returns a tensor of shape (1,).
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty.detach().reshape(1)


# %% corner: second_pass
# Sends the batch through the encoder once more for the number that it returns.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    with torch.no_grad():
        before = moment_penalty(encoder(x))
    optimizer.zero_grad()
    moment_penalty(encoder(x)).backward()
    optimizer.step()
    return before


# %% corner: clipped_at_a_thousand
# Clips the norm of the gradient at 1000.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    nn.utils.clip_grad_norm_(encoder.parameters(), 1000.0)
    optimizer.step()
    return penalty.item()


# %% corner: thawed
# Has every parameter of the encoder need gradients.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    encoder.requires_grad_(True)
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% corner: train_mode
# Puts the encoder into training mode and leaves it there.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    encoder.train()
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% corner: marked_input
# Marks the batch as needing gradients.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    x.requires_grad_()
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% corner: slower_and_slower
# Lowers the learning rate a little at each step.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] *= 0.9999
    return penalty.item()


# %% corner: single_precision
# Converts the batch to float32.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x.float()))
    penalty.backward()
    optimizer.step()
    return penalty.item()


# %% corner: on_the_cpu
# Moves the batch to the CPU.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x.cpu()))
    penalty.backward()
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
    parameters = [p for p in encoder.parameters() if p.requires_grad]
    for p, g in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        p.grad = g
    optimizer.step()
    return loss.detach().clone()


# %% right: gradients_of_some
# Goes backward into what needs gradients, after clearing the rest by hand.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    moving = [p for p in encoder.parameters() if p.requires_grad]
    for p in moving:
        p.grad = None
    with torch.enable_grad():
        penalty = moment_penalty(encoder(x))
        penalty.backward(inputs=moving)
    optimizer.step()
    return float(penalty.data.cpu().numpy())


# %% right: encoder_zero_grad
# Clears the gradients of the encoder, before and after.
# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    encoder.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    encoder.zero_grad()
    return penalty.detach().clone()
